#include "scenarios/src/scenario/key_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace tardigrad {
namespace {

std::string range(const char* type, const OptionLimits& limits) {
  return fmt::format("{}, {}{} to {}", type, limits.above_lowest ? "above " : "", limits.lowest, limits.highest);
}

std::string whole_range(const char* type, const OptionLimits& limits) {
  return fmt::format("{}, {:.0f} to {:.0f}", type, limits.lowest, limits.highest);
}

}  // namespace

std::string values_text(const ValueForm& form) {
  using Type = ValueForm::Type;
  const OptionLimits& limits = form.limits;
  switch (form.type) {
    case Type::flag:
      return "true or false";
    case Type::integer:
      return whole_range("integer", limits);
    case Type::number:
      return range("number", limits);
    case Type::text:
      return limits.choices.empty() ? "text" : fmt::format("\"{}\"", fmt::join(limits.choices, "\" or \""));
    case Type::file:
      return "file";
    case Type::duration:
      return "duration";
    case Type::rate:
      return "rate";
    case Type::list_of_integers:
      return whole_range("list of integers", limits);
    case Type::list_of_numbers:
      return range("list of numbers", limits);
    case Type::list_of_texts:
      return "list of texts";
    case Type::list_of_pairs:
      return "list of [from, to]";
    case Type::kind:
    case Type::kind_beside:
      return "name of a kind";
    case Type::class_in_file:
      return "\"file.py:Class\"";
    case Type::same_kind:
      return "any other";
    case Type::table:
      return "table";
    case Type::tables:
      return "tables";
  }
  return {};
}

bool PossibleValues::may_be(ValueForm::Type type) const {
  return std::any_of(forms.begin(), forms.end(), [&](const ValueForm& form) { return form.type == type; });
}

std::string key_with_usual(const KeyText& key) {
  if (key.is_required) return key.name + " (required)";
  return key.usual.empty() ? key.name : fmt::format("{} = {}", key.name, key.usual);
}

std::string summary_with_condition(const KeyText& key) {
  if (key.partner.empty()) return key.summary;
  return fmt::format("{}; with {} = \"{}\"", key.summary, key.partner, key.partner_value);
}

}  // namespace tardigrad
