/// The keys of scenario files, and their places.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/scenario/sections/section.hpp"

namespace tardigrad {

/// All sections and tables of a scenario file, each once, the keys in front of them first. The options of kinds and of
/// algorithms are not among their keys.
const std::vector<SectionText>& scenario_sections();

/// True if values of this key name a kind, as partition = { kind = "shards", ... } does.
bool has_kinds(const std::string& key);

/// Every place where a key of that name may stand, "[network] or [[network.stragglers]]"; empty if there is
/// none.
std::string places_of_key(const std::string& key);

}  // namespace tardigrad
