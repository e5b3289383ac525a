/// Reads a table of a scenario file key by key and notes its mistakes.
///
/// Nothing here stops at a mistake: the reader goes on with the default value, and the result is dropped in the
/// end. So the code that reads a scenario is a plain list of its keys.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "netem/base/units.hpp"
#include "scenarios/src/scenario/key_text.hpp"

namespace tardigrad {

/// Sources whose name begins so are overrides from the command line: they have no line or column.
inline constexpr std::string_view kOverridePrefix = "--set ";

/// toml++ walks down dotted keys by recursion: the line of a key too deep for that, or 0.
std::size_t line_of_endless_key(std::string_view text);

/// Where something stands: "file:line:column" or "--set key=value", and line and column to sort by.
struct Place {
  std::string text;
  toml::source_position at{};
};

/// The mistakes that were found, a line each; of one value only the first.
class Mistakes {
 public:
  /// Says where a key of that name may stand; empty if nowhere.
  using Places = std::string (*)(const std::string& key);

  /// The keys that other tools call so.
  using Meant = std::vector<MeantKey> (*)(const std::string& synonym);

  explicit Mistakes(Places places, Meant meant = nullptr) : places_(places), meant_(meant) {}

  std::string places_of(const std::string& key) const { return places_(key); }
  std::vector<MeantKey> meant_by(const std::string& key) const {
    return meant_ ? meant_(key) : std::vector<MeantKey>();
  }
  void note(const Place& place, const std::string& what);
  /// The same of a key that is none of its table.
  void note_unknown(const Place& table, const Place& key, const std::string& what);
  /// The same of a key that its table lacks, as it may lack several; but one that is unknown there may be meant by it.
  void note_missing(const Place& table, const std::string& what);
  std::size_t count() const { return found_.size(); }
  /// The one that was found first; there must be one.
  std::string first_line() const { return line_of(found_.front()); }
  /// In the order of the file; those of overrides come first, which have no line.
  std::vector<std::string> lines() const;

 private:
  struct Mistake {
    Place place;
    std::string what;
    bool is_of_missing = false;
  };

  static std::string line_of(const Mistake& mistake);

  Places places_;
  Meant meant_;
  std::vector<Mistake> found_;
  std::set<std::string> with_unknown_;  ///< tables, by their places
};

/// Fit for one line of a terminal, whatever the user typed.
std::string one_line(const std::string& text);
/// The text as a basic string of TOML, quotes included.
std::string toml_quoted(std::string_view text);

struct NumberRange {
  double lowest = 0;
  double highest = std::numeric_limits<double>::infinity();
  bool above_lowest = false;  ///< the lowest is itself too low
};

class TomlSection {
 public:
  /// `path` is the table's key, "" for the whole file. Table and mistakes outlive the section.
  TomlSection(const toml::table& table, std::string path, const std::string& file, Mistakes& mistakes);

  bool has(std::string_view key) const { return table_->contains(key); }
  bool is_text(std::string_view key) const;
  bool is_flag(std::string_view key) const { return has(key) && get(key)->is_boolean(); }
  bool is_integer(std::string_view key) const { return has(key) && get(key)->is_integer(); }
  bool is_table(std::string_view key) const { return has(key) && get(key)->is_table(); }
  bool is_list(std::string_view key) const { return has(key) && get(key)->is_array(); }
  std::vector<std::string> keys() const;
  /// Those that all sections have noted so far.
  std::size_t mistakes() const { return mistakes_->count(); }
  bool has_mistake() const { return mistakes() > 0; }
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

  /// An empty section if the key is absent or its value is no table, `what` was expected.
  TomlSection section(const std::string& key, const std::string& what = "a table") const;
  /// An empty section in the key's place.
  TomlSection empty_section(const std::string& key) const;
  /// The [[key]] tables.
  std::vector<TomlSection> sections(const std::string& key) const;

  /// Notes at the table that the key is missing.
  void lack(const std::string& key, const std::string& what) const;
  /// Notes a mistake at the key's value, or at the table if the key is absent: of a value that is wrong whatever else
  /// the file says.
  void reject(const std::string& key, const std::string& what) const;
  /// The same of values that are wrong together: only while there is no other mistake, from which it might follow.
  void complain(const std::string& key, const std::string& what) const;
  /// "file:line:column" of the key's value, or of the table if the key is absent.
  std::string where(const std::string& key) const;
  const std::string& where() const { return place_.text; }

 private:
  const toml::node* get(std::string_view key) const { return table_->get(key); }
  TomlSection child(const toml::table& table, std::string path) const;
  std::string path_of(std::string_view key) const;
  Place place(const toml::source_region& source) const;
  Place place(const std::string& key) const;
  void expected(const std::string& key, const std::string& what) const;
  std::string hint_at(const std::string& unknown, const std::vector<std::string>& keys) const;

  const toml::table* table_;
  std::string path_;
  std::string file_;
  Place place_;
  Mistakes* mistakes_;
  bool is_stand_in_ = false;  ///< for a value that should be a table, which has been said
};

}  // namespace tardigrad
