/// The keys of scenario files, and their places.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/scenario/sections/section.hpp"

namespace tardigrad {

/// All sections and tables of a scenario file, each once, the keys in front of them first. The options of kinds and of
/// algorithms are not among their keys, but those of data sets.
const std::vector<SectionText>& scenario_sections();

/// The top of a scenario file, with all sections within.
const SectionText& scenario_text();

/// What a section is called on the command line, by its place: "network.stragglers" for [[network.stragglers]],
/// "network.loss" for [network] loss = { }, "algorithm" also for keys that not all algorithms have.
std::string dotted_name(const std::string& place);

/// True if `name` is the whole path or its last parts: "stragglers" of "network.stragglers".
bool is_path_end(const std::string& path, const std::string& name);

/// True if values of this key name a kind, as partition = { kind = "shards", ... } does.
bool has_kinds(const std::string& key);

/// Every place where a key of that name may stand, "[network] or [[network.stragglers]]"; empty if there is
/// none.
std::string places_of_key(const std::string& key);

/// The keys that other tools call so.
std::vector<MeantKey> meant_keys(const std::string& synonym);

}  // namespace tardigrad
