/// The output of `tardigrad list`: the names that a scenario file may use.
#pragma once

#include <string>

namespace tardigrad {

/// `topic` is algorithms, models, datasets, topologies, codecs or networks; all of them if it is empty.
std::string list_report(const std::string& topic);

}  // namespace tardigrad
