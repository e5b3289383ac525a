/// Reads, writes and lists what a scenario chooses by name, as its descriptors say (netem/base/kind.hpp).
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "netem/base/kind.hpp"
#include "scenarios/src/scenario/key_text.hpp"
#include "scenarios/src/scenario/option_text.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {

namespace detail {

/// The type of a member that is a whole `Spec`.
template <class Spec>
using Nested = std::shared_ptr<const Spec>;

/// The value of one option; `of_its_kind` reads a whole Spec in its place.
template <class Spec, class OfItsKind>
void read_option(const TomlSection& table, const KindOption<Spec>& option, Spec& spec, const OfItsKind& of_its_kind) {
  if (!option.example.empty()) table.require(option.name, option.example);
  std::visit(
      [&](auto member) {
        auto& value = spec.*member;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Nested<Spec>>) {
          value = std::make_shared<const Spec>(of_its_kind(table, option.name));
        } else {
          value = read_value(table, option.name, value, option.limits);
        }
      },
      option.member);
}

/// `nested` writes a whole Spec.
template <class Spec, class NestedText>
std::string option_value_text(const KindOption<Spec>& option, const Spec& spec, const NestedText& nested) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = spec.*member;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Nested<Spec>>) {
          return nested(value);
        } else {
          return value_text(value);
        }
      },
      option.member);
}

template <class Spec>
bool is_usual(const KindOption<Spec>& option, const Spec& spec) {
  const Spec usual;
  return std::visit([&](auto member) { return spec.*member == usual.*member; }, option.member);
}

template <class Spec>
ValueForm option_form(const KindOption<Spec>& option) {
  return std::visit(
      [&](auto member) -> ValueForm {
        using Value = std::decay_t<decltype(std::declval<Spec&>().*member)>;
        if constexpr (std::is_same_v<Value, Nested<Spec>>) {
          return {ValueForm::Type::same_kind};
        } else {
          return form_of<Value>(option.limits);
        }
      },
      option.member);
}

/// True where a usual value says that there is none: no scenario may write it.
template <class Spec>
bool is_none(const KindOption<Spec>& option) {
  return std::visit(
      [&](auto member) {
        using Value = std::decay_t<decltype(std::declval<Spec&>().*member)>;
        if constexpr (std::is_arithmetic_v<Value> && !std::is_same_v<Value, bool>) {
          return static_cast<double>(Spec{}.*member) < option.limits.lowest;
        } else {
          return false;
        }
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

/// The kind that a table names by its first option; null if it names none so.
template <class Kinds>
auto find_kind_by_option(const Kinds& kinds, const TomlSection& table) -> decltype(kinds.data()) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) {
    return kind.is_known_by_option && table.has(kind.options.front().name);
  });
  return found == kinds.end() ? nullptr : &*found;
}

/// `key`: the name of one of `kinds`, or a table with a kind and its options. `family` is the key that the kinds are
/// known by, where it is another one; `more` are keys that the table may have besides.
template <class Kinds, class Spec>
Spec read_kind(const TomlSection& section, const std::string& key, const Kinds& kinds, const Spec& usual,
               const std::string& family = "", const std::vector<std::string>& more = {}) {
  if (!section.has(key)) return usual;
  const std::string& owner = family.empty() ? key : family;
  const std::string& usual_name = find_kind(kinds, usual)->name;
  const bool is_text = section.is_text(key);
  const std::string table_text = fmt::format("\"{0}\" or a table such as {{ kind = \"{0}\" }}", usual_name);
  const TomlSection table = is_text ? section.empty_section(key) : section.section(key, table_text);
  auto kind = is_text ? nullptr : find_kind_by_option(kinds, table);
  const bool is_named = !kind;
  if (is_named) {
    if (!is_text) table.require("kind", fmt::format("{{ kind = \"{}\" }}", usual_name));
    const std::string name = (is_text ? section : table).choice(is_text ? key : "kind", names_of(kinds), "");
    if (name.empty()) return usual;  // its options are unknown
    kind = &*std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.name == name; });
  }
  if (!is_text) {
    std::vector<std::string> allowed = names_of(kind->options);
    if (is_named) allowed.insert(allowed.begin(), "kind");
    allowed.insert(allowed.end(), more.begin(), more.end());
    table.allow(allowed, fmt::format("of {} {}", owner, kind->name));
  }
  Spec spec;
  spec.kind = kind->id;
  read_options(table, *kind, spec, [&](const TomlSection& inner, const std::string& inner_key) {
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
    const auto nested = [&](const auto& value) { return kind_toml(*value, kinds); };
    options += fmt::format(", {} = {}", option.name, detail::option_value_text(option, spec, nested));
  }
  options += more;
  if (options.empty()) return toml_quoted(kind.name);
  if (kind.is_known_by_option) return fmt::format("{{ {} }}", options.substr(2));
  return fmt::format("{{ kind = {}{} }}", toml_quoted(kind.name), options);
}

/// The options of the kind of `spec` as lines of their own; none is a whole `Spec`.
template <class Kinds, class Spec>
void write_own_options(const Spec& spec, const Kinds& kinds, TomlWriter& out) {
  for (const KindOption<Spec>& option : find_kind(kinds, spec)->options) {
    if (option.is_brief && detail::is_usual(option, spec)) continue;
    out.key(option.name, detail::option_value_text(option, spec, [](const auto&) { return ""; }));
  }
}

/// What the user is told of an option.
template <class Spec>
KeyText option_text(const KindOption<Spec>& option) {
  KeyText text;
  text.name = option.name;
  text.summary = option.summary;
  text.values = detail::option_form(option);
  text.is_required = !option.example.empty();
  text.example = option.example;
  const bool has_usual = !text.is_required && !option.limits.is_path && !detail::is_none(option);
  if (has_usual) text.usual = detail::option_value_text(option, Spec{}, [](const auto&) { return ""; });
  text.partner = option.partner;
  text.partner_value = option.partner_value;
  return text;
}

/// How a scenario may write the value that names this kind: with its usual options, or with those that it must have.
/// The examples of options are lines of their own or, in braces, that value.
template <class Spec>
std::string kind_example(const NamedKind<Spec>& kind) {
  std::string required;
  for (const KindOption<Spec>& option : kind.options) {
    const std::size_t brace = option.example.find('{');
    if (brace != std::string::npos) return option.example.substr(brace);
    if (!option.example.empty()) required += ", " + option.example;
  }
  if (!required.empty()) return fmt::format("{{ kind = {}{} }}", toml_quoted(kind.name), required);
  Spec spec;
  spec.kind = kind.id;
  return kind_toml(spec, std::vector<NamedKind<Spec>>{kind});
}

/// What the user is told of these kinds. `more` are options of tables of any kind.
template <class Kinds>
std::vector<KindText> kind_texts(const Kinds& kinds, const std::vector<KeyText>& more = {}) {
  std::vector<KindText> texts;
  for (const auto& kind : kinds) {
    KindText text{kind.name, kind.summary, {}, kind_example(kind), kind.is_known_by_option, {}, {}};
    for (const auto& option : kind.options) text.options.push_back(option_text(option));
    text.options.insert(text.options.end(), more.begin(), more.end());
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace tardigrad
