#include "models/learner.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/datasets.hpp"
#include "models/null_learner.hpp"
#include "models/partition.hpp"
#include "models/supervised_learner.hpp"
#include "models/test_subset.hpp"

namespace tardigrad {
namespace {

bool is_one_of(const std::string& name, const std::vector<NamedKind>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const NamedKind& kind) { return kind.name == name; });
}

LearnerResult make_null_learner(std::int64_t parameters) {
  if (parameters < 1) return {nullptr, "the null model needs its number of parameters, at least 1"};
  return {std::make_unique<NullLearner>(parameters), ""};
}

}  // namespace

LearnerResult make_learner(const ModelSpec& model, const DataSpec& data, const TrainingSpec& training,
                           const TestSubset& test, NodeId nodes, std::uint64_t seed, unsigned workers) {
  if (!is_one_of(model.kind, model_kinds())) return {nullptr, fmt::format("there is no model {}", model.kind)};
  if (model.kind == "null") return make_null_learner(model.parameters);
  if (data.set == "none") return {nullptr, fmt::format("the model {} needs a data set, not none", model.kind)};
  if (nodes == 0 || workers == 0 || training.batch_size == 0) {
    return {nullptr, "learning needs at least one node, one worker and one sample a batch"};
  }
  DatasetResult loaded = load_dataset(data.set, data.root);
  if (!loaded.error.empty()) return {nullptr, loaded.error};
  PartitionResult partition = make_partition(data.partition, loaded.dataset->train.labels, nodes, seed);
  if (!partition.error.empty()) return {nullptr, partition.error};
  TestSubsetResult subset = stratified_subset(loaded.dataset->test.labels, test.samples, seed);
  if (!subset.error.empty()) return {nullptr, subset.error};

  std::vector<std::unique_ptr<Network>> networks;
  for (unsigned worker = 0; worker < workers; ++worker) {
    networks.push_back(make_network(model.kind, loaded.dataset->train.shape));
  }
  SupervisedTask task{std::move(loaded.dataset), std::move(partition.shards), std::move(subset.samples)};
  return {std::make_unique<SupervisedLearner>(std::move(task), std::move(networks), training, seed), ""};
}

const std::vector<NamedKind>& model_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"gn-lenet", "three convolutions with group normalisation (89,834 parameters on CIFAR-10)"},
      {"logistic-regression", "one linear layer"},
      {"null", "a number of parameters and nothing to learn, to study the network alone"},
  };
  return kinds;
}

const std::vector<NamedKind>& dataset_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"fashion-mnist", "60,000 grey 28x28 images of clothes, 10 classes"},
      {"cifar10", "50,000 coloured 32x32 images, 10 classes (binary version)"},
      {"none", "no data, for the null model"},
  };
  return kinds;
}

const std::vector<NamedKind>& partition_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"iid", "equal shares of the shuffled samples"},
      {"shards", "each node has `per_node` stretches of the samples sorted by class"},
      {"dirichlet", "each class shared out by a Dirichlet draw of concentration `alpha`"},
  };
  return kinds;
}

void prepare_compute_thread() { at::set_num_threads(1); }

}  // namespace tardigrad
