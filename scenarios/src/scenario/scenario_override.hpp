/// Changes of a scenario that come from the command line, as in `--set network.uplink=30Mbps`.
#pragma once

#include <toml++/toml.h>

#include <string>

namespace tardigrad {

/// Puts "key=value" into the scenario's table; tables of an array go by number, "algorithm.0.recipients=3"
/// (the number after the last appends one). The value is TOML, or, where it is not, a text without
/// quotes. What is put in has "--set key=value" as its source. Returns one line on what is wrong
/// with it, empty if all is well.
std::string apply_override(toml::table& root, const std::string& text);

}  // namespace tardigrad
