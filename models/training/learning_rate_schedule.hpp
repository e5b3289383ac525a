/// How the learning rate changes from one local round of a node to the next.
#pragma once

#include "netem/base/units.hpp"

namespace tardigrad {

struct LearningRateSchedule {
  enum class Kind { constant, step, cosine };

  Kind kind = Kind::constant;
  Round every = 1;        ///< step: rounds (> 0) after which the rate is multiplied by `factor`
  double factor = 0.1;    ///< step
  Round rounds = 1;       ///< cosine: rounds (> 0) after which the rate is `final_rate`, and stays there
  double final_rate = 0;  ///< cosine
  /// In each of so many first rounds the rate of the schedule is cut to a share of it, which grows
  /// linearly: (t + 1) / (warm_up + 1) in round t.
  Round warm_up = 0;

  /// The rate in a node's own round `round`, counted from 0, where `base` is the scenario's.
  double rate_in(Round round, double base) const;
};

}  // namespace tardigrad
