/// The keys of scenario files, and their places.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// The keys of "" (the top level), "time", "nodes", ..., "compute.stragglers", "algorithm". Those of
/// "algorithm" are common to all algorithms.
const std::vector<std::string>& section_keys(const std::string& section);

/// True if values of this key name a kind, as partition = { kind = "shards", ... } does.
bool has_kinds(const std::string& key);

/// Every place where a key of that name may stand, "[network] or [[network.stragglers]]"; empty if there is
/// none.
std::string places_of_key(const std::string& key);

}  // namespace tardigrad
