#include "scenarios/src/reference/scenario_schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "scenarios/src/reference/catalogue.hpp"
#include "scenarios/src/scenario/sections/scenario_keys.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

using Json = nlohmann::ordered_json;
using Type = ValueForm::Type;

/// A number and a unit; which units there are is left to the readers, which say more of a wrong one.
constexpr const char* kQuantity = "^[ \\t]*[0-9]+([.][0-9]+)?[ \\t]*[A-Za-z][A-Za-z/ ]*$";
constexpr const char* kClassInFile = "[.]py:";

Json json_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  Json json = node.is_array() ? Json::array() : Json::object();
  if (const auto* array = node.as_array()) {
    for (const toml::node& element : *array) json.push_back(json_of(element));
  } else if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) json[std::string(key.str())] = json_of(value);
  }
  return json;
}

/// Whole numbers without a fraction, as a schema is read by people, too.
Json number_json(double number) {
  const auto whole = static_cast<std::int64_t>(std::min(number, 9e18));
  return static_cast<double>(whole) == number ? Json(whole) : Json(number);
}

void add_range(const OptionLimits& limits, bool is_number, Json& json) {
  json[is_number && limits.above_lowest ? "exclusiveMinimum" : "minimum"] = number_json(limits.lowest);
  json["maximum"] = number_json(limits.highest);
}

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}}; }

Json number_form(const OptionLimits& limits, bool is_number) {
  Json json = {{"type", is_number ? "number" : "integer"}};
  add_range(limits, is_number, json);
  return json;
}

/// What is said of a key in an editor.
std::string description(const KeyText& key) {
  std::string text = key.summary + "\n\nMay be: " + key.values.text;
  if (!key.usual.empty()) text += "\n\nIf left out: " + key.usual;
  if (!key.partner.empty()) text += fmt::format("\n\nOnly with {} = \"{}\"", key.partner, key.partner_value);
  if (!key.needs.empty()) text += fmt::format("\n\nOnly beside {}", fmt::join(key.needs, ", "));
  if (!key.excludes.empty()) text += fmt::format("\n\nNever beside {}", fmt::join(key.excludes, ", "));
  if (!key.example.empty()) text += "\n\nExample: " + key.example;
  return text;
}

std::vector<std::string> required_names(const std::vector<KeyText>& keys) {
  std::vector<std::string> names;
  for (const KeyText& key : keys) {
    if (key.is_required) names.push_back(key.name);
  }
  return names;
}

/// One of these names, each with its summary (taplo shows it beside the name).
Json names_of_kinds(const std::vector<const KindText*>& kinds) {
  Json names = Json::array();
  Json summaries = Json::array();
  for (const KindText* kind : kinds) {
    names.push_back(kind->name);
    summaries.push_back(kind->summary);
  }
  return {{"type", "string"}, {"enum", names}, {"x-taplo", {{"docs", {{"enumValues", summaries}}}}}};
}

/// {"if": the key has this value, "then": ...}.
Json if_kind(const std::string& key, const std::string& kind, Json then) {
  return {{"if", {{"properties", {{key, {{"const", kind}}}}}, {"required", {key}}}}, {"then", std::move(then)}};
}

class Schema {
 public:
  std::string text();

 private:
  Json key_json(const KeyText& key);
  /// The same without words.
  Json values_json(const KeyText& key);
  Json form_json(const ValueForm& form, const KeyText& key);
  Json kind_reference(const KeyText& key);
  Json kinds_json(const KeyText& key);
  Json kind_table(const std::vector<const KindText*>& kinds);
  Json table_json(const std::vector<SectionText>& sections);
  Json options_json(const std::vector<KeyText>& options);
  void add_options_beside(const KeyText& key, const SectionText& section, Json& json);
  Json union_of_options(const std::vector<const KindText*>& kinds);

  Json definitions_ = Json::object();
  /// The definition of the family whose kind is being written.
  std::string own_family_;
};

Json Schema::form_json(const ValueForm& form, const KeyText& key) {
  switch (form.type) {
    case Type::flag:
      return {{"type", "boolean"}};
    case Type::integer:
      return number_form(form.limits, false);
    case Type::number:
      return number_form(form.limits, true);
    case Type::text:
      return form.limits.choices.empty() ? Json{{"type", "string"}}
                                         : Json{{"type", "string"}, {"enum", form.limits.choices}};
    case Type::file:
      return {{"type", "string"}, {"minLength", 1}};
    case Type::class_in_file:
      return {{"type", "string"}, {"pattern", kClassInFile}};
    case Type::duration:
    case Type::rate:
      return {{"type", "string"}, {"pattern", kQuantity}};
    case Type::list_of_integers:
      return list_of(number_form(form.limits, false));
    case Type::list_of_numbers:
      return list_of(number_form(form.limits, true));
    case Type::list_of_texts:
      return list_of({{"type", "string"}, {"minLength", 1}});
    case Type::list_of_pairs:
      return list_of(
          {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}}}, {"minItems", 2}, {"maxItems", 2}});
    case Type::kind:
      return kind_reference(key);
    case Type::same_kind:
      return {{"$ref", "#/definitions/" + own_family_}};
    case Type::kind_beside: {
      std::vector<const KindText*> kinds;
      for (const KindText& kind : key.kinds) kinds.push_back(&kind);
      return names_of_kinds(kinds);
    }
    case Type::table:
      return table_json(key.sections);
    case Type::tables:
      return {{"type", "array"}, {"items", table_json(key.sections)}};
  }
  return {};
}

Json Schema::values_json(const KeyText& key) {
  Json forms = Json::array();
  for (const ValueForm& form : key.values.forms) forms.push_back(form_json(form, key));
  const bool is_plain = forms.size() == 1 && !forms.front().contains("$ref") && !forms.front().contains("allOf");
  return is_plain ? forms.front() : Json{{"anyOf", forms}};
}

Json Schema::key_json(const KeyText& key) {
  Json json = {{"description", description(key)}};
  if (is_toml_value(key.usual)) json["default"] = json_of(*toml::parse("value = " + key.usual).get("value"));
  const Json values = values_json(key);
  for (const auto& [name, value] : values.items()) {
    // An object of its own has a description; that of the key says more.
    if (name != "description") json[name] = value;
  }
  return json;
}

/// Kinds are written once, for all keys of that name.
Json Schema::kind_reference(const KeyText& key) {
  const std::string outer = std::exchange(own_family_, key.name);
  if (!definitions_.contains(key.name)) {
    definitions_[key.name] = nullptr;  // its options may refer to it
    Json kinds = kinds_json(key);
    definitions_[key.name] = std::move(kinds);
  }
  own_family_ = outer;
  return {{"$ref", "#/definitions/" + key.name}};
}

/// A name alone if the kind has no options that it must have, or a table.
Json Schema::kinds_json(const KeyText& key) {
  std::vector<const KindText*> by_name;
  std::vector<const KindText*> by_table;
  Json forms = Json::array();
  for (const KindText& kind : key.kinds) {
    if (kind.is_known_by_option) continue;
    by_table.push_back(&kind);
    if (required_names(kind.options).empty()) by_name.push_back(&kind);
  }
  if (!by_name.empty()) forms.push_back(names_of_kinds(by_name));
  forms.push_back(kind_table(by_table));
  for (const KindText& kind : key.kinds) {
    if (!kind.is_known_by_option) continue;
    forms.push_back({{"type", "object"},
                     {"description", kind.summary},
                     {"properties", options_json(kind.options)},
                     {"required", required_names(kind.options)},
                     {"additionalProperties", false}});
  }
  return {{"anyOf", forms}};
}

Json Schema::options_json(const std::vector<KeyText>& options) {
  Json json = Json::object();
  for (const KeyText& option : options) json[option.name] = key_json(option);
  return json;
}

/// The options of all these kinds, for completion. What kinds say differently of an option of the same name stands side
/// by side.
Json Schema::union_of_options(const std::vector<const KindText*>& kinds) {
  std::map<std::string, std::set<std::string>> forms;
  Json json = Json::object();
  for (const KindText* kind : kinds) {
    for (const KeyText& option : kind->options) {
      forms[option.name].insert(values_json(option).dump());
      const std::string said = fmt::format("{}: {}", kind->name, option.summary);
      if (!json.contains(option.name)) {
        json[option.name] = values_json(option);
        json[option.name]["description"] = said;
      } else {
        json[option.name]["description"] = json[option.name]["description"].get<std::string>() + "\n\n" + said;
      }
      if (forms[option.name].size() > 1) json[option.name] = {{"description", json[option.name]["description"]}};
    }
  }
  return json;
}

/// What counts only with the value of another option.
Json conditions_of(const std::vector<KeyText>& options) {
  Json all = Json::array();
  for (const KeyText& option : options) {
    if (option.partner.empty()) continue;
    const auto partner = std::find_if(options.begin(), options.end(),
                                      [&](const KeyText& other) { return other.name == option.partner; });
    const bool is_usual = partner != options.end() && partner->usual == "\"" + option.partner_value + "\"";
    Json then = {{"properties", {{option.partner, {{"const", option.partner_value}}}}}};
    if (!is_usual) then["required"] = {option.partner};
    all.push_back({{"if", {{"required", {option.name}}}}, {"then", std::move(then)}});
  }
  return all;
}

/// { kind = "...", options }: what all have is the first part of "allOf", as taplo completes from parts alone.
Json Schema::kind_table(const std::vector<const KindText*>& kinds) {
  Json properties = {{"kind", names_of_kinds(kinds)}};
  properties["kind"]["description"] = "which one; its options stand beside it";
  properties.update(union_of_options(kinds));
  Json parts = Json::array();
  parts.push_back(
      {{"type", "object"}, {"properties", properties}, {"required", {"kind"}}, {"additionalProperties", false}});
  for (const KindText* kind : kinds) {
    std::vector<std::string> names = names_of(kind->options);
    names.insert(names.begin(), "kind");
    Json then = {{"propertyNames", {{"enum", names}}}, {"properties", options_json(kind->options)}};
    if (!required_names(kind->options).empty()) then["required"] = required_names(kind->options);
    const Json conditions = conditions_of(kind->options);
    if (!conditions.empty()) then["allOf"] = conditions;
    parts.push_back(if_kind("kind", kind->name, std::move(then)));
  }
  return {{"allOf", parts}};
}

/// The parts of "allOf" by which kinds have options beside their key, and no others.
void Schema::add_options_beside(const KeyText& key, const SectionText& section, Json& json) {
  std::vector<std::string> common;
  for (const KeyText& own : section.keys) {
    if (!own.depends_on_kind) common.push_back(own.name);
  }
  std::vector<const KindText*> kinds;
  for (const KindText& kind : key.kinds) {
    kinds.push_back(&kind);
    std::vector<std::string> names = common;
    for (const std::string& name : names_of(kind.options)) names.push_back(name);
    names.insert(names.end(), kind.takes.begin(), kind.takes.end());
    Json then = {{"propertyNames", {{"enum", names}}}, {"properties", options_json(kind.options)}};
    if (!required_names(kind.options).empty()) then["required"] = required_names(kind.options);
    json["allOf"].push_back(if_kind(key.name, kind.name, std::move(then)));
  }
  Json& properties = json["allOf"].front()["properties"];
  const Json options = union_of_options(kinds);
  for (const auto& [name, option] : options.items()) {
    if (!properties.contains(name)) properties[name] = option;
  }
}

/// Each pair that excludes each other once.
void add_exclusions(const SectionText& section, Json& parts) {
  std::set<std::pair<std::string, std::string>> known;
  for (const KeyText& key : section.keys) {
    for (const std::string& other : key.excludes) {
      const std::pair<std::string, std::string> pair = std::minmax(key.name, other);
      if (known.insert(pair).second) parts.push_back({{"not", {{"required", {key.name, other}}}}});
    }
  }
}

Json Schema::table_json(const std::vector<SectionText>& sections) {
  Json properties = Json::object();
  Json needs = Json::object();
  const KeyText* chooses = nullptr;
  bool is_open = false;
  for (const SectionText& section : sections) {
    for (const KeyText& key : section.keys) {
      properties[key.name] = key_json(key);
      if (!key.needs.empty()) needs[key.name] = key.needs;
      if (key.values.may_be(Type::kind_beside)) chooses = &key;
      is_open = is_open || key.values.may_be(Type::class_in_file);
    }
  }
  Json own = {{"type", "object"}, {"properties", properties}};
  const auto required = required_names(sections.front().keys);
  if (!required.empty()) own["required"] = required;
  if (!needs.empty()) own["dependencies"] = needs;
  if (!is_open) own["additionalProperties"] = false;
  Json json = {{"allOf", {own}}};
  add_exclusions(sections.front(), json["allOf"]);
  if (chooses) add_options_beside(*chooses, sections.front(), json);
  return json["allOf"].size() == 1 ? json["allOf"].front() : json;
}

std::string Schema::text() {
  Json json = {{"$schema", "http://json-schema.org/draft-07/schema#"},
               {"title", "tardigrad scenario"},
               {"description", "Which decentralized learning algorithm reaches the target first, over which network."}};
  json.update(table_json({scenario_text()}));
  json["definitions"] = definitions_;
  return json.dump(1) + "\n";
}

}  // namespace

std::string scenario_schema() { return Schema().text(); }

}  // namespace tardigrad
