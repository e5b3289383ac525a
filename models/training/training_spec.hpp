/// The training section of a scenario, already checked for types and ranges.
#pragma once

#include <cstdint>

#include "models/training/backend.hpp"
#include "models/training/learning_rate_schedule.hpp"
#include "models/training/optimizer.hpp"

namespace tardigrad {

struct TrainingSpec {
  std::uint32_t batch_size = 8;
  std::uint32_t local_steps = 128;  ///< H, minibatch steps a round
  double learning_rate = 0.05;
  LearningRateSchedule schedule = {};
  OptimizerOptions optimizer = {};
  /// True if a pass over a node's samples ends with its last whole batch (`MinibatchSampler`).
  bool drop_last = false;
  Backend backend = Backend::kernels;
};

}  // namespace tardigrad
