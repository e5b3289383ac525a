// One training step of the shipped GN-LeNet against the same network written plainly with LibTorch
// and its automatic differentiation: one thread, batches of 8, both sides taking turns.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "models/learners/learner.hpp"
#include "models/networks/gn_lenet.hpp"
#include "tests/models/random_images.hpp"
#include "tests/models/with_torch/plain_gn_lenet.hpp"

namespace {

using namespace tardigrad;

constexpr std::size_t kBatch = 8;
constexpr std::uint64_t kBatches = 9;
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

/// Steps that change nothing, on one batch.
struct Contest {
  Contest(const ImageShape& shape, std::uint64_t seed)
      : batch(test::whole_batch(test::random_images(shape, kBatch, seed))),
        images(batch.inputs.flatten().reshape(batch.inputs.sizes())),
        shipped(shape),
        model(shipped.initial_model(seed)),
        plain(shipped.layout(), model) {
    shipped.bind(model);
  }

  double shipped_step() {
    const double loss = shipped.loss_and_gradient(batch);
    shipped.descend(model, 0);
    return loss;
  }
  double plain_step() {
    const double loss = plain.loss_and_gradient(images, batch.labels);
    plain.descend(0);
    return loss;
  }

  Minibatch batch;
  at::Tensor images;
  GnLeNet shipped;
  Values model;
  test::PlainGnLeNet plain;
};

void compare_results(const ImageShape& shape) {
  std::vector<double> losses, gradients;
  for (std::uint64_t seed = 1; seed <= kBatches; ++seed) {
    Contest contest(shape, seed);
    losses.push_back(std::abs(contest.shipped_step() - contest.plain_step()));
    gradients.push_back((contest.shipped.gradient() - contest.plain.gradient()).abs().max().item<double>());
  }
  // Some batches have a pooling window whose two largest pixels are equal up to rounding: there, the two
  // networks may pass the gradient to different ones.
  const auto equal = std::count_if(gradients.begin(), gradients.end(), [](double d) { return d < 1e-5; });
  fmt::print("  greatest difference: loss {:.1e}, gradient {:.1e} (median of {} batches, {} of them below 1e-5)\n",
             *std::max_element(losses.begin(), losses.end()), median(gradients), kBatches, equal);
}

void compare_speed(const ImageShape& shape) {
  Contest contest(shape, 1);
  std::vector<double> plain_times, shipped_times, ratios;
  for (int turn = 0; turn < kTurns; ++turn) {
    plain_times.push_back(milliseconds_a_step([&] { contest.plain_step(); }));
    shipped_times.push_back(milliseconds_a_step([&] { contest.shipped_step(); }));
    ratios.push_back(plain_times.back() / shipped_times.back());
  }
  fmt::print("  plain {:.3f} ms, shipped {:.3f} ms, {:.3f} times as fast (medians of {} turns)\n", median(plain_times),
             median(shipped_times), median(ratios), kTurns);
}

}  // namespace

int main() {
  prepare_compute_thread();
  for (const ImageShape& shape : {ImageShape{3, 32, 32}, ImageShape{1, 32, 32}, ImageShape{1, 28, 28}}) {
    fmt::print("{}x{}x{} images, batch {}, one thread:\n", shape.channels, shape.height, shape.width, kBatch);
    compare_results(shape);
    compare_speed(shape);
  }
}
