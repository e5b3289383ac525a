/// Checks what clipping does to one step of a learner, the same for all learners.
#pragma once

#include <cmath>
#include <cstddef>
#include <numeric>

#include "models/learners/learner.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"

namespace tardigrad {

/// `learner_with(sgd)` makes a learner whose round is one step; the step without clipping is longer than twice the
/// bound.
template <class LearnerWith>
void check_clipped_step(const LearnerWith& learner_with, double learning_rate, double clip_norm) {
  const auto step_of = [&](const OptimizerOptions& sgd) {
    auto learner = learner_with(sgd);
    const auto state = learner.local_state(1);
    Values model = learner.initial_model();
    const Values before = model;
    learner.train(0, *state, model);
    for (std::size_t p = 0; p < model.size(); ++p) model[p] -= before[p];
    return model;
  };
  const auto product = [](const Values& a, const Values& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.);
  };
  const Values plain = step_of({});
  const Values clipped = step_of({0, false, 0, clip_norm});
  REQUIRE(std::sqrt(product(plain, plain)) > 2 * learning_rate * clip_norm);
  const double length = std::sqrt(product(clipped, clipped));
  CHECK(length / (learning_rate * clip_norm) == doctest::Approx(1).epsilon(0.001));
  CHECK(product(plain, clipped) / (std::sqrt(product(plain, plain)) * length) == doctest::Approx(1).epsilon(0.001));
}

}  // namespace tardigrad
