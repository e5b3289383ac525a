/// Whether two algorithms differ by more than chance and what was measured leave open: runs with the same seed share
/// data, initial model and network, so that seed by seed differences are compared, not two means.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tardigrad {

struct ConfidenceInterval {
  double low = 0;
  double high = 0;
};

/// The t with which a variable of Student's distribution lies within -t and t in 95 % of all cases. From one degree of
/// freedom on.
double student_t_95(std::size_t degrees_of_freedom);

/// Of the mean that such differences have, 95 %. Nothing of fewer than two.
std::optional<ConfidenceInterval> confidence_interval(const std::vector<double>& differences);

struct PairedDifference {
  std::size_t seeds = 0;  ///< that both have
  double mean = 0;        ///< 0 without seeds
  std::optional<ConfidenceInterval> interval;
  double resolution = 0;  ///< a smaller difference cannot be measured
  /// Not 0: neither by chance, as far as the seeds tell, nor by what lies between two measurements.
  bool is_told = false;
};

/// `differences`, a number a seed, of figures that are known to `resolution`. With one seed the resolution alone
/// decides, which knows nothing of other seeds; with none nothing can be told.
PairedDifference paired_difference(const std::vector<double>& differences, double resolution);

}  // namespace tardigrad
