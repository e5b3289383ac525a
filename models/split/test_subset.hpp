/// Which test samples a run is measured on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/label.hpp"

namespace tardigrad {

struct TestSubsetResult {
  std::vector<std::uint32_t> samples;  ///< positions in the test set, ascending
  std::string error;                   ///< empty, or one sentence: there are not so many
};

/// `count` samples (0: all) with the classes in the whole set's proportions, up to rounding; the same
/// for the same seed.
TestSubsetResult stratified_subset(const std::vector<Label>& labels, std::uint32_t count, std::uint64_t seed);

}  // namespace tardigrad
