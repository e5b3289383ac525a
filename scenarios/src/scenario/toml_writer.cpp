#include "scenarios/src/scenario/toml_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/src/scenario/kind_text.hpp"
#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

void TomlWriter::header(const std::string& name) {
  end_block();
  text_ += fmt::format("{}{}\n", text_.empty() ? "" : "\n", name);
}

std::string TomlWriter::finish() {
  end_block();
  return text_;
}

std::string TomlWriter::finish_inline() {
  std::vector<std::string> values;
  for (const auto& [name, value] : lines_) values.push_back(fmt::format("{} = {}", name, value));
  lines_.clear();
  return fmt::format("{{ {} }}", fmt::join(values, ", "));
}

void TomlWriter::end_block() {
  std::size_t width = 0;
  for (const auto& line : lines_) width = std::max(width, line.first.size());
  for (const auto& [name, value] : lines_) text_ += fmt::format("{:<{}} = {}\n", name, width, value);
  lines_.clear();
}

std::string value_toml(Time duration) { return toml_quoted(duration_text(duration)); }

std::string value_toml(BitsPerSecond rate) {
  return toml_quoted(rate == kUnlimited ? kUnlimitedText : rate_text(rate));
}

std::string value_toml(double number) { return fmt::format("{}", number); }

std::string value_toml(const TopologySpec& topology) { return kind_toml(topology, topology_kinds()); }

std::string value_toml(const CodecSpec& codec) { return kind_toml(codec, codec_kinds()); }

std::string option_toml(const OptionSpec::Value& value) {
  return std::visit(
      [](const auto& own) {
        if constexpr (std::is_same_v<std::decay_t<decltype(own)>, CodecSpec>) {
          return value_toml(own);
        } else {
          return value_text(own);
        }
      },
      value);
}

std::string value_toml(const Distribution& drawn, Time base) {
  if (drawn.is_constant()) return value_toml(base + drawn.mean);
  return kind_toml(drawn, distribution_kinds(), base == Time{} ? "" : ", base = " + value_toml(base));
}

std::string value_toml(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(toml_quoted(text));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

}  // namespace tardigrad
