/// Events a second and cost per delivered fragment where nothing is learned: what the actors, the
/// clock and the links cost by themselves.
#include "tests/bench/measured_run.hpp"

namespace {

using tardigrad::bench::Measured;

std::string null_scenario(unsigned nodes, const std::string& topology, unsigned fragments, unsigned recipients,
                          const std::string& duration) {
  return fmt::format(R"(
[time]
duration = "{}"
[nodes]
count = {}
model = {{ kind = "null", parameters = 89834 }}
[training]
local_steps = 100
[compute]
step_time = "8ms"
[network]
topology = {}
[[network.stragglers]]
nodes = {{ fraction = 0.1 }}
factor = 5
[[algorithm]]
kind = "divshare"
fragments = {}
recipients = {}
)",
                     duration, nodes, topology, fragments, recipients);
}

double best_of(int repetitions, const std::string& scenario, double (*figure)(const Measured&), bool largest) {
  double best = largest ? 0 : 1e300;
  for (int i = 0; i < repetitions; ++i) {
    const double value = figure(tardigrad::bench::run_scenario(scenario, 1));
    best = largest ? std::max(best, value) : std::min(best, value);
  }
  return best;
}

double events_per_second(const Measured& run) { return static_cast<double>(run.events) / run.run_s; }
double microseconds_per_delivery(const Measured& run) { return 1e6 * run.run_s / static_cast<double>(run.delivered); }

}  // namespace

int main() {
  tardigrad::prefer_large_pages();
  const double events = best_of(3, null_scenario(60, "\"complete\"", 10, 6, "200s"), events_per_second, true);
  fmt::print("events a second, null model, 60 nodes, complete graph, K = 10, J = 6: {:.3g} ({:.2f} of 1 million)\n",
             events, events / 1e6);

  // The same work a node in both: twelve neighbours, two fragments to six of them each. Long enough that the first use
  // of the larger run's 120,000 links hardly counts.
  const std::string graph = "{ kind = \"random-regular\", degree = 12 }";
  const double small = best_of(3, null_scenario(100, graph, 2, 6, "400s"), microseconds_per_delivery, false);
  const double large = best_of(3, null_scenario(10000, graph, 2, 6, "32s"), microseconds_per_delivery, false);
  fmt::print("cost per delivered fragment: {:.2f} us with 100 nodes, {:.2f} us with 10,000: {:.2f} times\n", small,
             large, large / small);
}
