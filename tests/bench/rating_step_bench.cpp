// A plain step of matrix factorization on the rows that its batch touches against dense steps, plain and with
// momentum and weight decay: MovieLens' size, one thread, all sides taking turns.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "models/learners/matrix_factorization.hpp"
#include "models/training/optimizer.hpp"
#include "netem/base/random_stream.hpp"

namespace {

using namespace tardigrad;

constexpr std::uint32_t kUsers = 610;
constexpr std::uint32_t kFilms = 9'724;
constexpr std::size_t kBatches = 64;
constexpr int kTurns = 30;

std::vector<std::vector<Rating>> batches_of(std::size_t size) {
  RandomStream draws(1, Purpose::test);
  std::vector<std::vector<Rating>> batches(kBatches);
  for (auto& batch : batches) {
    for (std::size_t i = 0; i < size; ++i) {
      batch.push_back({static_cast<std::uint32_t>(draws.below(kUsers)), static_cast<std::uint32_t>(draws.below(kFilms)),
                       0.5F * static_cast<float>(1 + draws.below(10))});
    }
  }
  return batches;
}

using Step = std::function<void(Values&, const std::vector<Rating>&)>;

double microseconds_a_step(const Step& step, Values& model, const std::vector<std::vector<Rating>>& batches) {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& batch : batches) step(model, batch);
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / kBatches;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(std::size_t batch_size) {
  MatrixFactorization factors(kUsers, kFilms);
  Optimizer plain(OptimizerOptions{});
  Optimizer with_momentum({0.9, false, 1e-4});
  const auto batches = batches_of(batch_size);
  const std::vector<std::pair<const char*, Step>> steps = {
      {"sparse", [&](Values& model, const std::vector<Rating>& batch) { factors.descend(model, batch, 0.1); }},
      {"dense",
       [&](Values& model, const std::vector<Rating>& batch) {
         factors.loss_and_gradient(model, batch);
         plain.descend(model, factors.gradient().data(), 0.1);
       }},
      {"dense with momentum",
       [&](Values& model, const std::vector<Rating>& batch) {
         factors.loss_and_gradient(model, batch);
         with_momentum.descend(model, factors.gradient().data(), 0.1);
       }},
  };
  std::vector<Values> models(steps.size(), factors.initial_model(1));
  std::vector<std::vector<double>> times(steps.size());
  for (int turn = 0; turn < kTurns; ++turn) {
    for (std::size_t s = 0; s < steps.size(); ++s) {
      times[s].push_back(microseconds_a_step(steps[s].second, models[s], batches));
    }
  }
  const double sparse = median(times[0]);
  for (std::size_t s = 0; s < steps.size(); ++s) {
    const double own = median(times[s]);
    fmt::print("batch {:3}  {:20} {:8.2f} us a step, {:6.1f} times the sparse one\n", batch_size, steps[s].first, own,
               own / sparse);
  }
}

}  // namespace

int main() {
  for (const std::size_t batch_size : {16, 64, 256}) compare(batch_size);
}
