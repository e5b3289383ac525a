/// Training steps a second of a whole run against a bare loop of the same network on every core.
#include <ATen/ATen.h>

#include <vector>

#include "models/networks/network.hpp"
#include "models/networks/model_kind.hpp"
#include "tests/bench/measured_run.hpp"

namespace {

using namespace tardigrad;

constexpr std::int64_t kBatch = 8;
constexpr unsigned kLocalSteps = 128;

std::string scenario(unsigned rounds) {
  return fmt::format(R"(
[time]
duration = "{}ms"
[nodes]
count = 60
model = "gn-lenet"
[data]
set = "fashion-mnist"
partition = {{ kind = "shards", per_node = 5 }}
[training]
batch_size = {}
local_steps = {}
[compute]
step_time = "8ms"
start_stagger = "0s"
[network]
[[network.stragglers]]
nodes = {{ count = 7 }}
factor = 5
[[algorithm]]
kind = "divshare"
fragments = 10
recipients = 6
)",
                     8 * kLocalSteps * rounds, kBatch, kLocalSteps);
}

double tardigrad_steps_per_second(unsigned rounds) {
  const auto run = bench::run_scenario(scenario(rounds));
  return static_cast<double>(run.rounds * kLocalSteps) / run.run_s;
}

/// Nothing but the network on every core at once, with the same steps a round from the initial model:
/// a model that has learned its one batch by heart has denormal gradients, which are slow.
double bare_steps_per_second(std::size_t steps_per_core) {
  std::vector<std::thread> threads;
  const double begin = bench::seconds_now();
  for (unsigned core = 0; core < bench::cores(); ++core) {
    threads.emplace_back([steps_per_core] {
      prepare_compute_thread();
      const auto network = make_network({"gn-lenet"}, {{1, 28, 28}, 10}).network;
      const Values initial = network->initial_model(1);
      Values model;
      // With one channel only the strides can say that the channels are last, as the network wants them.
      const auto inputs = at::empty_strided({kBatch, 1, 28, 28}, {784, 1, 28, 1});
      inputs.copy_(at::rand({kBatch, 1, 28, 28}));
      const auto labels = at::arange(kBatch);
      for (std::size_t step = 0; step < steps_per_core; ++step) {
        if (step % kLocalSteps == 0) {
          model = initial;
          network->bind(model);
        }
        network->loss_and_gradient({inputs, labels});
        network->descend(model, 0.05);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  return static_cast<double>(steps_per_core * bench::cores()) / (bench::seconds_now() - begin);
}

}  // namespace

int main(int argc, char** argv) {
  tardigrad::prefer_large_pages();
  const unsigned rounds = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 2;
  const int repetitions = argc > 2 ? std::atoi(argv[2]) : 3;
  std::vector<double> ratios;
  for (int i = 0; i < repetitions; ++i) {
    const double bare = bare_steps_per_second(60ULL * kLocalSteps * rounds / bench::cores());
    const double ours = tardigrad_steps_per_second(rounds);
    fmt::print("bare loop {:.0f} steps/s, 60-node DivShare {:.0f} steps/s: {:.3f}\n", bare, ours, ours / bare);
    ratios.push_back(ours / bare);
  }
  std::sort(ratios.begin(), ratios.end());
  fmt::print("median ratio {:.3f} on {} cores\n", ratios[ratios.size() / 2], bench::cores());
}
