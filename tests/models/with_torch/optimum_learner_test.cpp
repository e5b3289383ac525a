/// Functions with a known optimum. What a learner needs of LibTorch makes this a test beside it.
#include "models/learners/optimum_learner.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/learners/logistic.hpp"
#include "models/learners/quadratic.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"

namespace tardigrad {
namespace {

constexpr NodeId kNodes = 4;

ModelSpec spec_of(const std::string& kind, double heterogeneity) {
  ModelSpec spec{kind};
  spec.dimension = 6;
  spec.samples = 30;
  spec.heterogeneity = heterogeneity;
  spec.noise = 0.5;
  return spec;
}

std::unique_ptr<const Objective> objective_of(const ModelSpec& spec, std::uint64_t seed = 1) {
  if (spec.kind == "quadratic") return std::make_unique<Quadratic>(spec, kNodes, seed);
  return std::make_unique<Logistic>(spec, kNodes, seed);
}

std::vector<std::uint32_t> all_samples(const Objective& objective) {
  std::vector<std::uint32_t> samples(objective.samples());
  std::iota(samples.begin(), samples.end(), 0U);
  return samples;
}

Values at_optimum(const Objective& objective) { return {objective.optimum().begin(), objective.optimum().end()}; }

double norm(const Values& values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

TEST_CASE("at the optimum the gradients of all nodes cancel, and each is zero only if the nodes are alike") {
  for (const char* kind : {"quadratic", "logistic"}) {
    CAPTURE(kind);
    const auto objective = objective_of(spec_of(kind, 1));
    Values sum(objective->dimension()), gradient(objective->dimension());
    for (NodeId node = 0; node < kNodes; ++node) {
      objective->loss_and_gradient(node, all_samples(*objective), at_optimum(*objective), gradient);
      CHECK(norm(gradient) > 0.01);
      std::transform(sum.begin(), sum.end(), gradient.begin(), sum.begin(), std::plus<>());
    }
    CHECK(norm(sum) < 2e-6);
  }
  ModelSpec alike = spec_of("quadratic", 0);
  alike.noise = 0;
  const auto objective = objective_of(alike);
  Values gradient(objective->dimension());
  objective->loss_and_gradient(3, all_samples(*objective), at_optimum(*objective), gradient);
  CHECK(norm(gradient) < 1e-6);
}

TEST_CASE("gradients are the slopes of the functions, of any samples") {
  for (const char* kind : {"quadratic", "logistic"}) {
    CAPTURE(kind);
    const auto objective = objective_of(spec_of(kind, 1));
    const std::vector<std::uint32_t> samples = {3, 17, 29};
    Values point = {0.5F, -1, 2, 0.25F, -0.75F, 1.5F}, gradient(6), unused(6);
    objective->loss_and_gradient(2, samples, point, gradient);
    constexpr float kStep = 1.0F / 128;
    for (std::size_t p = 0; p < point.size(); ++p) {
      Values above = point, below = point;
      above[p] += kStep;
      below[p] -= kStep;
      const double slope = (objective->loss_and_gradient(2, samples, above, unused) -
                            objective->loss_and_gradient(2, samples, below, unused)) /
                           (2 * kStep);
      CHECK(gradient[p] == doctest::Approx(slope).epsilon(1e-3));
    }
  }
}

TEST_CASE("another seed draws another problem, and the same seed the same for a node whatever their number") {
  const ModelSpec spec = spec_of("quadratic", 1);
  CHECK(objective_of(spec, 1)->optimum() != objective_of(spec, 2)->optimum());
  const Quadratic few(spec, 1, 1), many(spec, kNodes, 1);
  Values point(6, 1), of_few(6), of_many(6);
  few.loss_and_gradient(0, {0}, point, of_few);
  many.loss_and_gradient(0, {0}, point, of_many);
  CHECK(of_few == of_many);
}

TEST_CASE("descent with all samples reaches the optimum of a single node, and its evaluation is the distance") {
  for (const char* kind : {"quadratic", "logistic"}) {
    CAPTURE(kind);
    ModelSpec model = spec_of(kind, 1);
    model.penalty = 0.1;
    DataSpec data{"none"};
    TrainingSpec training;
    training.batch_size = 30;
    training.local_steps = 2000;
    training.learning_rate = 0.5;
    const LearnerResult made = make_learner(model, data, training, {}, 1, 5, 1);
    REQUIRE_MESSAGE(made.learner, made.error);
    Learner& learner = *made.learner;
    CHECK(learner.shard_size(0) == 30);
    Values point = learner.initial_model();
    const Evaluation before = learner.evaluate(0, point, 0);
    CHECK(before.accuracy == 0);
    CHECK(before.loss > 0.5);
    const auto state = learner.local_state(0);
    learner.train(0, *state, point);
    const Evaluation after = learner.evaluate(0, point, std::nullopt);
    CHECK(after.loss < 1e-5);
    CHECK(after.accuracy == doctest::Approx(1 - after.loss / before.loss));
    point[2] += 3;
    CHECK(learner.evaluate(0, point, 0).loss == doctest::Approx(3).epsilon(1e-4));
    point[2] = NAN;
    CHECK(std::isnan(learner.evaluate(0, point, 0).loss));
    CHECK(learner.evaluate(0, point, 0).accuracy == 0);
  }
}

TEST_CASE("a round has the steps that are asked for, along the gradient with its factor and offset") {
  const ModelSpec model = spec_of("quadratic", 1);
  TrainingSpec training;
  training.batch_size = 1;
  training.local_steps = 4;
  training.learning_rate = 0.25;
  training.schedule.kind = LearningRateSchedule::Kind::step;
  training.schedule.unit = "steps";
  training.schedule.every = 4;
  training.schedule.factor = 0.5;
  const LearnerResult made = make_learner(model, {"none"}, training, {}, 1, 5, 1);
  REQUIRE_MESSAGE(made.learner, made.error);
  Learner& learner = *made.learner;
  const auto trained = [&](const LocalWork& work, LocalResult* result = nullptr) {
    const auto state = learner.local_state(0);
    Values point = learner.initial_model();
    const LocalResult own = learner.train(0, *state, point, work);
    if (result) *result = own;
    return point;
  };
  LocalResult result;
  const Values usual = trained({}, &result);
  CHECK(result.steps == 4);
  CHECK(result.learning_rates == 1);
  const Values longer = trained({6, 1, {}}, &result);
  CHECK(result.steps == 6);
  CHECK(result.learning_rates == 1.25);  // the schedule counts steps
  CHECK(longer != usual);
  CHECK(trained({0, 1, {}}, &result) == learner.initial_model());
  CHECK(result.steps == 0);
  CHECK(result.loss == 0);
  // From zero, a step is the rate times the offset where the gradient does not count.
  const SharedValues offset = share(Values(usual.size(), -2.0F));
  CHECK(trained({1, 0, offset}) == Values(usual.size(), 0.5F));
  Values sum = trained({1, 1, {}});
  for (float& value : sum) value += 0.5F;
  const Values moved = trained({1, 1, offset});
  for (std::size_t p = 0; p < sum.size(); ++p) CHECK(moved[p] == doctest::Approx(sum[p]).epsilon(1e-5));
}

TEST_CASE("an optimum is not tested on samples") {
  CHECK(make_learner(spec_of("logistic", 1), {"none"}, {}, {10}, 2, 1, 1).error ==
        "the distance to an optimum has no samples of which some could be tested on");
}

}  // namespace
}  // namespace tardigrad
