/// What a scenario says about local training, already checked for types and ranges.
#pragma once

#include <cstdint>

#include "models/training/learning_rate_schedule.hpp"
#include "models/training/sgd.hpp"

namespace tardigrad {

struct TrainingSpec {
  std::uint32_t batch_size = 8;
  std::uint32_t local_steps = 128;  ///< H, minibatch steps a round
  double learning_rate = 0.05;
  LearningRateSchedule schedule = {};
  SgdOptions sgd = {};
  /// Whether a pass over a node's samples ends with its last whole batch, as `MinibatchSampler` has it.
  bool drop_last = false;
};

}  // namespace tardigrad
