// One training step of the shipped GN-LeNet against the same network written plainly with LibTorch
// and its automatic differentiation: one thread, batches of 8, both sides taking turns.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "models/gn_lenet.hpp"
#include "models/learner.hpp"
#include "tests/models/plain_gn_lenet.hpp"
#include "tests/models/random_images.hpp"

namespace {

using namespace tardigrad;

constexpr std::size_t kBatch = 8;
constexpr int kTurns = 60;
constexpr int kStepsPerTurn = 10;

double milliseconds_a_step(const std::function<void()>& step) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kStepsPerTurn; ++i) step();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / kStepsPerTurn;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const ImageShape& shape) {
  const Minibatch batch = test::whole_batch(test::random_images(shape, kBatch, 1));
  const at::Tensor images = batch.inputs.flatten().reshape(batch.inputs.sizes());

  GnLeNet shipped(shape);
  Values model = shipped.initial_model(1);
  shipped.bind(model);
  test::PlainGnLeNet plain(shipped.layout(), model);
  const auto shipped_step = [&] {
    const double loss = shipped.loss_and_gradient(batch);
    shipped.descend(model, 0);
    return loss;
  };
  const auto plain_step = [&] {
    const double loss = plain.loss_and_gradient(images, batch.labels);
    plain.descend(0);
    return loss;
  };

  const double loss_difference = std::abs(shipped_step() - plain_step());
  const double gradient_difference = (shipped.gradient() - plain.gradient()).abs().max().item<double>();
  std::vector<double> plain_times, shipped_times;
  for (int turn = 0; turn < kTurns; ++turn) {
    plain_times.push_back(milliseconds_a_step(plain_step));
    shipped_times.push_back(milliseconds_a_step(shipped_step));
  }
  fmt::print("{}x{}x{}, {} parameters: plain {:.3f} ms, shipped {:.3f} ms, {:.3f} times as fast; ", shape.channels,
             shape.height, shape.width, model.size(), median(plain_times), median(shipped_times),
             median(plain_times) / median(shipped_times));
  fmt::print("greatest difference: loss {:.1e}, gradient {:.1e}\n", loss_difference, gradient_difference);
}

}  // namespace

int main() {
  prepare_compute_thread();
  compare({3, 32, 32});
  compare({1, 32, 32});
  compare({1, 28, 28});
}
