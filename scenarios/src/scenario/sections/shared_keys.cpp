#include "scenarios/src/scenario/sections/shared_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "netem/emulated_network.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLongestName = 100;

bool is_name_sign(char c) {
  const auto sign = static_cast<unsigned char>(c);
  return sign < 0x80 && (std::isalnum(sign) || c == '.' || c == '_' || c == '-');
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName && std::all_of(text.begin(), text.end(), is_name_sign) &&
         std::isalnum(static_cast<unsigned char>(text.front()));
}

}  // namespace

std::string read_name(const TomlSection& section, const std::string& usual) {
  const std::string name = section.text("name", usual);
  if (section.is_text("name") && !is_name(name)) {
    section.complain("name", fmt::format("expected up to {} letters, digits and the signs . _ - with a letter or digit "
                                         "in front, got \"{}\"",
                                         kLongestName, name.substr(0, kLongestName)));
  }
  return name;
}

std::string name_of_file(const std::string& file) {
  std::string usual = std::filesystem::path(file).stem().string().substr(0, kLongestName);
  std::replace_if(
      usual.begin(), usual.end(), [](char c) { return !is_name_sign(c); }, '-');
  return is_name(usual) ? usual : "scenario";
}

PossibleValues rate_or_unlimited() {
  using Type = ValueForm::Type;
  return {"rate, or \"unlimited\"", {ValueForm{Type::rate}, ValueForm{Type::text, {0, 0, {kUnlimitedText}}}}};
}

PossibleValues duration_or_distribution() {
  using Type = ValueForm::Type;
  return {"duration, or see distributions", {ValueForm{Type::duration}, ValueForm{Type::kind}}};
}

BitsPerSecond read_access_rate(const TomlSection& section, const std::string& key, BitsPerSecond usual) {
  if (section.is_text(key) && section.text(key, "") == kUnlimitedText) return kUnlimited;
  return section.rate(key, usual);
}

Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual,
                               const std::vector<std::string>& more) {
  if (!section.is_table(key)) return Distribution::constant(section.duration(key, usual));
  const Distribution drawn = read_kind(section, key, distribution_kinds(), Distribution{}, "", more);
  if (drawn.kind == Distribution::Kind::uniform && drawn.low > drawn.high) {
    section.section(key).complain("high", fmt::format("expected at least low = \"{}\"", duration_text(drawn.low)));
  }
  return drawn;
}

}  // namespace tardigrad
