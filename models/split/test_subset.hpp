/// Chooses the test samples on which a run is measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/label.hpp"

namespace tardigrad {

struct TestSubsetResult {
  std::vector<std::uint32_t> samples;  ///< positions in the test set, ascending
  std::string error;                   ///< one sentence (the set has fewer samples); empty on success
};

/// `count` samples (0: all) with the classes in the whole set's proportions, up to rounding; the same for the
/// same seed.
TestSubsetResult stratified_subset(const std::vector<Label>& labels, std::uint32_t count, std::uint64_t seed);

}  // namespace tardigrad
