#include "models/training/sgd.hpp"

#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"

namespace tardigrad {
namespace {

TEST_CASE("weight decay pulls a parameter towards zero beside its gradient") {
  Sgd sgd({0, false, 0.5});
  Values model{2, -4};
  const Values gradient{1, 0};
  sgd.descend(model, gradient.data(), 0.25);
  CHECK(model == Values{2 - 0.25f * (1 + 1), -4 + 0.25f * 2});
}

TEST_CASE("a gradient above the norm is scaled down to it, before weight decay, and one below stays as it is") {
  const Values start{2, -4};
  const Values gradient{3, 4};  // of norm 5
  const auto step = [&](const SgdOptions& options) {
    Values model = start;
    Sgd(options).descend(model, gradient.data(), 0.25);
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
  Sgd sgd({0, false, 0, 1}, 2);
  Values model{0, 0, 7};
  const Values gradient{0.6F, 0, 1000};
  sgd.descend(model, gradient.data(), 1);
  CHECK(model == Values{-0.6F, 0, 7});
}

TEST_CASE("momentum adds the steps before, the first one being the gradient's alone") {
  Sgd sgd({0.5, false, 0});
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
  Sgd sgd({0.5, true, 0});
  Values model{0};
  const Values gradient{1};
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -1.5);
  sgd.descend(model, gradient.data(), 1);
  CHECK(model[0] == -3.25);
}

TEST_CASE("a learning rate that changes applies to the step, not to the momentum so far") {
  Sgd sgd({0.5, false, 0});
  Values model{0};
  const Values gradient{1};
  sgd.descend(model, gradient.data(), 1);
  sgd.descend(model, gradient.data(), 0.5);
  CHECK(model[0] == -1.75);
}

TEST_CASE("steps are those of torch.optim.SGD, clipping is that of torch.nn.utils") {
  constexpr std::int64_t size = 1003;
  constexpr int steps = 25;
  for (const SgdOptions& options : std::vector<SgdOptions>{{0.9, false, 0},
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
    Sgd ours(options);
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

TEST_CASE("what is not trained is left alone, also by weight decay") {
  for (const double momentum : {0.0, 0.9}) {
    Sgd sgd({momentum, false, 0.5}, 2);
    Values model = {1, 2, 3};
    const Values gradient = {1, 1};
    sgd.descend(model, gradient.data(), 0.1);
    CHECK(model == Values{1 - 0.1F * 1.5F, 2 - 0.1F * 2, 3});
  }
}

}  // namespace
}  // namespace tardigrad
