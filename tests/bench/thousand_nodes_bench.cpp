/// A thousand GN-LeNet nodes: how long until the first event, and the peak memory after each has
/// trained and mixed a few rounds.
#include "tests/bench/measured_run.hpp"

int main(int argc, char** argv) {
  tardigrad::prefer_large_pages();
  const unsigned rounds = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 4;
  const auto run = tardigrad::bench::run_scenario(fmt::format(R"(
[time]
duration = "{}ms"
[nodes]
count = 1000
model = "gn-lenet"
[data]
set = "fashion-mnist"
partition = "iid"
[training]
batch_size = 8
local_steps = 4
[compute]
step_time = "8ms"
[network]
uplink = "6Gbps"
downlink = "6Gbps"
[[network.stragglers]]
nodes = {{ fraction = 0.1 }}
factor = 500
[[algorithm]]
kind = "divshare"
fragments = 10
recipients = 6
)",
                                                              32 * (rounds + 1)));
  fmt::print(
      "1,000 GN-LeNet nodes, DivShare K = 10, J = 6: start {:.2f} s (budget 5 s), peak memory {:.2f} GiB after {} "
      "rounds in all (budget 4 GiB)\n",
      run.start_s, tardigrad::bench::peak_memory_gib(), run.rounds);
}
