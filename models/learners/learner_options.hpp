/// What a scenario sets of the options of a learner that is code of the user's own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace tardigrad {

/// By name. Their types are those of TOML; which there may be, and of which type, is known by the learner alone.
using LearnerOption = std::variant<bool, std::int64_t, double, std::string, std::vector<double>>;
using LearnerOptions = std::map<std::string, LearnerOption>;

}  // namespace tardigrad
