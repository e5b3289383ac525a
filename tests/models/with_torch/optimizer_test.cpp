#include "models/training/optimizer.hpp"

#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"

namespace tardigrad {
namespace {

TEST_CASE("weight decay pulls a parameter towards zero beside its gradient") {
  Optimizer sgd({0, false, 0.5});
  Values model{2, -4};
  const Values gradient{1, 0};
  sgd.descend(model, gradient.data(), 0.25);
  CHECK(model == Values{2 - 0.25f * (1 + 1), -4 + 0.25f * 2});
}

TEST_CASE("a gradient above the norm is scaled down to it, before weight decay, and one below stays as it is") {
  const Values start{2, -4};
  const Values gradient{3, 4};  // of norm 5
  const auto step = [&](const OptimizerOptions& options) {
    Values model = start;
    Optimizer(options).descend(model, gradient.data(), 0.25);
    return model;
  };
  const Values clipped = step({0, false, 0, 0.5});
  CHECK(clipped[0] == doctest::Approx(2 - 0.25 * 0.3));
  CHECK(clipped[1] == doctest::Approx(-4 - 0.25 * 0.4));
  CHECK(std::hypot(clipped[0] - 2, clipped[1] + 4) <= 0.25 * 0.5);
  const Values decayed = step({0, false, 0.5, 0.5});
  CHECK(decayed[0] == doctest::Approx(2 - 0.25 * (0.3 + 1)));
  CHECK(decayed[1] == doctest::Approx(-4 - 0.25 * (0.4 - 2)));
  CHECK(step({0, false, 0, 5.1}) == step({}));
  CHECK(step({0.9, true, 0.1, 5.1}) == step({0.9, true, 0.1}));
}

TEST_CASE("the norm is that of the trained parameters, the others' values do not count") {
  Optimizer sgd({0, false, 0, 1}, 2);
  Values model{0, 0, 7};
  const Values gradient{0.6F, 0, 1000};
  sgd.descend(model, gradient.data(), 1);
  CHECK(model == Values{-0.6F, 0, 7});
}

TEST_CASE("momentum adds the steps before, the first one being the gradient's alone") {
  Optimizer sgd({0.5, false, 0});
  Values model{0};
  const Values gradient{1};
  const Values none{0};
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -1);
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -2.5);
  sgd.descend(model, none.data(), 1);
  CHECK(model[0] == -3.25);
}

TEST_CASE("nesterov's momentum looks one step ahead") {
  Optimizer sgd({0.5, true, 0});
  Values model{0};
  const Values gradient{1};
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -1.5);
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -3.25);
}

TEST_CASE("a learning rate that changes applies to the step, not to the momentum so far") {
  Optimizer sgd({0.5, false, 0});
  Values model{0};
  const Values gradient{1};
  sgd.descend(model, gradient.data(), 1);
  sgd.descend(model, gradient.data(), 0.5);
  CHECK(model[0] == -1.75);
}

TEST_CASE("steps are those of torch.optim.SGD, clipping is that of torch.nn.utils") {
  constexpr std::int64_t size = 1003;
  constexpr int steps = 25;
  for (const OptimizerOptions& options : std::vector<OptimizerOptions>{{0.9, false, 0},
                                                                       {0.9, true, 0},
                                                                       {0, false, 5e-4},
                                                                       {0.9, false, 5e-4},
                                                                       {0.9, true, 0.1},
                                                                       {0.9, true, 0.1, 3}}) {
    CAPTURE(options.clip_norm);
    CAPTURE(options.momentum);
    CAPTURE(options.nesterov);
    CAPTURE(options.weight_decay);
    RandomStream stream(1, Purpose::test);
    Values model;
    for (std::int64_t i = 0; i < size; ++i) model.push_back(static_cast<float>(stream.normal()));
    const auto parameter = torch::tensor(model).requires_grad_(true);
    torch::optim::SGD theirs({parameter}, torch::optim::SGDOptions(0.1)
                                              .momentum(options.momentum)
                                              .nesterov(options.nesterov)
                                              .weight_decay(options.weight_decay));
    Optimizer ours(options);
    for (int step = 0; step < steps; ++step) {
      const double rate = step < 10 ? 0.1 : 0.01;
      Values gradient;
      for (std::int64_t i = 0; i < size; ++i) gradient.push_back(static_cast<float>(stream.normal()));
      static_cast<torch::optim::SGDOptions&>(theirs.param_groups()[0].options()).lr(rate);
      parameter.mutable_grad() = torch::tensor(gradient);
      if (options.clip_norm > 0) torch::nn::utils::clip_grad_norm_(parameter, options.clip_norm);
      theirs.step();
      ours.descend(model, gradient.data(), rate);
    }
    const auto expected = parameter.detach();
    const auto far = (torch::tensor(model) - expected).abs().max().item<double>();
    CHECK(far < 2e-6 * expected.abs().max().item<double>());
  }
}

TEST_CASE("steps of adamw are those of torch.optim.AdamW") {
  constexpr std::int64_t size = 1003;
  for (const double weight_decay : {0.0, 0.1}) {
    RandomStream stream(1, Purpose::test);
    Values model;
    for (std::int64_t i = 0; i < size; ++i) model.push_back(static_cast<float>(stream.normal()));
    const auto parameter = torch::tensor(model).requires_grad_(true);
    torch::optim::AdamW theirs(
        {parameter}, torch::optim::AdamWOptions(0.01).betas({0.8, 0.95}).eps(1e-6).weight_decay(weight_decay));
    OptimizerOptions options;
    options.kind = OptimizerOptions::Kind::adamw;
    options.weight_decay = weight_decay;
    options.beta1 = 0.8, options.beta2 = 0.95, options.epsilon = 1e-6;
    Optimizer ours(options);
    for (int step = 0; step < 25; ++step) {
      const double rate = step < 10 ? 0.01 : 0.1;
      Values gradient;
      for (std::int64_t i = 0; i < size; ++i) gradient.push_back(static_cast<float>(stream.normal()));
      static_cast<torch::optim::AdamWOptions&>(theirs.param_groups()[0].options()).lr(rate);
      parameter.mutable_grad() = torch::tensor(gradient);
      theirs.step();
      ours.descend(model, gradient.data(), rate);
    }
    const auto expected = parameter.detach();
    const auto far = (torch::tensor(model) - expected).abs().max().item<double>();
    CHECK(far < 1e-5 * expected.abs().max().item<double>());
  }
}

TEST_CASE("a factor and an offset come after weight decay, and before clipping and momentum") {
  const SharedValues offset = share(Values{0.5F, -0.25F});
  const auto step = [&](const OptimizerOptions& options, const LocalWork& work) {
    Optimizer optimizer(options, 2);
    Values model{2, -4, 7};
    for (int i = 0; i < 2; ++i) {
      Values gradient{1, 3};
      optimizer.descend(model, gradient.data(), 0.25, work);
    }
    return model;
  };
  // Without decay both steps are along (1, 3) / 2 + (0.5, -0.25) = (1, 1.25).
  const LocalWork both{{}, 0.5F, offset};
  CHECK(step({}, both) == Values{2 - 0.5F, -4 - 0.625F, 7});
  // The second step is along 1.5 times the same.
  CHECK(step({0.5}, both) == Values{2 - 0.25F * 2.5F, -4 - 0.25F * 1.25F * 2.5F, 7});
  OptimizerOptions decay;
  decay.weight_decay = 0.5;
  LocalWork halved{{}, 0.5F, {}};
  Values expected{2, -4, 7};
  for (int i = 0; i < 2; ++i) {
    expected[0] -= 0.25F * 0.5F * (1 + 0.5F * expected[0]);
    expected[1] -= 0.25F * 0.5F * (3 + 0.5F * expected[1]);
  }
  CHECK(step(decay, halved) == expected);
  OptimizerOptions clipped;
  clipped.clip_norm = 0.1;
  const Values near = step(clipped, both);
  CHECK(std::hypot(near[0] - 2, near[1] + 4) == doctest::Approx(2 * 0.25 * 0.1).epsilon(1e-4));
  CHECK((near[1] + 4) / (near[0] - 2) == doctest::Approx(1.25).epsilon(1e-4));
}

TEST_CASE("what is not trained is left alone, also by weight decay") {
  for (const double momentum : {0.0, 0.9}) {
    Optimizer sgd({momentum, false, 0.5}, 2);
    Values model = {1, 2, 3};
    const Values gradient = {1, 1};
    sgd.descend(model, gradient.data(), 0.1);
    CHECK(model == Values{1 - 0.1F * 1.5F, 2 - 0.1F * 2, 3});
  }
}

}  // namespace
}  // namespace tardigrad
