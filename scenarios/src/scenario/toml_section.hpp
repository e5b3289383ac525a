/// Reads a table of a scenario file key by key and notes the first mistake.
///
/// Nothing here stops at a mistake: the reader goes on with the default value, and the result is dropped in the
/// end. So the code that reads a scenario is a plain list of its keys.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

/// Sources whose name begins so are overrides from the command line: they have no line or column.
inline constexpr std::string_view kOverridePrefix = "--set ";

/// toml++ walks down dotted keys by recursion: the line of a key too deep for that, or 0.
std::size_t line_of_endless_key(std::string_view text);

/// The first mistake that was found, as one line.
class FirstMistake {
 public:
  /// Says where a key of that name may stand; empty if nowhere.
  using Places = std::string (*)(const std::string& key);

  explicit FirstMistake(Places places) : places_(places) {}

  std::string places_of(const std::string& key) const { return places_(key); }
  void note(const std::string& where, const std::string& what);
  bool found() const { return !line_.empty(); }
  const std::string& line() const { return line_; }

 private:
  Places places_;
  std::string line_;
};

/// Replaces control characters, so that the result is one line whatever the user typed.
std::string one_line(std::string text);
/// The text as a basic string of TOML, quotes included.
std::string toml_quoted(std::string_view text);

struct NumberRange {
  double lowest = 0;
  double highest = std::numeric_limits<double>::infinity();
  bool above_lowest = false;  ///< the lowest is itself too low
};

class TomlSection {
 public:
  /// `path` is the table's key, "" for the whole file. Table and mistake outlive the section.
  TomlSection(const toml::table& table, std::string path, const std::string& file, FirstMistake& mistake);

  bool has(std::string_view key) const { return table_->contains(key); }
  bool is_text(std::string_view key) const;
  bool is_table(std::string_view key) const { return has(key) && get(key)->is_table(); }
  bool is_list(std::string_view key) const { return has(key) && get(key)->is_array(); }
  /// True if any section has noted a mistake so far.
  bool has_mistake() const { return mistake_->found(); }
  /// True if the value comes from the command line.
  bool is_overridden(std::string_view key) const;

  /// Complains about every other key. `owner` names the owner of the keys, if it is not the table.
  void allow(const std::vector<std::string>& keys, const std::string& owner = "") const;
  /// `example` is a possible value.
  void require(const std::string& key, const std::string& example) const;

  /// Each returns `usual` if the key is absent or its value is wrong.
  bool flag(const std::string& key, bool usual) const;
  std::int64_t integer(const std::string& key, std::int64_t usual, std::int64_t lowest, std::int64_t highest) const;
  double number(const std::string& key, double usual, NumberRange range) const;
  /// At least one; repetitions are allowed.
  std::vector<std::int64_t> integers(const std::string& key, const std::vector<std::int64_t>& usual,
                                     std::int64_t lowest, std::int64_t highest) const;
  std::vector<double> numbers(const std::string& key, const std::vector<double>& usual, NumberRange range) const;
  std::string text(const std::string& key, const std::string& usual) const;
  /// One of `names`.
  std::string choice(const std::string& key, const std::vector<std::string>& names, const std::string& usual) const;
  Time duration(const std::string& key, Time usual, bool zero_allowed = false) const;
  BitsPerSecond rate(const std::string& key, BitsPerSecond usual, bool zero_allowed = false) const;
  /// At least one, no two the same, from 0 to `highest`. Empty if the key is absent or wrong.
  std::vector<std::int64_t> distinct_integers(const std::string& key, std::int64_t highest) const;
  /// The same for texts, none of them empty.
  std::vector<std::string> distinct_texts(const std::string& key) const;
  /// The same for ordered pairs of two different integers.
  std::vector<std::pair<std::int64_t, std::int64_t>> distinct_pairs(const std::string& key, std::int64_t highest) const;
  /// Absolute; in the file it is relative to the file's folder, in an override to the working directory. Empty
  /// if the key is absent or wrong.
  std::string file_path(const std::string& key) const;

  /// An empty section if the key is absent or its value is no table.
  TomlSection section(const std::string& key) const;
  /// An empty section in the key's place.
  TomlSection empty_section(const std::string& key) const;
  /// The [[key]] tables.
  std::vector<TomlSection> sections(const std::string& key) const;

  /// Notes a mistake at the key's value, or at the table if the key is absent.
  void complain(const std::string& key, const std::string& what) const;
  /// "file:line:column" of the key's value, or of the table if the key is absent.
  std::string where(const std::string& key) const;
  const std::string& where() const { return where_; }

 private:
  const toml::node* get(std::string_view key) const { return table_->get(key); }
  TomlSection child(const toml::table& table, std::string path) const;
  std::string path_of(std::string_view key) const;
  std::string where(const toml::source_region& source) const;
  void expected(const std::string& key, const std::string& what) const;

  const toml::table* table_;
  std::string path_;
  std::string file_;
  std::string where_;
  FirstMistake* mistake_;
};

}  // namespace tardigrad
