/// What a scenario says about learning, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/learning_rate_schedule.hpp"
#include "models/sgd.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct ModelSpec {
  /// One of `model_kinds()`.
  std::string kind = "gn-lenet";
  /// null only: number of parameters.
  std::int64_t parameters = 0;
  /// mlp only: sizes of the layers between input and classes.
  std::vector<std::int64_t> hidden = {256, 128};
  /// lstm only: numbers a sign, stacked layers, units of each.
  std::int64_t embedding = 8;
  std::int64_t layers = 2;
  std::int64_t units = 256;
  /// resnet-20, vgg-11: group or batch.
  std::string norm = "group";
  /// With group normalisation: into how many groups each layer's channels are split.
  std::int64_t groups = 2;
  /// torchscript only: the module's file.
  std::string file = {};
  /// torchscript only: the bytes of that file that are to be used, whatever has become of it; null: those in it now.
  std::shared_ptr<const std::string> content = nullptr;
  /// What becomes of statistics that are not trained (batch normalisation): averaged with the other nodes' as
  /// parameters are, or local.
  std::string statistics = "averaged";
};

struct PartitionSpec {
  /// iid, shards, dirichlet, dirichlet-mix, by-user.
  std::string kind = "iid";
  std::uint32_t per_node = 5;  ///< shards only: shards a node
  double alpha = 1.0;          ///< dirichlet and dirichlet-mix only: concentration
  std::uint32_t at_least = 0;  ///< dirichlet only: drawn again until every node has so many samples; 0: drawn once
};

struct DataSpec {
  /// One of `dataset_kinds()`; none is for the null model.
  std::string set = "fashion-mnist";
  /// Folder with the files; empty for the set's usual place.
  std::string root = {};
  PartitionSpec partition = {};
  /// tensors only: the files.
  std::string train = {};
  std::string test = {};
};

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
