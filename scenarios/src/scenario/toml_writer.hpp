/// Writes a scenario as TOML.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// Lines of "key = value" under a header, with aligned equals signs.
class TomlWriter {
 public:
  void header(const std::string& name);
  void key(const std::string& name, const std::string& value) { lines_.emplace_back(name, value); }
  std::string finish();
  /// The lines since the last header as a table within a line: { key = value, key = value }.
  std::string finish_inline();

 private:
  void end_block();

  std::string text_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

/// Values in the form that the readers accept.
std::string value_toml(Time duration);
std::string value_toml(BitsPerSecond rate);
std::string value_toml(double number);
std::string value_toml(const TopologySpec& topology);
std::string value_toml(const CodecSpec& codec);
/// `base` is a further key; zero is left out.
std::string value_toml(const Distribution& distribution, Time base = {});
/// A list of texts.
std::string value_toml(const std::vector<std::string>& texts);
std::string option_toml(const OptionSpec::Value& value);

}  // namespace tardigrad
