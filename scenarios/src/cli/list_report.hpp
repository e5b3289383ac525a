/// The output of `tardigrad list`: the keys and names that a scenario file may use.
#pragma once

#include <string>
#include <vector>

namespace tardigrad {

/// The topics, in their order.
const std::vector<std::string>& list_topics();

/// The keys or names of one topic, or of all if it is empty.
std::string list_report(const std::string& topic);

}  // namespace tardigrad
