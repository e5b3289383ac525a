#include "scenarios/src/scenario/network_plan.hpp"

#include <doctest/doctest.h>

#include <set>

#include "scenarios/src/data/star_trace.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::TemporaryFolder;

namespace {

constexpr Time s(std::int64_t count) { return std::chrono::seconds(count); }

/// Eight nodes for a hundred seconds. Files lie where the scenario does.
class Files {
 public:
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  Scenario scenario(const std::string& added) const {
    const std::string text = R"([time]
duration = "100s"
[nodes]
count = 8
model = { kind = "null", parameters = 100 }
[[algorithm]]
kind = "swift"
topology = "ring"
)" + added;
    auto result = load_scenario(folder_.write("s.toml", text).string());
    REQUIRE_MESSAGE(result.scenario, result.error);
    return *result.scenario;
  }
  EmulatedNetwork network(const std::string& added, std::uint64_t seed = 1) const {
    return make_network(scenario(added), seed);
  }

 private:
  TemporaryFolder folder_;
};

EmulatedNetwork network(const std::string& added, std::uint64_t seed = 1) { return Files().network(added, seed); }

double mbps(const RateProfile& rate, Time time) { return rate.at(time).value / 1e6; }

/// The changes of a profile during the run, with their times.
std::vector<std::pair<Time, double>> steps_of(const PiecewiseConstant& value) {
  std::vector<std::pair<Time, double>> steps;
  for (Time at{}; at < s(100); at = value.next_change(at)) steps.emplace_back(at, value.at(at));
  return steps;
}

/// Nodes whose uplink is not always at 60 Mbps.
std::set<NodeId> slow_nodes(const EmulatedNetwork& network) {
  std::set<NodeId> slow;
  for (NodeId node = 0; node < network.access.size(); ++node) {
    const PiecewiseConstant& rate = network.access[node].uplink.bits_per_second();
    if (!rate.is_constant() || rate.at({}) != 60e6) slow.insert(node);
  }
  return slow;
}

const char* const kOnOff = "mean_on = \"2s\"\nmean_off = \"3s\"\n";

}  // namespace

TEST_CASE("a plain network has constant rates, one latency and no losses") {
  const EmulatedNetwork plain = network("[[network.stragglers]]\nnodes = { list = [3] }\nfactor = 5\n");
  CHECK(plain.sharing == Sharing::serial);
  REQUIRE(plain.access.size() == 8);
  CHECK(plain.access[3].downlink.is_constant());
  CHECK(mbps(plain.access[3].downlink, {}) == 12);
  CHECK(mbps(plain.access[2].uplink, {}) == 60);
  const LinkModel link = *plain.link(0, 1);
  CHECK(link.latency.base.is_constant());
  CHECK(link.latency.base.at({}) == 0.002);
  CHECK(link.latency.jitter.expected() == Time{});
  CHECK(link.loss.expected_rate() == 0);
  CHECK_FALSE(link.rate);
  CHECK(plain.link(0, 1) == plain.link(6, 2));  // one model, however many links
  CHECK(network("[network]\nsharing = \"fair\"\n").sharing == Sharing::fair);
}

TEST_CASE("a network outlives its scenario and serves every pair") {
  const EmulatedNetwork drawn = network(
      "[network]\nloss = { rate = 0.25 }\nlatency = { kind = \"pareto\", mean = \"3ms\", shape = 3, base = \"1ms\" "
      "}\n");
  for (const auto& [from, to] : {std::pair(0, 1), std::pair(7, 6)}) {
    const LinkModel link = *drawn.link(static_cast<NodeId>(from), static_cast<NodeId>(to));
    CHECK(link.latency.base.at({}) == 0.001);
    CHECK(link.latency.jitter.kind == Distribution::Kind::pareto);
    CHECK(link.loss.rate == 0.25);
  }
}

TEST_CASE("a matrix gives links their rates, and latencies to which draws are added") {
  const Files files;
  files.write("rows.csv", "from_region,to_region,rate_mbps,latency_ms\na,b,10,40\na,a,100,1\nb,b,200,2\nb,a,20,50\n");
  const EmulatedNetwork matrix = files.network(
      "[network]\nmatrix = { rates = \"rows.csv\" }\nlatency = { kind = \"exponential\", mean = \"3ms\" }\n");
  CHECK(matrix.access[0].uplink.at({}) == kUnlimited);
  CHECK(mbps(*matrix.link(0, 4)->rate, {}) == 10);
  CHECK(mbps(*matrix.link(4, 0)->rate, {}) == 20);
  CHECK(mbps(*matrix.link(5, 7)->rate, {}) == 200);
  CHECK(matrix.link(4, 0)->latency.base.at({}) == doctest::Approx(0.05));
  CHECK(matrix.link(4, 0)->latency.jitter.mean == std::chrono::milliseconds(3));
}

TEST_CASE("on-off stragglers are slow while on, up and down alike, each at times of its own") {
  const std::string table = "[[network.stragglers]]\nnodes = { list = [2, 5] }\nfactor = 4\n" + std::string(kOnOff);
  const EmulatedNetwork slow = network(table);
  CHECK(slow_nodes(slow) == std::set<NodeId>{2, 5});
  const auto steps = steps_of(slow.access[2].uplink.bits_per_second());
  CHECK(steps.size() > 10);
  for (const auto& step : steps) CHECK((step.second == 15e6 || step.second == 60e6));
  CHECK(steps == steps_of(slow.access[2].downlink.bits_per_second()));
  CHECK(steps != steps_of(slow.access[5].uplink.bits_per_second()));
  CHECK(steps == steps_of(network(table).access[2].uplink.bits_per_second()));
  CHECK(steps != steps_of(network(table, 2).access[2].uplink.bits_per_second()));
  const double mean = mean_over(slow.access[2].uplink.bits_per_second(), s(100));
  CHECK(mean > 15e6);
  CHECK(mean < 60e6);
}

TEST_CASE("on-off stragglers come on top of those that are always slow") {
  const std::string always = "[[network.stragglers]]\nnodes = { list = [2] }\nfactor = 4\n";
  const EmulatedNetwork slow =
      network(always + "[[network.stragglers]]\nnodes = \"all\"\ndownlink = \"30Mbps\"\n" + kOnOff);
  for (const auto& step : steps_of(slow.access[2].downlink.bits_per_second())) {
    CHECK((step.second == 15e6 || step.second == 7.5e6));
  }
  CHECK(mbps(slow.access[2].uplink, {}) == 15);
  CHECK(slow.access[2].uplink.next_change({}) == kNever);
}

TEST_CASE("changes scale access links in one direction or both, for as long as they last") {
  const EmulatedNetwork changed = network(R"([[network.changes]]
nodes = { list = [0, 1] }
begin = "10s"
end = "20s"
factor = 10
[[network.changes]]
nodes = { list = [1] }
direction = "downlink"
begin = "15s"
end = "30s"
outage = true
)");
  using Steps = std::vector<std::pair<Time, double>>;
  CHECK(steps_of(changed.access[0].uplink.bits_per_second()) == Steps{{s(0), 60e6}, {s(10), 6e6}, {s(20), 60e6}});
  CHECK(steps_of(changed.access[1].uplink.bits_per_second()) == Steps{{s(0), 60e6}, {s(10), 6e6}, {s(20), 60e6}});
  CHECK(steps_of(changed.access[1].downlink.bits_per_second()) ==
        Steps{{s(0), 60e6}, {s(10), 6e6}, {s(15), 0}, {s(30), 60e6}});
  CHECK(changed.access[2].downlink.is_constant());
}

TEST_CASE("changes that come and go keep to their direction, and outages to zero") {
  const EmulatedNetwork changed = network(
      "[[network.changes]]\nnodes = { list = [0] }\ndirection = \"downlink\"\noutage = true\n" + std::string(kOnOff) +
      "[[network.changes]]\nnodes = { list = [1] }\ndirection = \"uplink\"\nfactor = 6\n" + kOnOff);
  CHECK(changed.access[0].uplink.is_constant());
  CHECK(changed.access[1].downlink.is_constant());
  for (const auto& step : steps_of(changed.access[0].downlink.bits_per_second())) {
    CHECK((step.second == 0 || step.second == 60e6));
  }
  for (const auto& step : steps_of(changed.access[1].uplink.bits_per_second())) {
    CHECK((step.second == 10e6 || step.second == 60e6));
  }
  CHECK(changed.access[0].downlink.recovers());
}

TEST_CASE("changes of links leave the other links, and the way back, as they are") {
  const EmulatedNetwork changed = network(R"([[network.changes]]
links = [[3, 4]]
begin = "10s"
end = "20s"
outage = true
[[network.changes]]
links = [[4, 5], [3, 4]]
begin = "30s"
end = "40s"
outage = true
)");
  CHECK_FALSE(changed.link(4, 3)->rate);
  CHECK_FALSE(changed.link(0, 1)->rate);
  REQUIRE(changed.link(3, 4)->rate);
  const RateProfile rate = *changed.link(3, 4)->rate;
  CHECK(rate.at(s(5)) == kUnlimited);
  CHECK(rate.at(s(15)).value == 0);
  CHECK(rate.at(s(25)) == kUnlimited);
  CHECK(rate.at(s(35)).value == 0);
  CHECK(rate.recovers());
  CHECK(changed.link(4, 5)->rate->at(s(15)) == kUnlimited);
  CHECK(changed.access[3].uplink.is_constant());
}

TEST_CASE("a link's factor divides what the matrix gives it, at times that are the same whenever it is asked") {
  const EmulatedNetwork changed = network(
      "[network]\nmatrix = { rates = \"aws-regions\", regions = [\"tokyo\", \"ohio\"] }\n[[network.changes]]\nlinks = "
      "[[0, 7], [7, 0]]\nfactor = 2\n" +
      std::string(kOnOff));
  const auto steps = steps_of(changed.link(0, 7)->rate->bits_per_second());
  CHECK(steps.size() > 10);
  for (const auto& step : steps) CHECK((step.second == 86e6 || step.second == 43e6));
  CHECK(steps == steps_of(changed.link(0, 7)->rate->bits_per_second()));
  CHECK(steps != steps_of(changed.link(7, 0)->rate->bits_per_second()));
}

TEST_CASE("traces are the usual rates, stragglers and changes multiply") {
  const Files files;
  files.write("all.csv", "time_s,rate_mbps,latency_ms\n0,10,2\n50,20,3\n");
  files.write("node.csv", "time_s,node,rate_mbps\n0,1,40\n");
  const EmulatedNetwork traced = files.network(R"([[network.stragglers]]
nodes = { list = [0] }
factor = 2
[[network.changes]]
nodes = { list = [0] }
begin = "60s"
factor = 10
[[network.traces]]
path = "all.csv"
[[network.traces]]
path = "node.csv"
direction = "downlink"
)");
  using Steps = std::vector<std::pair<Time, double>>;
  CHECK(steps_of(traced.access[0].uplink.bits_per_second()) == Steps{{s(0), 5e6}, {s(50), 10e6}, {s(60), 1e6}});
  CHECK(steps_of(traced.access[2].uplink.bits_per_second()) == Steps{{s(0), 10e6}, {s(50), 20e6}});
  CHECK(steps_of(traced.access[1].uplink.bits_per_second()) == Steps{{s(0), 10e6}, {s(50), 20e6}});
  CHECK(steps_of(traced.access[1].downlink.bits_per_second()) == Steps{{s(0), 40e6}});
  CHECK_FALSE(traced.link(0, 1)->rate);
  CHECK(traced.link(0, 1)->latency.base.at(s(49)) == 0.002);
  CHECK(traced.link(0, 1)->latency.base.at(s(51)) == 0.003);
}

TEST_CASE("a trace of pairs takes the place of the matrix for its links") {
  const Files files;
  files.write("pairs.csv", "time_s,from,to,rate_mbps,latency_ms\n0,0,1,5,7\n50,0,1,6,8\n");
  const EmulatedNetwork traced = files.network(
      "[network]\nmatrix = { rates = \"aws-regions\", regions = [\"tokyo\", \"ohio\"] }\n[[network.traces]]\npath = "
      "\"pairs.csv\"\n[[network.changes]]\nlinks = [[0, 1]]\nbegin = \"90s\"\nfactor = 3\n");
  CHECK(mbps(*traced.link(0, 1)->rate, {}) == 5);
  CHECK(mbps(*traced.link(0, 1)->rate, s(50)) == 6);
  CHECK(mbps(*traced.link(0, 1)->rate, s(95)) == 2);
  CHECK(traced.link(0, 1)->latency.base.at(s(50)) == 0.008);
  CHECK(mbps(*traced.link(1, 0)->rate, {}) == 405);
  CHECK(traced.link(1, 0)->latency.base.at({}) == 0.002);
}

TEST_CASE("a rule that is added changes nothing of what others draw") {
  const auto change = [](const std::string& rest) { return "[[network.changes]]\n" + rest + kOnOff; };
  const std::string one = change("nodes = { count = 3 }\nfactor = 2\n");
  const std::string links = change("links = [[0, 1]]\noutage = true\n");
  const EmulatedNetwork before = network(one + links);
  const EmulatedNetwork after = network(one + links + change("nodes = { count = 2 }\nfactor = 1\n") +
                                        change("links = [[0, 2]]\noutage = true\n") +
                                        "[[network.stragglers]]\nnodes = { count = 2 }\nfactor = 1\n" + kOnOff +
                                        "[[churn]]\nnodes = \"all\"\n" + "mean_away = \"1s\"\nmean_present = \"1s\"\n");
  CHECK(slow_nodes(before).size() == 3);
  for (NodeId node = 0; node < 8; ++node) {
    CHECK(steps_of(before.access[node].uplink.bits_per_second()) ==
          steps_of(after.access[node].uplink.bits_per_second()));
  }
  CHECK(steps_of(before.link(0, 1)->rate->bits_per_second()) == steps_of(after.link(0, 1)->rate->bits_per_second()));
  CHECK(steps_of(after.link(0, 2)->rate->bits_per_second()) != steps_of(after.link(0, 1)->rate->bits_per_second()));
}

TEST_CASE("rules of different kinds do not choose the same nodes") {
  int same = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Scenario both = Files().scenario(
        "[[network.stragglers]]\nnodes = { count = 4 }\nfactor = 2\n[[network.changes]]\nnodes = { count = 4 }\nbegin "
        "= "
        "\"1s\"\nfactor = 2\n[[churn]]\nnodes = { count = 4 }\nleave = \"1s\"\nreturn = \"2s\"\n[[compute.pauses]]\n"
        "nodes = { count = 4 }\nbegin = \"1s\"\nend = \"2s\"\n");
    const std::vector<std::vector<NodeId>> chosen = {nodes_of_stragglers(both, 0, seed), nodes_of_change(both, 0, seed),
                                                     nodes_of_churn(both, 0, seed), nodes_of_pause(both, 0, seed)};
    for (const auto& nodes : chosen) CHECK(nodes.size() == 4);
    same += static_cast<int>(4 - std::set<std::vector<NodeId>>(chosen.begin(), chosen.end()).size());
  }
  CHECK(same < 20);  // of 120; one in 70 is usual
}

TEST_CASE("without emulation nothing holds a message up, and churn stays") {
  Scenario off = Files().scenario(
      "[network]\nloss = { rate = 0.5 }\nmatrix = { rates = \"aws-regions\", regions = [\"tokyo\"] }\n[[churn]]\nnodes "
      "= { list = [0] }\nleave = \"1s\"\n");
  off.network.emulated = false;
  const EmulatedNetwork network = make_network(off, 1);
  CHECK(network.access[7].uplink.at({}) == kUnlimited);
  CHECK(network.link(0, 1)->loss.expected_rate() == 0);
  CHECK(network.link(0, 1)->latency.base.at({}) == 0);
  CHECK_FALSE(network.link(0, 1)->rate);
  CHECK(make_absences(off, 1)[0].away_at(s(2)));
}

TEST_CASE("a node is away when any of its churn tables says so") {
  const Scenario churn = Files().scenario(R"([[churn]]
nodes = { list = [1, 2] }
leave = "10s"
return = "30s"
[[churn]]
nodes = { list = [2] }
leave = "20s"
return = "40s"
[[churn]]
nodes = { list = [3] }
leave = "50s"
[[churn]]
nodes = { list = [4, 5] }
mean_away = "1s"
mean_present = "2s"
)");
  const auto absences = make_absences(churn, 1);
  REQUIRE(absences.size() == 8);
  CHECK_FALSE(absences[0].ever());
  using Steps = std::vector<std::pair<Time, double>>;
  CHECK(steps_of(absences[1].presence()) == Steps{{s(0), 1}, {s(10), 0}, {s(30), 1}});
  CHECK(steps_of(absences[2].presence()) == Steps{{s(0), 1}, {s(10), 0}, {s(40), 1}});
  CHECK_FALSE(absences[3].returns());
  CHECK(steps_of(absences[4].presence()).size() > 20);
  CHECK(steps_of(absences[4].presence()) != steps_of(absences[5].presence()));
  CHECK(steps_of(absences[4].presence()) == steps_of(make_absences(churn, 1)[4].presence()));
}

TEST_CASE("pauses and traces of a node's pace multiply") {
  const Files files;
  files.write("pace.csv", "time_s,node,pace\n0,2,0.5\n50,2,1\n");
  const auto paces = make_paces(files.scenario(R"([[compute.stragglers]]
nodes = { list = [2] }
slowdown = 3
[[compute.traces]]
path = "pace.csv"
[[compute.pauses]]
nodes = { list = [2, 4] }
begin = "40s"
end = "60s"
slowdown = 2
[[compute.pauses]]
nodes = { list = [4] }
begin = "70s"
end = "80s"
)"),
                                1);
  using Steps = std::vector<std::pair<Time, double>>;
  CHECK(paces[2].slowdown == 3);
  CHECK(steps_of(paces[2].compute.pace()) == Steps{{s(0), 0.5}, {s(40), 0.25}, {s(50), 0.5}, {s(60), 1}});
  CHECK(steps_of(paces[4].compute.pace()) == Steps{{s(0), 1}, {s(40), 0.5}, {s(60), 1}, {s(70), 0}, {s(80), 1}});
  CHECK(paces[0].compute.pace().is_constant());
  CHECK(paces[4].compute.end_of(s(65), s(10)) == s(85));
}

TEST_CASE("a run's plan has the network, who is away, and the algorithm's patience") {
  const Scenario scenario = Files().scenario(
      "[network]\nloss = { rate = 0.125 }\n[[churn]]\nnodes = { list = [3] }\nleave = \"5s\"\n[[algorithm]]\nkind = "
      "\"ad-psgd\"\nwait_timeout = \"4s\"\n");
  const RunPlan swift = make_plan(scenario, scenario.algorithms[0], 1);
  CHECK(swift.network.link(0, 1)->loss.rate == 0.125);
  CHECK(swift.absences[3].away_at(s(6)));
  CHECK_FALSE(swift.wait_timeout);
  CHECK(make_plan(scenario, scenario.algorithms[1], 1).wait_timeout == s(4));
}

TEST_CASE("a star is a trace in which the first nodes are slow") {
  Star star;
  star.nodes = 8;
  star.stragglers = 3;
  star.jitter = {1e6};
  const Files files;
  files.write("star.csv", star_trace(star));
  const EmulatedNetwork traced = files.network("[[network.traces]]\npath = \"star.csv\"\n");
  std::set<double> rates;
  for (NodeId node = 0; node < 3; ++node) {
    const double rate = mbps(traced.access[node].uplink, {});
    CHECK(rate >= 11);
    CHECK(rate <= 13);
    CHECK(rate == mbps(traced.access[node].downlink, {}));
    rates.insert(rate);
  }
  CHECK(rates.size() == 3);
  CHECK(slow_nodes(traced) == std::set<NodeId>{0, 1, 2});
  star.seed = 2;
  const std::string other = star_trace(star);
  star.seed = 1;
  CHECK(other != star_trace(star));
}
