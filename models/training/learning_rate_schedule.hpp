/// A schedule of the learning rate over a node's local rounds or steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "netem/base/kind.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

struct LearningRateSchedule {
  enum class Kind { constant, step, cosine };

  Kind kind = Kind::constant;
  std::string unit = "rounds";  ///< what is counted of a node: "rounds" or "steps"
  Round every = 1;              ///< step: the count (> 0) after which the rate is multiplied by `factor`
  double factor = 0.1;          ///< step
  Round rounds = 1;             ///< cosine: the count (> 0) at which the rate reaches `final_rate`, where it stays
  double final_rate = 0;        ///< cosine
  /// While the count t is below `warm_up`, the rate of the schedule is cut to a share that grows linearly: (t + 1) /
  /// (warm_up + 1).
  Round warm_up = 0;

  /// The rate of a node's step number `step` in its round `round`, both counted from 0 over the whole run, where `base`
  /// is the scenario's rate.
  double rate_in(Round round, std::uint64_t step, double base) const;
};

/// How a scenario may name one.
const std::vector<NamedKind<LearningRateSchedule>>& schedule_kinds();

}  // namespace tardigrad
