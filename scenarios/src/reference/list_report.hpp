/// The output of `tardigrad list`: the keys and names that a scenario file may use.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/scenario/key_text.hpp"

namespace tardigrad {

/// The topics, in their order.
const std::vector<std::string>& list_topics();

/// The keys or names of one topic, or of all if it is empty.
std::string list_report(const std::string& topic);

/// The options and further keys of an algorithm, indented.
std::string algorithm_options_report(const std::string& name);
/// The keys of a section below its place.
std::string keys_report(const SectionText& section);

/// What sections of a scenario are called: "network", "network.stragglers", ...
std::vector<std::string> listed_sections();
/// The keys of the sections whose name is this one or ends with it, "stragglers" for both kinds, also without its s;
/// empty if there is none.
std::string section_report(const std::string& name);

}  // namespace tardigrad
