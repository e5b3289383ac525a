/// What a scenario says about learning, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/learning_rate_schedule.hpp"
#include "models/sgd.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct ModelSpec {
  /// One of `model_kinds()`: gn-lenet, logistic-regression, null.
  std::string kind = "gn-lenet";
  /// null only: number of parameters.
  std::int64_t parameters = 0;
};

struct PartitionSpec {
  /// iid, shards, dirichlet.
  std::string kind = "iid";
  std::uint32_t per_node = 5;  ///< shards only: shards a node
  double alpha = 1.0;          ///< dirichlet only: concentration
};

struct DataSpec {
  /// One of `dataset_kinds()`: fashion-mnist, cifar10, none (for the null model).
  std::string set = "fashion-mnist";
  /// Folder with the files; empty for the set's usual place.
  std::string root;
  PartitionSpec partition;
};

struct TrainingSpec {
  std::uint32_t batch_size = 8;
  std::uint32_t local_steps = 128;  ///< H, minibatch steps a round
  double learning_rate = 0.05;
  LearningRateSchedule schedule = {};
  SgdOptions sgd = {};
};

}  // namespace tardigrad
