/// Decides whether two algorithms differ by more than chance and the resolution of the measurement: runs with
/// the same seed share data, initial model and network, so that differences are compared seed by seed, not two
/// means.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tardigrad {

struct ConfidenceInterval {
  double low = 0;
  double high = 0;
};

/// The t for which a variable of Student's distribution lies between -t and t in 95 % of all cases. Needs at
/// least one degree of freedom.
double student_t_95(std::size_t degrees_of_freedom);

/// The 95 % interval of the mean of such differences. Nothing for fewer than two.
std::optional<ConfidenceInterval> confidence_interval(const std::vector<double>& differences);

struct PairedDifference {
  std::size_t seeds = 0;  ///< that both have
  double mean = 0;        ///< 0 without seeds
  std::optional<ConfidenceInterval> interval;
  double resolution = 0;  ///< a smaller difference cannot be measured
  /// True if neither chance, as far as the seeds show, nor the resolution explains the difference.
  bool is_told = false;
};

/// `differences` has a number for each seed, of figures that are known to `resolution`. With one seed the
/// resolution alone decides, which knows nothing of other seeds; without seeds nothing can be decided.
PairedDifference paired_difference(const std::vector<double>& differences, double resolution);

}  // namespace tardigrad
