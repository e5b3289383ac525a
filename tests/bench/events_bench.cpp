/// Events a second and cost per delivered fragment where nothing is learned: the cost of the actors, the clock
/// and the links by themselves.
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

  // The same work a node in both: twelve neighbours, as many fragments as above, and few. Long enough that the first
  // use of the larger run's 120,000 links hardly counts.
  const std::string graph = "{ kind = \"random-regular\", degree = 12 }";
  const auto compare = [&](unsigned fragments, const std::string& small_duration, const std::string& large_duration) {
    const auto cost = [&](unsigned nodes, const std::string& duration) {
      return best_of(3, null_scenario(nodes, graph, fragments, 6, duration), microseconds_per_delivery, false);
    };
    const double small = cost(100, small_duration);
    const double large = cost(10000, large_duration);
    fmt::print(
        "cost per delivered fragment, K = {}, J = 6: {:.2f} us with 100 nodes, {:.2f} us with 10,000: {:.2f} times\n",
        fragments, small, large, large / small);
  };
  compare(10, "160s", "8s");
  compare(2, "400s", "32s");
}
