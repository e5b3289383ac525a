#include "models/learners/learner.hpp"

#include <cmath>
#include <filesystem>
#include <limits>
#include <thread>
#include <utility>

#include "models/data/datasets.hpp"
#include "models/learners/supervised_learner.hpp"
#include "models/networks/model_kind.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/clipped_step.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

constexpr ImageShape kShape = {1, 28, 28};
const TrainingSpec kTraining = {8, 5, 0.05};

SupervisedLearner random_learner(const std::string& kind, unsigned workers, const TrainingSpec& training = kTraining) {
  const PartitionResult partition = partition_iid(90, 3, RandomStream(1, Purpose::test));
  SupervisedTask task{std::make_shared<const Dataset>(
                          Dataset{test::random_images(kShape, 90, 1), test::random_images(kShape, 50, 2), 10}),
                      partition.shards,
                      {}};
  for (std::uint32_t i = 0; i < 50; ++i) task.test_samples.push_back(i);
  std::vector<std::unique_ptr<Network>> networks;
  for (unsigned w = 0; w < workers; ++w) networks.push_back(make_network({kind}, task.dataset->problem()).network);
  return SupervisedLearner(std::move(task), std::move(networks), training, 1);
}

/// The results of a node's two rounds and its test.
struct Outcome {
  Values model;
  std::pair<double, double> losses;
  Evaluation evaluation;
};

Outcome two_rounds(Learner& learner, unsigned worker, NodeId node) {
  prepare_compute_thread();
  const auto state = learner.local_state(node);
  Outcome outcome;
  outcome.model = learner.initial_model();
  outcome.losses.first = learner.train(worker, *state, outcome.model).loss;
  outcome.losses.second = learner.train(worker, *state, outcome.model).loss;
  outcome.evaluation = learner.evaluate(worker, outcome.model, std::nullopt);
  return outcome;
}

void check_same(const Outcome& a, const Outcome& b) {
  CHECK(a.model == b.model);
  CHECK(a.losses == b.losses);
  CHECK(a.evaluation.accuracy == b.evaluation.accuracy);
  CHECK(a.evaluation.loss == b.evaluation.loss);
}

TEST_CASE("training and testing give the same bytes on every worker, whatever their number") {
  for (const char* kind : {"gn-lenet", "logistic-regression", "mlp", "resnet-20"}) {
    CAPTURE(kind);
    SupervisedLearner alone = random_learner(kind, 1);
    const Outcome expected = two_rounds(alone, 0, 1);
    CHECK(expected.model != alone.initial_model());

    SupervisedLearner shared = random_learner(kind, 3);
    std::vector<Outcome> outcomes(3);
    std::vector<std::thread> threads;
    for (unsigned w = 0; w < 3; ++w) threads.emplace_back([&, w] { outcomes[w] = two_rounds(shared, w, 1); });
    for (std::thread& thread : threads) thread.join();
    for (const Outcome& outcome : outcomes) check_same(outcome, expected);
  }
}

TEST_CASE("a round on one node changes that node's vector in place and no other") {
  prepare_compute_thread();
  SupervisedLearner learner = random_learner("gn-lenet", 1);
  const Values start = learner.initial_model();
  Values first = start;
  Values second = start;
  const float* place = first.data();
  const auto first_state = learner.local_state(0);
  const auto second_state = learner.local_state(1);
  learner.train(0, *first_state, first);
  CHECK(first.data() == place);
  CHECK(first != start);
  CHECK(second == start);
  const Values trained = first;
  learner.train(0, *second_state, second);
  CHECK(first == trained);
  CHECK(second != trained);  // another shard
}

/// Node 0 after so many rounds.
Values trained(const TrainingSpec& training, int rounds) {
  prepare_compute_thread();
  SupervisedLearner learner = random_learner("logistic-regression", 1, training);
  const auto state = learner.local_state(0);
  Values model = learner.initial_model();
  for (int round = 0; round < rounds; ++round) learner.train(0, *state, model);
  return model;
}

TEST_CASE("momentum outlives a round: two rounds of five steps are one of ten") {
  TrainingSpec training{6, 5, 0.05, {}, {0.9, true, 5e-4}};
  const Values two_rounds_of_five = trained(training, 2);
  training.local_steps = 10;
  CHECK(trained(training, 1) == two_rounds_of_five);
  training.optimizer.momentum = 0;
  CHECK(trained(training, 1) != two_rounds_of_five);
}

TEST_CASE("each node has a momentum of its own") {
  prepare_compute_thread();
  const TrainingSpec training{6, 5, 0.05, {}, {0.9, false, 0}};
  SupervisedLearner alone = random_learner("logistic-regression", 1, training);
  const Outcome expected = two_rounds(alone, 0, 1);
  SupervisedLearner shared = random_learner("logistic-regression", 1, training);
  const auto first = shared.local_state(0);
  Values other = shared.initial_model();
  shared.train(0, *first, other);
  check_same(two_rounds(shared, 0, 1), expected);
}

TEST_CASE("a node's learning rate follows its own rounds") {
  TrainingSpec training = kTraining;
  training.schedule.kind = LearningRateSchedule::Kind::step;
  training.schedule.every = 1;
  training.schedule.factor = 0;
  // From its second round on nothing moves.
  CHECK(trained(training, 1) == trained(kTraining, 1));
  CHECK(trained(training, 3) == trained(kTraining, 1));
  CHECK(trained(kTraining, 2) != trained(kTraining, 1));
}

TEST_CASE("a clipped step of a network goes the way of the plain one, and no further than the norm allows") {
  prepare_compute_thread();
  check_clipped_step(
      [](const OptimizerOptions& sgd) {
        return random_learner("mlp", 1, {8, 1, 0.05, {}, sgd});
      },
      0.05, 0.1);
}

TEST_CASE("work that nobody wants any more ends before its next minibatch") {
  prepare_compute_thread();
  SupervisedLearner learner = random_learner("logistic-regression", 1, {8, 1'000'000'000, 0.05});
  const auto state = learner.local_state(0);
  Values model = learner.initial_model();
  std::thread trainer([&] { learner.train(0, *state, model); });
  learner.abandon_work(true);
  trainer.join();  // in a billion steps else
  learner.abandon_work(false);

  SupervisedLearner brief = random_learner("logistic-regression", 1);
  brief.abandon_work(true);
  brief.abandon_work(false);
  SupervisedLearner other = random_learner("logistic-regression", 1);
  check_same(two_rounds(brief, 0, 1), two_rounds(other, 0, 1));
}

TEST_CASE("a model of zeros is right for one class in ten and as sure of each") {
  prepare_compute_thread();
  SupervisedLearner learner = random_learner("logistic-regression", 1);
  const Evaluation evaluation = learner.evaluate(0, Values(7850, 0), std::nullopt);
  CHECK(evaluation.accuracy == doctest::Approx(0.1));
  CHECK(evaluation.loss == doctest::Approx(std::log(10.0)));
}

TEST_CASE("a diverged model is never right, and training it goes on") {
  prepare_compute_thread();
  for (const float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    SupervisedLearner learner = random_learner("gn-lenet", 1);
    Values model(static_cast<std::size_t>(learner.layout().numel()), value);
    const Evaluation evaluation = learner.evaluate(0, model, std::nullopt);
    CHECK(evaluation.accuracy == 0);
    CHECK(std::isnan(evaluation.loss));
    const auto state = learner.local_state(0);
    CHECK(std::isnan(learner.train(0, *state, model).loss));
  }
}

TEST_CASE("the null model has a size and nothing to learn") {
  const LearnerResult result = make_learner({"null", 1000}, {"none", "", {}}, {}, {}, 10, 1, 2);
  REQUIRE(result.error == "");
  Learner& learner = *result.learner;
  CHECK(!learner.learns());
  CHECK(learner.layout().numel() == 1000);
  CHECK(!learner.layout().has_values);
  Values model = learner.initial_model();
  CHECK(model.empty());
  const auto state = learner.local_state(9);
  CHECK(learner.train(1, *state, model).loss == 0);
  CHECK(model.empty());
}

TEST_CASE("what cannot be learned is said in one sentence") {
  const auto error = [](const ModelSpec& model, const DataSpec& data) {
    return make_learner(model, data, {}, {}, 10, 1, 1).error;
  };
  CHECK(error({"null", 0}, {"none", "", {}}) == "the null model needs its number of parameters, at least 1");
  CHECK(error({"gn-lenet", 0}, {"none", "", {}}) == "the model gn-lenet needs a data set, not none");
  CHECK(error({"lanet", 0}, {"none", "", {}}) == "there is no model lanet");
  CHECK(error({"gn-lenet", 0}, {"emnist", "", {}}) == "there is no data set emnist");
  const test::TemporaryFolder empty;
  const std::string missing = empty.path() / "train-images-idx3-ubyte.gz";
  CHECK(error({"gn-lenet", 0}, {"fashion-mnist", empty.path(), {}}) ==
        "there is no file " + missing + "; Debian's package dataset-fashion-mnist has it");
}

bool has_fashion_mnist() {
  if (std::filesystem::exists("/usr/share/datasets/fashion-mnist")) return true;
  MESSAGE("skipped: Fashion-MNIST is not at its usual place");
  return false;
}

TEST_CASE("the loss on Fashion-MNIST falls within a few steps" * doctest::test_suite("optional")) {
  if (!has_fashion_mnist()) return;
  prepare_compute_thread();
  for (const char* kind : {"gn-lenet", "logistic-regression"}) {
    const LearnerResult result = make_learner({kind, 0}, {}, {8, 60, 0.02}, {500}, 60, 1, 1);
    REQUIRE(result.error == "");
    CHECK(result.learner->shard_size(0) == 1000);
    Values model = result.learner->initial_model();
    const Evaluation before = result.learner->evaluate(0, model, std::nullopt);
    const auto state = result.learner->local_state(0);
    const double first = result.learner->train(0, *state, model).loss;
    CHECK(result.learner->train(0, *state, model).loss < first);
    const Evaluation after = result.learner->evaluate(0, model, std::nullopt);
    CHECK(after.loss < before.loss);
    CHECK(after.accuracy > 0.4);
  }
}

TEST_CASE("a data set is loaded once, and too few samples in it are an error" * doctest::test_suite("optional")) {
  if (!has_fashion_mnist()) return;
  const auto dataset = load_dataset({"fashion-mnist", "", {}}).dataset;
  CHECK(load_dataset({"fashion-mnist", "/usr/share/datasets/../datasets/fashion-mnist", {}}).dataset == dataset);

  const auto learner = [](NodeId nodes) {
    return make_learner({"logistic-regression", 0}, {"fashion-mnist", "", {"iid", 0, 0}}, {}, {20000}, nodes, 1, 1);
  };
  CHECK(learner(60001).error == "60000 training samples are too few for 60001 nodes");
  CHECK(learner(60).error == "the test set has 10000 samples, fewer than the 20000 of samples in [evaluation]");
}

}  // namespace
}  // namespace tardigrad
