/// Keys and values that more than one section has: names, distributions, the end of a trace.
#pragma once

#include <string>
#include <vector>

#include "netem/files/trace_file.hpp"
#include "netem/time/distribution.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"

namespace tardigrad {

/// `name`, which becomes a folder, or the usual one.
std::string read_name(const TomlSection& section, const std::string& usual);

/// The usual name of a scenario: that of its file, without folder and ".toml".
std::string name_of_file(const std::string& file);

/// What keys of such values may be.
PossibleValues rate_or_unlimited();
PossibleValues duration_or_distribution();

/// A rate, or "unlimited".
BitsPerSecond read_access_rate(const TomlSection& section, const std::string& key, BitsPerSecond usual);

/// A duration, or a table that says how it is drawn. `more`: keys that the table may have besides.
Distribution read_distribution(const TomlSection& section, const std::string& key, Time usual,
                               const std::vector<std::string>& more = {});

/// `at_end`.
template <class Spec>
Key<Spec> trace_end_key(TraceEnd Spec::*member) {
  return choice_key<Spec>("at_end", member, ValueNames<TraceEnd>{{"hold", TraceEnd::hold}, {"loop", TraceEnd::loop}},
                          "its last value stays, or it begins anew");
}

}  // namespace tardigrad
