#include "models/learners/learner.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <utility>

#include "models/data/datasets.hpp"
#include "models/learners/logistic.hpp"
#include "models/learners/null_learner.hpp"
#include "models/learners/optimum_learner.hpp"
#include "models/learners/quadratic.hpp"
#include "models/learners/rating_learner.hpp"
#include "models/learners/supervised_learner.hpp"
#include "models/networks/model_kind.hpp"
#include "models/networks/module_archive.hpp"
#include "models/split/partition.hpp"
#include "models/split/test_subset.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

LearnerResult make_null_learner(std::int64_t parameters) {
  if (parameters < 1) return {nullptr, "the null model needs its number of parameters, at least 1"};
  return {std::make_unique<NullLearner>(parameters), ""};
}

LearnerResult make_rating_learner(const DataSpec& data, const TrainingSpec& training, const TestSubset& test,
                                  NodeId nodes, std::uint64_t seed, unsigned workers) {
  const PartitionKind* partition = find_kind(partition_kinds(), data.partition);
  if (task_of(data) != Task::ratings || !partition || !partition->splits_ratings) {
    return {nullptr, "matrix factorization needs the data set movielens and its partition by-user"};
  }
  if (test.samples != 0) return {nullptr, "matrix factorization is tested on all ratings kept for that, not on some"};
  RatingsResult loaded = load_ratings(data);
  if (!loaded.error.empty()) return {nullptr, loaded.error};
  RatingSplitResult split = split_ratings(*loaded.ratings, nodes, seed);
  if (!split.error.empty()) return {nullptr, split.error};
  return {std::make_unique<RatingLearner>(std::move(loaded.ratings), std::move(split.split), training, seed, workers),
          ""};
}

LearnerResult make_optimum_learner(const ModelSpec& model, const TrainingSpec& training, const TestSubset& test,
                                   NodeId nodes, std::uint64_t seed, unsigned workers) {
  if (test.samples != 0) return {nullptr, "the distance to an optimum has no samples of which some could be tested on"};
  std::unique_ptr<const Objective> objective;
  if (model.kind == "quadratic") {
    objective = std::make_unique<Quadratic>(model, nodes, seed);
  } else {
    objective = std::make_unique<Logistic>(model, nodes, seed);
  }
  return {std::make_unique<OptimumLearner>(std::move(objective), training, seed, workers), ""};
}

struct NetworksResult {
  std::vector<std::unique_ptr<Network>> networks;
  std::string error;
};

/// Makes one network for each worker.
NetworksResult make_networks(ModelSpec model, const Problem& problem, unsigned workers, Backend backend,
                             const ModuleTrial& trial) {
  NetworksResult result;
  if (model.kind == "torchscript") {
    try {
      model.content = module_content(model.file);
    } catch (const Unusable& unreadable) {
      return {{}, unreadable.what()};
    }
    if (trial) result.error = trial(model, problem);
  }
  for (unsigned worker = 0; worker < workers && result.error.empty(); ++worker) {
    NetworkResult made = make_network(model, problem, backend);
    result.error = made.error;
    result.networks.push_back(std::move(made.network));
  }
  return result;
}

}  // namespace

LearnerResult make_learner(const ModelSpec& model, const DataSpec& data, const TrainingSpec& training,
                           const TestSubset& test, NodeId nodes, std::uint64_t seed, unsigned workers,
                           const ModuleTrial& trial) {
  const ModelKind* kind = find_kind(model_kinds(), model);
  if (!kind) return {nullptr, fmt::format("there is no model {}", model.kind)};
  if (kind->task == Task::own) return {nullptr, "a learner in Python runs in processes of its own"};
  if (kind->task == Task::nothing) return make_null_learner(model.parameters);
  if (has_data(kind->task) && task_of(data) == Task::nothing) {
    return {nullptr, fmt::format("the model {} needs a data set, not none", model.kind)};
  }
  if (nodes == 0 || workers == 0 || training.batch_size == 0) {
    return {nullptr, "learning needs at least one node, one worker and one sample a batch"};
  }
  if (kind->task == Task::ratings) return make_rating_learner(data, training, test, nodes, seed, workers);
  if (kind->task == Task::optimum) return make_optimum_learner(model, training, test, nodes, seed, workers);
  DatasetResult loaded = load_dataset(data);
  if (!loaded.error.empty()) return {nullptr, loaded.error};
  const Samples& train = loaded.dataset->train;
  PartitionResult partition = make_partition(data.partition, train.labels, nodes, seed, train.users);
  if (!partition.error.empty()) return {nullptr, partition.error};
  TestSubsetResult subset = stratified_subset(loaded.dataset->test.labels, test.samples, seed);
  if (!subset.error.empty()) return {nullptr, subset.error};

  NetworksResult made = make_networks(model, loaded.dataset->problem(), workers, training.backend, trial);
  if (!made.error.empty()) return {nullptr, made.error};
  SupervisedTask task{std::move(loaded.dataset), std::move(partition.shards), std::move(subset.samples)};
  auto learner = std::make_unique<SupervisedLearner>(std::move(task), std::move(made.networks), training, seed);
  const std::string objection = learner->objection_to_batches();
  if (!objection.empty()) return {nullptr, objection};
  return {std::move(learner), ""};
}

std::string objection_to_module(const ModelSpec& model, const Problem& problem) {
  return make_network(model, problem).error;
}

void prepare_compute_thread() { at::set_num_threads(1); }

}  // namespace tardigrad
