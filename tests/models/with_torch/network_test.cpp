#include "models/networks/network.hpp"

#include <cmath>
#include <stdexcept>

#include "models/networks/gn_lenet.hpp"
#include "models/networks/logistic_regression.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/models/with_torch/plain_gn_lenet.hpp"

namespace tardigrad {
namespace {

std::vector<std::int64_t> numels(const ParameterLayout& layout) {
  std::vector<std::int64_t> result;
  for (const ParameterTensor& tensor : layout.tensors) result.push_back(tensor.numel());
  return result;
}

double greatest(const at::Tensor& difference) { return difference.abs().max().item<double>(); }

/// The same pictures with the channels first in memory.
at::Tensor channels_first(const Minibatch& batch) { return batch.inputs.flatten().reshape(batch.inputs.sizes()); }

TEST_CASE("GN-LeNet has the parameters of the DivShare comparison, in its order") {
  const ParameterLayout layout = GnLeNet({3, 32, 32}).layout();
  CHECK(numels(layout) == std::vector<std::int64_t>{2400, 32, 32, 32, 25600, 32, 32, 32, 51200, 64, 64, 64, 10240, 10});
  CHECK(layout.numel() == 89834);
  CHECK(layout.tensors[4].name == "conv2.weight");
  CHECK(layout.tensors[4].shape == std::vector<std::int64_t>{32, 32, 5, 5});
  CHECK(layout.tensors[7].name == "gn2.shift");
  CHECK(GnLeNet({1, 32, 32}).layout().numel() == 88234);
  CHECK(GnLeNet({1, 28, 28}).layout().numel() == 83754);
}

TEST_CASE("logistic regression has a weight per class and pixel, and a bias per class") {
  CHECK(numels(LogisticRegression({}, {{1, 28, 28}, 10}).layout()) == std::vector<std::int64_t>{7840, 10});
  CHECK(LogisticRegression({}, {{3, 32, 32}, 10}).layout().numel() == 30730);
}

TEST_CASE("weights and biases start uniform within one over the root of the fan-in") {
  GnLeNet network({3, 32, 32});
  const Values model = network.initial_model(1);
  const std::vector<double> fan_in = {75, 75, 0, 0, 800, 800, 0, 0, 800, 800, 0, 0, 1024, 1024};
  std::size_t offset = 0;
  for (std::size_t t = 0; t < fan_in.size(); ++t) {
    const ParameterTensor& tensor = network.layout().tensors[t];
    INFO(tensor.name);
    const auto begin = model.begin() + static_cast<std::ptrdiff_t>(offset);
    const auto [least, most] = std::minmax_element(begin, begin + tensor.numel());
    if (fan_in[t] == 0) {
      CHECK(*least == (t % 4 == 2 ? 1 : 0));
      CHECK(*most == *least);
    } else {
      const double bound = 1 / std::sqrt(fan_in[t]);
      CHECK(*least >= -bound);
      CHECK(*most <= bound);
      if (tensor.numel() > 1000) CHECK(*least < -0.99 * bound);
      if (tensor.numel() > 1000) CHECK(*most > 0.99 * bound);
    }
    offset += static_cast<std::size_t>(tensor.numel());
  }
  CHECK(network.initial_model(1) == model);
  CHECK(network.initial_model(2) != model);
}

struct Difference {
  double loss;      ///< relative
  double scores;    ///< greatest
  double gradient;  ///< greatest
  double norm;      ///< of the gradients' difference, relative
};

Difference difference_to_plain(const ImageShape& shape, std::size_t samples, std::uint64_t seed) {
  const Minibatch batch = test::whole_batch(test::random_images(shape, samples, seed));
  GnLeNet network(shape);
  Values model = network.initial_model(seed);
  // Shifts other than zero and scales of both signs, as after some training.
  RandomStream stream(seed, Purpose::test, 1);
  for (float& value : model) value += static_cast<float>(0.02 * stream.normal());
  model[800 * shape.channels + 32] = -0.5F;
  network.bind(model);
  test::PlainGnLeNet plain(network.layout(), model);

  const double loss = network.loss_and_gradient(batch);
  const double plain_loss = plain.loss_and_gradient(channels_first(batch), batch.labels);
  const at::Tensor gradient = network.gradient() - plain.gradient();
  return {std::abs(loss / plain_loss - 1),
          greatest(network.logits(batch.inputs) - plain.logits(channels_first(batch)).detach()), greatest(gradient),
          (gradient.norm() / plain.gradient().norm()).item<double>()};
}

void check_against_plain(const ImageShape& shape, std::size_t samples) {
  constexpr int kBatches = 8;
  int equal = 0;
  for (std::uint64_t seed = 1; seed <= kBatches; ++seed) {
    INFO("batch " << seed);
    const Difference difference = difference_to_plain(shape, samples, seed);
    CHECK(difference.loss < 1e-5);
    CHECK(difference.scores < 1e-5);
    // Where two pixels of a pooling window are equal up to rounding, the two networks may pass the
    // gradient to different ones. That is rare, and a small part of the gradient.
    CHECK(difference.norm < 1e-2);
    if (difference.gradient < 1e-5) ++equal;
  }
  CHECK(equal >= kBatches / 2);
}

TEST_CASE("GN-LeNet has the scores, loss and gradient of the same network written plainly") {
  SUBCASE("three channels") { check_against_plain({3, 32, 32}, 8); }
  SUBCASE("one channel") { check_against_plain({1, 32, 32}, 8); }
  SUBCASE("an odd side before the last pooling") { check_against_plain({1, 28, 28}, 8); }
  SUBCASE("the last batch of a pass") { check_against_plain({3, 32, 32}, 1); }
}

TEST_CASE("logistic regression has the scores, loss and gradient of a linear layer") {
  const Minibatch batch = test::whole_batch(test::random_images({3, 8, 8}, 6, 1));
  LogisticRegression network({}, {{3, 8, 8}, 10});
  Values model = network.initial_model(1);
  network.bind(model);

  at::Tensor weight = at::from_blob(model.data(), {10, 192}).clone().set_requires_grad(true);
  at::Tensor bias = at::from_blob(model.data() + 1920, {10}).clone().set_requires_grad(true);
  const at::Tensor scores = at::linear(channels_first(batch).flatten(1), weight, bias);
  const at::Tensor loss = at::cross_entropy_loss(scores, batch.labels);
  loss.backward();

  CHECK(network.loss_and_gradient(batch) == doctest::Approx(loss.item<double>()).epsilon(1e-5));
  CHECK(greatest(network.gradient() - at::cat({weight.grad().flatten(), bias.grad()})) < 1e-5);
  CHECK(greatest(network.logits(batch.inputs) - scores.detach()) < 1e-5);
}

TEST_CASE("a network computes on the bound vector itself") {
  const Minibatch batch = test::whole_batch(test::random_images({1, 28, 28}, 8, 1));
  GnLeNet network({1, 28, 28});
  Values first = network.initial_model(1);
  Values second = network.initial_model(2);
  const Values second_before = second;

  network.bind(second);
  const double loss_of_second = network.loss_and_gradient(batch);
  network.bind(first);
  const double before = network.loss_and_gradient(batch);
  const float* place = first.data();
  const Values start = first;
  network.descend(first, 0.005);
  CHECK(first.data() == place);
  const at::Tensor step =
      at::from_blob(first.data(), {83754}) - at::from_blob(const_cast<float*>(start.data()), {83754});
  CHECK(greatest(step + 0.005 * network.gradient()) < 1e-6);
  CHECK(network.loss_and_gradient(batch) < before);  // without binding anew
  CHECK(second == second_before);

  first = second;
  CHECK(network.loss_and_gradient(batch) == loss_of_second);
}

TEST_CASE("a vector of another size than the layout's is refused") {
  GnLeNet network({1, 28, 28});
  CHECK_THROWS_AS(network.bind(Values(89834)), std::invalid_argument);
}

}  // namespace
}  // namespace tardigrad
