/// Makes keys whose values are more than a number or a text: enumerators, kinds with options, tables, sections.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/sections/section.hpp"

namespace tardigrad {

/// What a scenario calls the values of an enumeration or a flag.
template <class Value>
using ValueNames = std::vector<std::pair<std::string, Value>>;

/// One of these names.
template <class Spec, class Member, class Value>
Key<Spec> choice_key(const std::string& name, Member member, const ValueNames<Value>& names,
                     const std::string& summary) {
  const auto name_of = [member, names](const Spec& spec) {
    const Value& value = std::invoke(member, spec);
    return std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.second == value; })->first;
  };
  std::vector<std::string> texts;
  for (const auto& one : names) texts.push_back(one.first);
  const OptionLimits limits{0, 0, texts};
  const auto read = [=](const TomlSection& table, const Key<Spec>& key, const Scenario&, Spec& spec) {
    const std::string chosen = table.choice(key.name, texts, name_of(spec));
    std::invoke(member, spec) =
        std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == chosen; })->second;
  };
  const auto text = [=](const Spec& spec) { return toml_quoted(name_of(spec)); };
  return Key<Spec>(name, form_of<std::string>(limits), summary, read, text);
}

/// "see topologies".
inline PossibleValues kinds_of(const std::string& topic) { return {"see " + topic, ValueForm::Type::kind}; }

/// The name of one of `kinds`, which `topic` lists, or a table with its options. A member that is optional has no usual
/// value.
template <class Spec, class Member, class Kinds>
Key<Spec> kind_key(const std::string& name, Member member, const Kinds& kinds, const std::string& topic,
                   const std::string& summary) {
  using Value = std::decay_t<decltype(std::invoke(member, std::declval<Spec&>()))>;
  const auto text = [member, &kinds](const Spec& spec) -> std::string {
    const Value& value = std::invoke(member, spec);
    if constexpr (is_optional<Value>) {
      return value ? kind_toml(*value, kinds) : "";
    } else {
      return kind_toml(value, kinds);
    }
  };
  const auto read = [member, &kinds](const TomlSection& table, const Key<Spec>& key, const Scenario&, Spec& spec) {
    Value& value = std::invoke(member, spec);
    if constexpr (is_optional<Value>) {
      if (table.has(key.name)) value = read_kind(table, key.name, kinds, typename Value::value_type{});
    } else {
      value = read_kind(table, key.name, kinds, value);
    }
  };
  return Key<Spec>(name, kinds_of(topic), summary, read, text).of_kinds(topic, kinds);
}

/// A [section]. One without required keys is read even if the file has none of it: usual values may depend on others.
template <class Spec, class Inner>
Key<Spec> section_key(const std::string& name, Inner Spec::*member, const Section<Inner>& section,
                      const std::string& summary) {
  const bool has_required =
      std::any_of(section.keys.begin(), section.keys.end(), [](const Key<Inner>& key) { return key.is_required; });
  const auto read = [=, &section](const TomlSection& table, const Key<Spec>& key, const Scenario& so_far, Spec& spec) {
    if (!table.has(key.name) && key.is_required) {
      table.lack(key.name, fmt::format("missing, expected a section {}", section.place));
    } else if (table.has(key.name) || !has_required) {
      section.read(table.section(key.name), so_far, spec.*member);
    }
  };
  const auto write = [=, &section](const Spec& spec, TomlWriter& out) {
    out.header(section.place);
    section.write(spec.*member, out);
  };
  return Key<Spec>(name, {"section", ValueForm::Type::table}, summary, read)
      .written_by(write)
      .with_sections({section.text()})
      .such_as(section.place);
}

/// The [[tables]] of this key.
template <class Spec, class Element>
Key<Spec> tables_key(const std::string& name, std::vector<Element> Spec::*member, const Section<Element>& section,
                     const std::string& summary) {
  const auto read = [=, &section](const TomlSection& table, const Key<Spec>& key, const Scenario& so_far, Spec& spec) {
    for (const TomlSection& one : table.sections(key.name)) {
      Element element;
      section.read(one, so_far, element);
      (spec.*member).push_back(std::move(element));
    }
  };
  const auto write = [=, &section](const Spec& spec, TomlWriter& out) {
    for (const Element& element : spec.*member) {
      out.header(section.place);
      section.write(element, out);
    }
  };
  return Key<Spec>(name, ValueForm{ValueForm::Type::tables}, summary, read)
      .written_by(write)
      .with_sections({section.text()})
      .such_as(section.place);
}

/// A table within a line.
template <class Spec>
std::string inline_toml(const Section<Spec>& section, const Spec& spec) {
  TomlWriter out;
  section.write(spec, out);
  return out.finish_inline();
}

/// The same as the value of a key; not read where the key is left out.
template <class Spec, class Inner>
Key<Spec> table_key(const std::string& name, Inner Spec::*member, const Section<Inner>& section,
                    const std::string& summary) {
  const auto read = [=, &section](const TomlSection& table, const Key<Spec>& key, const Scenario& so_far, Spec& spec) {
    if (table.has(key.name)) section.read(table.section(key.name, section.table_text()), so_far, spec.*member);
  };
  const auto text = [=, &section](const Spec& spec) { return inline_toml(section, spec.*member); };
  return Key<Spec>(name, ValueForm{ValueForm::Type::table}, summary, read, text)
      .usually("")
      .with_sections({section.text()});
}

/// A key that the entry of another one reads and writes.
template <class Spec>
Key<Spec> companion_key(const std::string& name, const PossibleValues& may_be, const std::string& summary) {
  return Key<Spec>(name, may_be, summary, {});
}

}  // namespace tardigrad
