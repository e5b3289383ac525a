/// Reads, writes and describes the value of one option or key, by its type and limits: for algorithms' options as for
/// those of kinds and for the keys of sections.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "netem/base/kind.hpp"
#include "scenarios/src/scenario/key_text.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {

template <class Value>
inline constexpr bool is_list = false;
template <class Element>
inline constexpr bool is_list<std::vector<Element>> = true;

template <class Value>
inline constexpr bool is_optional = false;
template <class Element>
inline constexpr bool is_optional<std::optional<Element>> = true;

/// The value of `key`, or `usual` if there is none or it is wrong.
template <class Value>
Value read_value(const TomlSection& table, const std::string& key, const Value& usual, const OptionLimits& limits) {
  const auto lowest = static_cast<std::int64_t>(limits.lowest);
  const auto highest = static_cast<std::int64_t>(limits.highest);
  const NumberRange range{limits.lowest, limits.highest, limits.above_lowest};
  if constexpr (is_optional<Value>) {
    return table.has(key) ? Value(read_value(table, key, typename Value::value_type{}, limits)) : usual;
  } else if constexpr (std::is_same_v<Value, bool>) {
    return table.flag(key, usual);
  } else if constexpr (std::is_integral_v<Value>) {
    return static_cast<Value>(table.integer(key, static_cast<std::int64_t>(usual), lowest, highest));
  } else if constexpr (std::is_same_v<Value, double>) {
    return table.number(key, usual, range);
  } else if constexpr (std::is_same_v<Value, Time>) {
    return table.duration(key, usual);
  } else if constexpr (std::is_same_v<Value, BitsPerSecond>) {
    return table.rate(key, usual);
  } else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
    return table.integers(key, usual, lowest, highest);
  } else if constexpr (std::is_same_v<Value, std::vector<double>>) {
    return table.numbers(key, usual, range);
  } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
    return table.distinct_texts(key);
  } else {
    static_assert(std::is_same_v<Value, std::string>);
    if (limits.is_path) return table.file_path(key);
    return limits.choices.empty() ? table.text(key, usual) : table.choice(key, limits.choices, usual);
  }
}

/// As a scenario is written; empty for an optional without a value.
template <class Value>
std::string value_text(const Value& value) {
  if constexpr (is_optional<Value>) {
    return value ? value_text(*value) : "";
  } else if constexpr (std::is_same_v<Value, std::string>) {
    return toml_quoted(value);
  } else if constexpr (std::is_same_v<Value, Time> || std::is_same_v<Value, BitsPerSecond> ||
                       std::is_same_v<Value, std::vector<std::string>>) {
    return value_toml(value);
  } else if constexpr (is_list<Value>) {
    return fmt::format("[{}]", fmt::join(value, ", "));
  } else {
    return fmt::format("{}", value);
  }
}

/// The form of a value of this type.
template <class Value>
ValueForm form_of(const OptionLimits& limits = {}) {
  using Type = ValueForm::Type;
  if constexpr (is_optional<Value>) return form_of<typename Value::value_type>(limits);
  if constexpr (std::is_same_v<Value, bool>) return {Type::flag};
  if constexpr (std::is_same_v<Value, Time>) return {Type::duration};
  if constexpr (std::is_same_v<Value, BitsPerSecond>) return {Type::rate};
  if constexpr (std::is_same_v<Value, double>) return {Type::number, limits};
  if constexpr (std::is_same_v<Value, std::vector<double>>) return {Type::list_of_numbers, limits};
  if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) return {Type::list_of_integers, limits};
  if constexpr (std::is_same_v<Value, std::vector<std::string>>) return {Type::list_of_texts};
  if constexpr (std::is_same_v<Value, std::string>) return {limits.is_path ? Type::file : Type::text, limits};
  return {Type::integer, limits};
}

}  // namespace tardigrad
