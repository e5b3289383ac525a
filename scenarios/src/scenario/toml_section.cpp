#include "scenarios/src/scenario/toml_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>

#include "models/printable.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

/// The value as the user wrote it, cut to a length that fits into a line.
std::string shown(const toml::node& node) {
  constexpr std::size_t longest = 60;
  if (const auto* text = node.as_string()) {
    return fmt::format("\"{}\"", printable(text->get(), longest));
  }
  if (const auto* integer = node.as_integer()) return fmt::format("{}", integer->get());
  if (const auto* number = node.as_floating_point()) {
    const std::string value = fmt::format("{}", number->get());
    return value.find_first_of(".en") == std::string::npos ? value + ".0" : value;
  }
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_array_of_tables()) return "a list of tables";
  if (node.is_array()) return node.as_array()->empty() ? "an empty list" : "a list";
  return node.is_table() ? "a table" : "a date or time";
}

std::string described(const NumberRange& range) {
  const bool bounded = std::isfinite(range.highest);
  if (range.above_lowest && bounded) {
    return fmt::format("a number greater than {} and at most {}", range.lowest, range.highest);
  }
  if (range.above_lowest) return fmt::format("a number greater than {}", range.lowest);
  if (bounded) return fmt::format("a number from {} to {}", range.lowest, range.highest);
  return fmt::format("a number of at least {}", range.lowest);
}

/// Adding zero turns -0 into 0, which is written differently.
double number_of(const toml::node& node) {
  return node.is_integer() ? static_cast<double>(node.as_integer()->get()) : node.as_floating_point()->get() + 0.0;
}

bool contains(const NumberRange& range, double value) {
  const bool high_enough = range.above_lowest ? value > range.lowest : value >= range.lowest;
  return std::isfinite(value) && high_enough && value <= range.highest;
}

const toml::table& no_table() {
  static const toml::table empty;
  return empty;
}

/// "; did you mean 'latency' in [network] (half of it: one way)?".
std::string did_you_mean(const MeantKey& key, const std::string& place) {
  return fmt::format("; did you mean '{}'{}{}?", key.name, place.empty() ? "" : " in " + place,
                     key.remark.empty() ? "" : fmt::format(" ({})", key.remark));
}

}  // namespace

std::size_t line_of_endless_key(std::string_view text) {
  constexpr int most_dots = 2000;
  std::size_t line = 1;
  int dots = 0;
  for (const char c : text) {
    if (c == '\n') ++line;
    if (c == '\n' || c == '=' || c == ',' || c == '{') dots = 0;
    if (c == '.' && ++dots > most_dots) return line;
  }
  return 0;
}

void Mistakes::note(const Place& place, const std::string& what) {
  const auto is_there = [&](const Mistake& mistake) {
    return !mistake.is_of_missing && mistake.place.text == place.text;
  };
  if (std::none_of(found_.begin(), found_.end(), is_there)) found_.push_back({place, what});
}

void Mistakes::note_unknown(const Place& table, const Place& key, const std::string& what) {
  with_unknown_.insert(table.text);
  note(key, what);
}

void Mistakes::note_missing(const Place& table, const std::string& what) {
  if (with_unknown_.count(table.text) == 0) found_.push_back({table, what, true});
}

std::string Mistakes::line_of(const Mistake& mistake) { return one_line(mistake.place.text + ": " + mistake.what); }

std::vector<std::string> Mistakes::lines() const {
  std::vector<Mistake> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Mistake& one, const Mistake& other) { return one.place.at < other.place.at; });
  std::vector<std::string> lines;
  for (const Mistake& mistake : sorted) lines.push_back(line_of(mistake));
  return lines;
}

std::string one_line(const std::string& text) { return printable(text, kLongestComplaint); }

std::string toml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (is_control(c)) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

TomlSection::TomlSection(const toml::table& table, std::string path, const std::string& file, Mistakes& mistakes)
    : table_(&table), path_(std::move(path)), file_(file), place_{file}, mistakes_(&mistakes) {
  place_ = place(table.source());
}

bool TomlSection::is_text(std::string_view key) const { return has(key) && get(key)->is_string(); }

std::vector<std::string> TomlSection::keys() const {
  std::vector<std::string> all;
  for (const auto& [key, value] : *table_) all.emplace_back(key.str());
  return all;
}

bool TomlSection::is_overridden(std::string_view key) const {
  return has(key) && get(key)->source().path && get(key)->source().path->rfind(kOverridePrefix, 0) == 0;
}

void TomlSection::allow(const std::vector<std::string>& keys, const std::string& owner) const {
  for (const auto& [key, value] : *table_) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
    const std::string whose = !owner.empty() ? " " + owner : path_.empty() ? "" : " in [" + path_ + "]";
    mistakes_->note_unknown(place_, place(key.source()),
                            fmt::format("unknown key '{}'{}: expected {}{}", printable(key.str()), whose, listed(keys),
                                        hint_at(std::string(key.str()), keys)));
  }
}

/// The key that is meant, by the first of these that holds: one slip away from a name of this section, called so by
/// other tools, with its place elsewhere, called so elsewhere, or the nearest name here.
std::string TomlSection::hint_at(const std::string& unknown, const std::vector<std::string>& keys) const {
  const bool is_slip = edit_distance(unknown, nearest_name(unknown, keys)) == 1;
  if (is_slip) return did_you_mean(unknown, keys);
  const std::vector<MeantKey> meant = mistakes_->meant_by(unknown);
  const auto own = std::find_if(meant.begin(), meant.end(), [&](const MeantKey& key) {
    return std::find(keys.begin(), keys.end(), key.name) != keys.end();
  });
  if (own != meant.end()) return did_you_mean(*own, "");
  const std::string home = mistakes_->places_of(unknown);
  if (!home.empty()) return fmt::format("; '{}' has its place in {}", unknown, home);
  return meant.empty() ? did_you_mean(unknown, keys) : did_you_mean(meant.front(), meant.front().place);
}

void TomlSection::require(const std::string& key, const std::string& example) const {
  if (has(key) || is_stand_in_) return;
  const std::string whose = path_.empty() ? "" : " in [" + path_ + "]";
  mistakes_->note_missing(place_, fmt::format("missing key '{}'{}: expected for example {}", key, whose, example));
}

bool TomlSection::flag(const std::string& key, bool usual) const {
  if (!has(key)) return usual;
  if (const auto* value = get(key)->as_boolean()) return value->get();
  expected(key, "true or false");
  return usual;
}

std::int64_t TomlSection::integer(const std::string& key, std::int64_t usual, std::int64_t lowest,
                                  std::int64_t highest) const {
  if (!has(key)) return usual;
  const auto* value = get(key)->as_integer();
  if (value && value->get() >= lowest && value->get() <= highest) return value->get();
  expected(key, fmt::format("an integer from {} to {}", lowest, highest));
  return usual;
}

double TomlSection::number(const std::string& key, double usual, NumberRange range) const {
  if (!has(key)) return usual;
  const toml::node& node = *get(key);
  if (node.is_number() && contains(range, number_of(node))) return number_of(node);
  expected(key, described(range));
  return usual;
}

std::vector<std::int64_t> TomlSection::integers(const std::string& key, const std::vector<std::int64_t>& usual,
                                                std::int64_t lowest, std::int64_t highest) const {
  if (!has(key)) return usual;
  const auto* array = get(key)->as_array();
  if (!array || array->empty()) {
    expected(key, "a list of one integer or more, such as [256, 128]");
    return usual;
  }
  std::vector<std::int64_t> integers;
  for (const toml::node& element : *array) {
    const auto* integer = element.as_integer();
    if (!integer || integer->get() < lowest || integer->get() > highest) {
      mistakes_->note(place(element.source()), fmt::format("{}: expected integers from {} to {}, got {}", path_of(key),
                                                           lowest, highest, shown(element)));
      return usual;
    }
    integers.push_back(integer->get());
  }
  return integers;
}

std::vector<double> TomlSection::numbers(const std::string& key, const std::vector<double>& usual,
                                         NumberRange range) const {
  if (!has(key)) return usual;
  const auto* array = get(key)->as_array();
  if (!array || array->empty()) {
    expected(key, "a list of one number or more, such as [0.1, 0.5]");
    return usual;
  }
  std::vector<double> numbers;
  for (const toml::node& element : *array) {
    if (!element.is_number() || !contains(range, number_of(element))) {
      mistakes_->note(place(element.source()), fmt::format("{}: expected {} in the list, got {}", path_of(key),
                                                           described(range), shown(element)));
      return usual;
    }
    numbers.push_back(number_of(element));
  }
  return numbers;
}

std::string TomlSection::text(const std::string& key, const std::string& usual) const {
  if (!has(key)) return usual;
  if (const auto* value = get(key)->as_string()) return value->get();
  expected(key, "a text in quotes");
  return usual;
}

std::string TomlSection::choice(const std::string& key, const std::vector<std::string>& names,
                                const std::string& usual) const {
  if (!has(key)) return usual;
  const auto* value = get(key)->as_string();
  if (value && std::find(names.begin(), names.end(), value->get()) != names.end()) return value->get();
  reject(key, fmt::format("expected {}, got {}{}", listed(names), shown(*get(key)),
                          value ? did_you_mean(value->get(), names) : ""));
  return usual;
}

Time TomlSection::duration(const std::string& key, Time usual, bool zero_allowed) const {
  if (!has(key)) return usual;
  const auto* value = get(key)->as_string();
  if (!value) {
    expected(key, "a duration such as \"2ms\"");
    return usual;
  }
  const auto parsed = parse_duration(value->get());
  if (!parsed.value) {
    reject(key, parsed.error);
  } else if (!zero_allowed && *parsed.value == Time::zero()) {
    expected(key, "a duration greater than 0");
  }
  return parsed.value.value_or(usual);
}

BitsPerSecond TomlSection::rate(const std::string& key, BitsPerSecond usual, bool zero_allowed) const {
  if (!has(key)) return usual;
  const auto* value = get(key)->as_string();
  if (!value) {
    expected(key, "a rate such as \"60Mbps\"");
    return usual;
  }
  const auto parsed = parse_rate(value->get());
  if (!parsed.value) {
    reject(key, parsed.error);
  } else if (parsed.value->value < 1 && !(zero_allowed && parsed.value->value == 0)) {
    expected(key, "a rate of at least 1bps");
  }
  return parsed.value.value_or(usual);
}

std::vector<std::int64_t> TomlSection::distinct_integers(const std::string& key, std::int64_t highest) const {
  if (!has(key)) return {};
  const auto* array = get(key)->as_array();
  if (!array || array->empty()) {
    expected(key, "a list of one integer or more, such as [0, 3]");
    return {};
  }
  std::vector<std::int64_t> integers;
  for (const toml::node& element : *array) {
    const auto* integer = element.as_integer();
    if (!integer || integer->get() < 0 || integer->get() > highest) {
      mistakes_->note(place(element.source()),
                      fmt::format("{}: expected integers from 0 to {}, got {}", path_of(key), highest, shown(element)));
      return {};
    }
    integers.push_back(integer->get());
  }
  std::vector<std::int64_t> sorted = integers;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end()) reject(key, fmt::format("expected each integer once, got {} twice", *twice));
  return integers;
}

std::vector<std::string> TomlSection::distinct_texts(const std::string& key) const {
  if (!has(key)) return {};
  const auto* array = get(key)->as_array();
  if (!array || array->empty()) {
    expected(key, "a list of one text or more, such as [\"tokyo\", \"ohio\"]");
    return {};
  }
  std::vector<std::string> texts;
  for (const toml::node& element : *array) {
    const auto* text = element.as_string();
    if (!text || text->get().empty()) {
      mistakes_->note(place(element.source()),
                      fmt::format("{}: expected texts in quotes, got {}", path_of(key), shown(element)));
      return {};
    }
    if (std::find(texts.begin(), texts.end(), text->get()) != texts.end()) {
      mistakes_->note(place(element.source()),
                      fmt::format("{}: expected each text once, got {} twice", path_of(key), shown(element)));
    }
    texts.push_back(text->get());
  }
  return texts;
}

std::vector<std::pair<std::int64_t, std::int64_t>> TomlSection::distinct_pairs(const std::string& key,
                                                                               std::int64_t highest) const {
  if (!has(key)) return {};
  const auto* array = get(key)->as_array();
  if (!array || array->empty()) {
    expected(key, "a list of one pair or more, such as [[0, 3], [3, 0]]");
    return {};
  }
  std::set<std::pair<std::int64_t, std::int64_t>> known;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  for (const toml::node& element : *array) {
    const auto complain_of = [&](const std::string& what) {
      mistakes_->note(place(element.source()), path_of(key) + ": " + what);
    };
    const toml::array* ends = element.as_array();
    const bool is_pair = ends && ends->size() == 2 && ends->get(0)->is_integer() && ends->get(1)->is_integer();
    if (!is_pair) {
      complain_of(fmt::format("expected pairs of integers such as [0, 3], got {}", shown(element)));
      return {};
    }
    const std::pair pair(ends->get(0)->as_integer()->get(), ends->get(1)->as_integer()->get());
    const auto [low, high] = std::minmax(pair.first, pair.second);
    if (low < 0 || high > highest || low == high) {
      complain_of(fmt::format("expected pairs of two different integers from 0 to {}, got [{}, {}]", highest,
                              pair.first, pair.second));
      return {};
    }
    if (!known.insert(pair).second) {
      complain_of(fmt::format("expected each pair once, got [{}, {}] twice", pair.first, pair.second));
    }
    pairs.push_back(pair);
  }
  return pairs;
}

std::string TomlSection::file_path(const std::string& key) const {
  const std::string value = text(key, "");
  if (!has(key) || value.empty() || value.find('\0') != std::string::npos) {
    if (is_text(key)) expected(key, "the path of a file or folder");
    return {};
  }
  const std::filesystem::path folder = is_overridden(key) ? "" : std::filesystem::path(file_).parent_path();
  std::error_code failure;
  const auto absolute = std::filesystem::absolute(folder / value, failure);
  if (failure) reject(key, "the working directory cannot be found: " + failure.message());
  return absolute.lexically_normal().string();
}

TomlSection TomlSection::section(const std::string& key, const std::string& what) const {
  const toml::node* node = get(key);
  if (node && node->is_table()) return child(*node->as_table(), path_of(key));
  TomlSection stand_in = empty_section(key);
  stand_in.is_stand_in_ = node != nullptr;
  if (node) expected(key, what);
  return stand_in;
}

TomlSection TomlSection::child(const toml::table& table, std::string path) const {
  TomlSection section(table, std::move(path), file_, *mistakes_);
  // A table that an override has made is in no file.
  if (!table.source().path) section.place_ = place_;
  return section;
}

TomlSection TomlSection::empty_section(const std::string& key) const {
  TomlSection empty = child(no_table(), path_of(key));
  empty.place_ = place(key);
  return empty;
}

std::vector<TomlSection> TomlSection::sections(const std::string& key) const {
  std::vector<TomlSection> all;
  if (!has(key)) return all;
  const auto* array = get(key)->as_array();
  if (!array || (!array->empty() && !array->is_array_of_tables())) {
    expected(key, fmt::format("[[{}]] tables", path_of(key)));
    return all;
  }
  for (const toml::node& element : *array) {
    all.push_back(child(*element.as_table(), fmt::format("{}.{}", path_of(key), all.size())));
  }
  return all;
}

void TomlSection::lack(const std::string& key, const std::string& what) const {
  mistakes_->note_missing(place_, path_of(key) + ": " + what);
}

void TomlSection::reject(const std::string& key, const std::string& what) const {
  mistakes_->note(place(key), path_of(key) + ": " + what);
}

void TomlSection::complain(const std::string& key, const std::string& what) const {
  if (!has_mistake()) reject(key, what);
}

std::string TomlSection::where(const std::string& key) const { return place(key).text; }

Place TomlSection::place(const std::string& key) const { return has(key) ? place(get(key)->source()) : place_; }

std::string TomlSection::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

Place TomlSection::place(const toml::source_region& source) const {
  if (!source.path || !source.begin) return place_;
  if (source.path->rfind(kOverridePrefix, 0) == 0) return {*source.path};
  return {fmt::format("{}:{}:{}", file_, source.begin.line, source.begin.column), source.begin};
}

void TomlSection::expected(const std::string& key, const std::string& what) const {
  reject(key, fmt::format("expected {}, got {}", what, shown(*get(key))));
}

}  // namespace tardigrad
