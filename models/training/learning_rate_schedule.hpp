/// A schedule of the learning rate over a node's local rounds.
#pragma once

#include <vector>

#include "netem/base/kind.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

struct LearningRateSchedule {
  enum class Kind { constant, step, cosine };

  Kind kind = Kind::constant;
  Round every = 1;        ///< step: number of rounds (> 0) after which the rate is multiplied by `factor`
  double factor = 0.1;    ///< step
  Round rounds = 1;       ///< cosine: number of rounds (> 0) after which the rate reaches `final_rate`, where it stays
  double final_rate = 0;  ///< cosine
  /// In the first `warm_up` rounds the rate of the schedule is cut to a share that grows linearly: (t + 1) /
  /// (warm_up + 1) in round t.
  Round warm_up = 0;

  /// The rate in a node's round `round`, counted from 0, where `base` is the scenario's rate.
  double rate_in(Round round, double base) const;
};

/// How a scenario may name one.
const std::vector<NamedKind<LearningRateSchedule>>& schedule_kinds();

}  // namespace tardigrad
