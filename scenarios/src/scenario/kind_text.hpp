/// Reads, writes and lists what a scenario chooses by name, as its descriptors say (netem/base/kind.hpp).
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "netem/base/kind.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"
#include "scenarios/src/text/text_columns.hpp"

namespace tardigrad {

namespace detail {

/// The value of one option; `of_its_kind` reads a whole Spec in its place.
template <class Spec, class OfItsKind>
void read_option(const TomlSection& table, const KindOption<Spec>& option, Spec& spec, const OfItsKind& of_its_kind) {
  if (!option.example.empty()) table.require(option.name, option.example);
  std::visit(
      [&](auto member) {
        auto& value = spec.*member;
        using Value = std::decay_t<decltype(value)>;
        const std::string& key = option.name;
        if constexpr (std::is_same_v<Value, bool>) {
          value = table.flag(key, value);
        } else if constexpr (std::is_integral_v<Value>) {
          value = static_cast<Value>(table.integer(key, static_cast<std::int64_t>(value),
                                                   static_cast<std::int64_t>(option.lowest),
                                                   static_cast<std::int64_t>(option.highest)));
        } else if constexpr (std::is_same_v<Value, double>) {
          value = table.number(key, value, {option.lowest, option.highest, option.above_lowest});
        } else if constexpr (std::is_same_v<Value, Time>) {
          value = table.duration(key, value);
        } else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
          value = table.integers(key, value, static_cast<std::int64_t>(option.lowest),
                                 static_cast<std::int64_t>(option.highest));
        } else if constexpr (std::is_same_v<Value, std::string>) {
          value = option.is_path           ? table.file_path(key)
                  : option.choices.empty() ? table.text(key, value)
                                           : table.choice(key, option.choices, value);
        } else {
          value = std::make_shared<const Spec>(of_its_kind(table, key));
        }
      },
      option.member);
}

template <class Spec>
std::string value_text(const KindOption<Spec>& option, const Spec& spec, const std::string& nested) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = spec.*member;
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return toml_quoted(value);
        } else if constexpr (std::is_same_v<Value, Time>) {
          return value_toml(value);
        } else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
          return fmt::format("[{}]", fmt::join(value, ", "));
        } else if constexpr (std::is_same_v<Value, std::shared_ptr<const Spec>>) {
          return nested;
        } else {
          return fmt::format("{}", value);
        }
      },
      option.member);
}

template <class Spec>
bool is_usual(const KindOption<Spec>& option, const Spec& spec) {
  const Spec usual;
  return std::visit([&](auto member) { return spec.*member == usual.*member; }, option.member);
}

/// "integer, 1 to 8", "a file", "\"group\" or \"batch\"".
template <class Spec>
std::string values_text(const KindOption<Spec>& option) {
  return std::visit(
      [&](auto member) -> std::string {
        using Value = std::decay_t<decltype(std::declval<Spec&>().*member)>;
        if constexpr (std::is_same_v<Value, bool>) return "true or false";
        if constexpr (std::is_same_v<Value, Time>) return "duration";
        if constexpr (std::is_same_v<Value, std::shared_ptr<const Spec>>) return "any other";
        if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
          return fmt::format("list of integers, {:.0f} to {:.0f}", option.lowest, option.highest);
        }
        if constexpr (std::is_same_v<Value, double>) {
          return fmt::format("number, {}{} to {}", option.above_lowest ? "above " : "", option.lowest, option.highest);
        }
        if constexpr (std::is_same_v<Value, std::string>) {
          if (option.is_path) return "file";
          return option.choices.empty() ? "text" : fmt::format("\"{}\"", fmt::join(option.choices, "\" or \""));
        }
        return fmt::format("integer, {:.0f} to {:.0f}", option.lowest, option.highest);
      },
      option.member);
}

}  // namespace detail

/// The options of one kind from `table` into `spec`, which is of that kind. Complains of options that do not count with
/// the others' values, and of what the kind objects to.
template <class Spec, class OfItsKind>
void read_options(const TomlSection& table, const NamedKind<Spec>& kind, Spec& spec, const OfItsKind& of_its_kind) {
  for (const KindOption<Spec>& option : kind.options) detail::read_option(table, option, spec, of_its_kind);
  for (const KindOption<Spec>& option : kind.options) {
    if (!table.has(option.name) || counts(option, kind.options, spec)) continue;
    table.complain(option.name,
                   fmt::format("expected no such key without {} = \"{}\"", option.partner, option.partner_value));
  }
  if (!kind.objection || table.has_mistake()) return;
  const OptionObjection objection = kind.objection(spec);
  if (!objection.what.empty()) table.complain(objection.option, objection.what);
}

/// The same of kinds none of whose options is a whole `Spec`.
template <class Spec>
void read_own_options(const TomlSection& table, const NamedKind<Spec>& kind, Spec& spec) {
  read_options(table, kind, spec, [](const TomlSection&, const std::string&) { return Spec{}; });
}

/// The names of a kind's options.
template <class Spec>
std::vector<std::string> keys_of(const NamedKind<Spec>& kind) {
  std::vector<std::string> keys;
  for (const KindOption<Spec>& option : kind.options) keys.push_back(option.name);
  return keys;
}

/// `key`: the name of one of `kinds`, or a table with a kind and its options. `family` is the key that the kinds are
/// known by, where it is another one; `more` are keys that the table may have besides.
template <class Kinds, class Spec>
Spec read_kind(const TomlSection& section, const std::string& key, const Kinds& kinds, const Spec& usual,
               const std::string& family = "", const std::vector<std::string>& more = {}) {
  if (!section.has(key)) return usual;
  const std::string& owner = family.empty() ? key : family;
  const auto named = [&](const std::string& name) -> const auto& {
    return *std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.name == name; });
  };
  const std::string& usual_name = find_kind(kinds, usual)->name;
  const bool is_text = section.is_text(key);
  const TomlSection table = is_text ? section.empty_section(key) : section.section(key);
  if (!is_text) table.require("kind", fmt::format("{{ kind = \"{}\" }}", usual_name));
  const auto& kind = named((is_text ? section : table).choice(is_text ? key : "kind", names_of(kinds), usual_name));
  if (!is_text) {
    std::vector<std::string> allowed = {"kind"};
    for (const std::string& own : keys_of(kind)) allowed.push_back(own);
    allowed.insert(allowed.end(), more.begin(), more.end());
    table.allow(allowed, fmt::format("of {} {}", owner, kind.name));
  }
  Spec spec;
  spec.kind = kind.id;
  read_options(table, kind, spec, [&](const TomlSection& inner, const std::string& inner_key) {
    return read_kind(inner, inner_key, kinds, Spec{}, owner);
  });
  return spec;
}

/// As a scenario is written: the name alone where no option has to be said. `more` are further options, each ", key =
/// value".
template <class Kinds, class Spec>
std::string kind_toml(const Spec& spec, const Kinds& kinds, const std::string& more = "") {
  const auto& kind = *find_kind(kinds, spec);
  std::string options;
  for (const KindOption<Spec>& option : kind.options) {
    if (!counts(option, kind.options, spec) || (option.is_brief && detail::is_usual(option, spec))) continue;
    std::string nested;
    if (const auto* member = std::get_if<std::shared_ptr<const Spec> Spec::*>(&option.member)) {
      nested = kind_toml(*(spec.**member), kinds);
    }
    options += fmt::format(", {} = {}", option.name, detail::value_text(option, spec, nested));
  }
  options += more;
  return options.empty() ? toml_quoted(kind.name) : fmt::format("{{ kind = {}{} }}", toml_quoted(kind.name), options);
}

/// The options of the kind of `spec` as lines of their own.
template <class Kinds, class Spec>
void write_own_options(const Spec& spec, const Kinds& kinds, TomlWriter& out) {
  for (const KindOption<Spec>& option : find_kind(kinds, spec)->options) {
    if (option.is_brief && detail::is_usual(option, spec)) continue;
    out.key(option.name, detail::value_text(option, spec, ""));
  }
}

/// Of every option of these kinds a row: kind, "key = usual value", what it may be, what it means. Of paths, and
/// where there is no usual value, that is "...".
template <class Spec>
void add_option_rows(const NamedKind<Spec>& kind, std::vector<TextRow>& rows) {
  for (const KindOption<Spec>& option : kind.options) {
    std::string usual = option.example.empty() ? detail::value_text(option, Spec{}, "...") : "...";
    if (option.is_path) usual = "...";
    const std::string condition =
        option.partner.empty() ? "" : fmt::format("; with {} = \"{}\"", option.partner, option.partner_value);
    rows.push_back({kind.name, fmt::format("{} = {}", option.name, usual), detail::values_text(option),
                    option.summary + condition});
  }
}

}  // namespace tardigrad
