#include "scenarios/src/scenario/scenario_override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "netem/base/text_parts.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/scenario/toml_section.hpp"

namespace tardigrad {
namespace {

std::optional<toml::table> parse(const std::string& text, const std::string& label) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  const std::string as_text = text.substr(0, equals) + "=" + toml_quoted(trimmed(text.substr(equals + 1)));
  for (const std::string& line : {text, as_text}) {
    try {
      return toml::parse(line, std::string_view(label));
    } catch (const toml::parse_error&) {
      continue;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> as_index(std::string_view key) {
  std::size_t index = 0;
  const auto [end, status] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (status != std::errc() || end != key.data() + key.size()) return std::nullopt;
  return index;
}

/// A table that only leads to a deeper key, as opposed to one that is itself the value.
toml::table* as_path(toml::node& node) {
  toml::table* table = node.as_table();
  return table && !table->is_inline() ? table : nullptr;
}

/// model = { torchscript = "my_model.pt" } names its kind by such a key, and by no other one.
constexpr std::array kKindKeys = {"kind", "torchscript", "python"};

bool says_kind_by_option(const toml::table& table) {
  return std::any_of(kKindKeys.begin() + 1, kKindKeys.end(), [&](const char* key) { return table.contains(key); });
}

/// Removes the file's kind of a value if the change names a kind in another way.
void let_kind_go(toml::node& old, const toml::table& change) {
  toml::table* table = old.as_table();
  const auto is_named = [&](const char* key) { return change.contains(key); };
  if (!table || std::none_of(kKindKeys.begin(), kKindKeys.end(), is_named)) return;
  for (const char* key : kKindKeys) {
    if (!is_named(key)) table->erase(key);
  }
}

/// The file's value may be a quantity where a kind could stand, as latency = "2ms".
std::string objection_to_parts(const toml::node& old, const toml::table& change, const std::string& path) {
  const std::string text = old.value_or(std::string());
  const std::string key = path.substr(path.rfind('.') + 1);
  const bool is_quantity = !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
  if (!is_quantity || !has_kinds(key) || change.contains("kind")) return {};
  return fmt::format("{} is \"{}\", which has no '{}': expected for example --set '{}={{ kind = ..., {} = ... }}'",
                     path, text, change.begin()->first.str(), path, change.begin()->first.str());
}

std::string merge_into_table(toml::table& into, toml::table& changes, const std::string& path);

/// How many of the tables have this text as that key, and the place of the first.
std::pair<std::size_t, std::size_t> find_tables(const toml::array& tables, const char* key, std::string_view text) {
  std::pair<std::size_t, std::size_t> found{0, 0};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const toml::table* table = tables[i].as_table();
    const auto* value = table ? table->get_as<std::string>(key) : nullptr;
    if (value && value->get() == text && found.first++ == 0) found.second = i;
  }
  return found;
}

/// An element is known by its index, or by a name or kind that no other one has.
std::optional<std::size_t> element_of(const toml::array& array, std::string_view key) {
  if (const auto index = as_index(key)) return index;
  for (const char* naming : {"name", "kind"}) {
    const auto [times, place] = find_tables(array, naming, key);
    if (times > 0) return times == 1 ? std::optional(place) : std::nullopt;
  }
  return std::nullopt;
}

std::string no_such_element(const toml::array& array, const std::string& path, std::string_view key) {
  const std::size_t times = find_tables(array, "kind", key).first;
  if (times > 1) {
    return fmt::format("{} of {} are of kind {}: expected an index after '{}', or the name of one", times, path, key,
                       path);
  }
  const bool has_names = !array.empty() && array[0].is_table() && array[0].as_table()->contains("kind");
  return fmt::format("there is no {0}.{1}: expected an index from 0 to {2}{3} after '{0}'", path, key, array.size(),
                     has_names ? ", or the name or kind of one," : "");
}

std::string merge_into_array(toml::array& into, toml::table& changes, const std::string& path) {
  for (auto&& [key, change] : changes) {
    const auto index = element_of(into, key.str());
    if (!index || *index > into.size()) return no_such_element(into, path, key.str());
    const std::string element_path = fmt::format("{}.{}", path, *index);
    if (*index == into.size() && as_path(change)) into.push_back(toml::table());
    if (*index == into.size()) {
      change.visit([&](auto& value) { into.push_back(std::move(value)); });
    } else if (toml::table* table = into[*index].as_table(); table && as_path(change)) {
      if (auto error = merge_into_table(*table, *as_path(change), element_path); !error.empty()) return error;
    } else {
      const auto place = into.cbegin() + static_cast<std::ptrdiff_t>(*index);
      change.visit([&](auto& value) { into.replace(place, std::move(value)); });
    }
  }
  return {};
}

std::string merge_into_table(toml::table& into, toml::table& changes, const std::string& path) {
  for (auto&& [key, change] : changes) {
    const std::string key_path = path.empty() ? std::string(key.str()) : fmt::format("{}.{}", path, key.str());
    toml::table* deeper = as_path(change);
    const bool numbered = deeper && !deeper->empty() && as_index(deeper->begin()->first.str());
    if (deeper && !into.contains(key)) {
      if (numbered) {
        into.insert(key, toml::array());
      } else {
        into.insert(key, toml::table());
      }
    }
    toml::node* old = into.get(key);
    if (deeper && old) let_kind_go(*old, *deeper);
    std::string error = deeper && old ? objection_to_parts(*old, *deeper, key_path) : "";
    if (!error.empty()) return error;
    if (deeper && old && old->is_array()) {
      error = merge_into_array(*old->as_array(), *deeper, key_path);
    } else if (deeper && old && old->is_table()) {
      error = merge_into_table(*old->as_table(), *deeper, key_path);
    } else {
      // A text stands for a table of that kind.
      const bool says_kind = deeper && says_kind_by_option(*deeper);
      if (deeper && old && old->is_string() && !says_kind) deeper->insert("kind", std::move(*old->as_string()));
      change.visit([&](auto& value) { into.insert_or_assign(key, std::move(value)); });
    }
    if (!error.empty()) return error;
  }
  return {};
}

}  // namespace

std::string apply_override(toml::table& root, const std::string& text) {
  const std::string label = std::string(kOverridePrefix) + text;
  if (line_of_endless_key(text) > 0) return one_line(label.substr(0, 60) + "...: a key of too many parts");
  auto changes = parse(text, label);
  if (!changes || changes->empty()) {
    return one_line(label + ": expected KEY=VALUE, such as network.uplink=30Mbps");
  }
  const std::string error = merge_into_table(root, *changes, "");
  return error.empty() ? "" : one_line(label + ": " + error);
}

}  // namespace tardigrad
