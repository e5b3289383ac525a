#include "models/learners/learner.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/data/datasets.hpp"
#include "models/learners/null_learner.hpp"
#include "models/learners/rating_learner.hpp"
#include "models/learners/supervised_learner.hpp"
#include "models/networks/module_archive.hpp"
#include "models/split/partition.hpp"
#include "models/split/test_subset.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

bool is_one_of(const std::string& name, const std::vector<NamedKind>& kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](const NamedKind& kind) { return kind.name == name; });
}

LearnerResult make_null_learner(std::int64_t parameters) {
  if (parameters < 1) return {nullptr, "the null model needs its number of parameters, at least 1"};
  return {std::make_unique<NullLearner>(parameters), ""};
}

LearnerResult make_rating_learner(const DataSpec& data, const TrainingSpec& training, const TestSubset& test,
                                  NodeId nodes, std::uint64_t seed, unsigned workers) {
  if (data.set != "movielens" || data.partition.kind != "by-user") {
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

struct NetworksResult {
  std::vector<std::unique_ptr<Network>> networks;
  std::string error;
};

/// Makes one network for each worker.
NetworksResult make_networks(ModelSpec model, const Problem& problem, unsigned workers, const ModuleTrial& trial) {
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
    NetworkResult made = make_network(model, problem);
    result.error = made.error;
    result.networks.push_back(std::move(made.network));
  }
  return result;
}

}  // namespace

LearnerResult make_learner(const ModelSpec& model, const DataSpec& data, const TrainingSpec& training,
                           const TestSubset& test, NodeId nodes, std::uint64_t seed, unsigned workers,
                           const ModuleTrial& trial) {
  if (!is_one_of(model.kind, model_kinds())) return {nullptr, fmt::format("there is no model {}", model.kind)};
  if (model.kind == "null") return make_null_learner(model.parameters);
  if (data.set == "none") return {nullptr, fmt::format("the model {} needs a data set, not none", model.kind)};
  if (nodes == 0 || workers == 0 || training.batch_size == 0) {
    return {nullptr, "learning needs at least one node, one worker and one sample a batch"};
  }
  if (model.kind == "matrix-factorization") return make_rating_learner(data, training, test, nodes, seed, workers);
  DatasetResult loaded = load_dataset(data);
  if (!loaded.error.empty()) return {nullptr, loaded.error};
  const Samples& train = loaded.dataset->train;
  PartitionResult partition = make_partition(data.partition, train.labels, nodes, seed, train.users);
  if (!partition.error.empty()) return {nullptr, partition.error};
  TestSubsetResult subset = stratified_subset(loaded.dataset->test.labels, test.samples, seed);
  if (!subset.error.empty()) return {nullptr, subset.error};

  NetworksResult made = make_networks(model, loaded.dataset->problem(), workers, trial);
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

const std::vector<NamedKind>& model_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"gn-lenet", "three convolutions with group normalisation (89,834 parameters on CIFAR-10)"},
      {"lenet", "two convolutions, two fully connected layers (1,690,046 parameters on FEMNIST)"},
      {"logistic-regression", "one linear layer"},
      {"lstm", "stacked LSTM that predicts a text's next sign (819,920 parameters for 80 signs)"},
      {"matrix-factorization", "20 factors a user and a film (206,680 parameters on MovieLens)"},
      {"mlp", "fully connected layers with ReLU between them"},
      {"resnet-20", "the residual network for small pictures (269,722 parameters on CIFAR-10)"},
      {"vgg-11", "eight convolutions (9,231,114 parameters on CIFAR-10)"},
      {"torchscript", "{ torchscript = \"my_model.pt\" }: a module of yours, saved by torch.jit.script(...).save"},
      {"null", "a number of parameters and nothing to learn, to study the network alone"},
  };
  return kinds;
}

const std::vector<NamedKind>& dataset_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"fashion-mnist", "60,000 grey 28x28 images of clothes, 10 classes"},
      {"cifar10", "50,000 coloured 32x32 images, 10 classes (binary version)"},
      {"cifar100", "50,000 coloured 32x32 images, 100 classes (binary version)"},
      {"image-folder", "PNG or JPEG pictures of one size, root/train/<class>/* and root/test/<class>/*"},
      {"leaf-text", "texts by user as LEAF leaves its Shakespeare: root/train/*.json and root/test/*.json"},
      {"movielens", "users' ratings of films, GroupLens' ratings.csv, ratings.dat or u.data, for matrix factorization"},
      {"text", "any UTF-8 text file: what sign follows 80 others; its last tenth is for testing"},
      {"tensors", "what torch.save((inputs, labels), \"train.pt\") has written"},
      {"none", "no data, for the null model"},
  };
  return kinds;
}

const std::vector<NamedKind>& partition_kinds() {
  static const std::vector<NamedKind> kinds = {
      {"iid", "equal shares of the shuffled samples"},
      {"shards", "each node has `per_node` stretches of the samples sorted by class"},
      {"dirichlet",
       "each class shared out by a Dirichlet draw of concentration `alpha`, `at_least` so many samples a node"},
      {"dirichlet-mix", "equally many samples, each node's mix of classes a Dirichlet draw of concentration `alpha`"},
      {"by-user", "each node has the samples of a block of users, of a data set that knows whose they are"},
  };
  return kinds;
}

void prepare_compute_thread() { at::set_num_threads(1); }

}  // namespace tardigrad
