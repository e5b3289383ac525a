/// LEAF's layout of data by user (Caldas et al., arXiv 1812.01097).
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace tardigrad {

/// One sample as it stands in a file, and the file for messages.
using VisitLeafSample = std::function<void(const std::string& user, const nlohmann::json& x, const nlohmann::json& y,
                                           const std::filesystem::path& file)>;

/// Calls `visit` for all samples of all .json files of the folder, each {"user_data": {user: {"x": [...], "y":
/// [...]}}}, file by file in the order of their names. Throws Missing or Unusable if there are none or a file is not
/// like that.
void for_leaf_samples(const std::filesystem::path& folder, const VisitLeafSample& visit);

}  // namespace tardigrad
