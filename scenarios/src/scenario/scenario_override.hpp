/// Changes of a scenario from the command line, as in `--set network.uplink=30Mbps`.
#pragma once

#include <toml++/toml.h>

#include <string>

namespace tardigrad {

/// Puts "key=value" into the scenario's table; tables of an array have numbers, "algorithm.0.recipients=3" (the
/// number after the last appends one), or are known by their name or kind, "algorithm.swift.topology=ring". The value
/// is TOML or else a text without quotes. The source of inserted values is "--set key=value". Returns one line on a
/// mistake, else an empty text.
std::string apply_override(toml::table& root, const std::string& text);

}  // namespace tardigrad
