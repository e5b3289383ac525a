#include <doctest/doctest.h>

#include <string>

#include "scenarios/src/run/experiment.hpp"
#include "tests/scenarios/parsed_text.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using test::error_of;
using test::parsed;

namespace {

/// Four nodes; `more` begins at line 12.
std::string scenario(const std::string& more, const std::string& network = "uplink = \"10Mbps\"\nlatency = \"3ms\"",
                     const std::string& algorithm = "async-local-sgd") {
  return "[time]\nduration = \"10s\"\n[nodes]\ncount = 4\nmodel = { kind = \"null\", parameters = 1000 }\n[network]\n" +
         network + "\n[[algorithm]]\nkind = \"" + algorithm + "\"\n\n" + more;
}

RunPlan plan_of(const Scenario& scenario) { return make_plan(scenario, scenario.algorithms.front(), 1); }

Time latency_of(const RunPlan& plan, NodeId from, NodeId to) { return plan.network.link(from, to)->latency.least(); }

Time ms(int count) { return std::chrono::milliseconds(count); }

}  // namespace

TEST_CASE("a server has links of its own, or those of the nodes, and is written as it is read") {
  const Scenario usual = parsed(scenario("[[servers]]\n"));
  REQUIRE(usual.servers.size() == 1);
  CHECK(usual.servers[0].access.uplink.value == 10e6);
  CHECK(usual.servers[0].access.downlink.value == 10e6);
  CHECK(usual.servers[0].latency == ms(3));
  CHECK(usual.servers[0].host == 1);
  const Scenario own =
      parsed(scenario("[[servers]]\nuplink = \"unlimited\"\ndownlink = \"50Mbps\"\nlatency = \"20ms\"\nhost = 3\n"));
  CHECK(own.servers[0].access.uplink == kUnlimited);
  CHECK(own.servers[0].access.downlink.value == 50e6);
  CHECK(own.servers[0].latency == ms(20));
  CHECK(own.servers[0].host == 3);
  for (const Scenario& one : {usual, own}) {
    const std::string resolved = to_toml(one);
    CHECK(to_toml(parsed(resolved)) == resolved);
    CHECK(resolved.find("topology") == std::string::npos);
  }
}

TEST_CASE("a server is a node behind those that train, and rules of nodes do not touch it") {
  const std::string rules =
      "[[network.stragglers]]\nnodes = \"all\"\nfactor = 5\n[[compute.stragglers]]\nnodes = \"all\"\nslowdown = 2\n"
      "[[churn]]\nnodes = \"all\"\nmean_away = \"1s\"\nmean_present = \"9s\"\n";
  std::string text = scenario("[[servers]]\ndownlink = \"50Mbps\"\nlatency = \"20ms\"\n" + rules);
  text.replace(text.find("async-local-sgd\""), 16, "async-local-sgd\"\nwait_timeout = \"5s\"");
  const Scenario read = parsed(text);
  const RunPlan plan = plan_of(read);
  CHECK(plan.nodes == 5);
  CHECK(plan.servers == 1);
  CHECK(plan.workers() == 4);
  REQUIRE(plan.paces.size() == 5);
  REQUIRE(plan.absences.size() == 5);
  REQUIRE(plan.network.access.size() == 5);
  CHECK(plan.network.access[3].uplink.at(Time{}).value == 2e6);
  CHECK(plan.network.access[4].uplink.at(Time{}).value == 10e6);
  CHECK(plan.network.access[4].downlink.at(Time{}).value == 50e6);
  CHECK(plan.absences[3].ever());
  CHECK_FALSE(plan.absences[4].ever());
  CHECK(latency_of(plan, 0, 3) == ms(3));
  CHECK(latency_of(plan, 0, 4) == ms(20));
  CHECK(latency_of(plan, 4, 2) == ms(20));
}

TEST_CASE("an algorithm without servers runs on the nodes alone, whatever servers there are") {
  const RunPlan plan = plan_of(parsed(scenario("[[servers]]\n", "latency = \"3ms\"", "d-psgd")));
  CHECK(plan.nodes == 4);
  CHECK(plan.servers == 0);
  CHECK(plan.network.access.size() == 4);
  const RunPlan first = plan_of(parsed(scenario("[[servers]]\nuplink = \"1Mbps\"\n[[servers]]\n")));
  CHECK(first.nodes == 5);  // it takes one
  CHECK(first.network.access[4].uplink.at(Time{}).value == 1e6);
}

TEST_CASE("with one node there is no server, as with one node all algorithms are the same") {
  std::string text = scenario("");
  text.replace(text.find("count = 4"), 9, "count = 1");
  CHECK(plan_of(parsed(text)).nodes == 1);
}

TEST_CASE("a server in a region has the links of a node there") {
  const test::TemporaryFolder folder;
  const std::string rates =
      folder.write("r.csv", "from_region,to_region,rate_mbps,latency_ms\na,a,80,1\nb,b,90,2\na,b,10,30\nb,a,20,40\n");
  const std::string network = "matrix = { rates = \"" + rates + "\" }";
  const RunPlan plan = plan_of(parsed(scenario("[[servers]]\nregion = \"b\"\n", network)));
  CHECK(latency_of(plan, 0, 4) == ms(30));
  CHECK(latency_of(plan, 4, 1) == ms(40));
  CHECK(latency_of(plan, 2, 4) == ms(2));
  CHECK(plan.network.link(4, 0)->rate->at(Time{}).value == 20e6);
  CHECK(plan.network.access[4].uplink.at(Time{}).value == kUnlimited.value);
  CHECK(latency_of(plan_of(parsed(scenario("[[servers]]\nlatency = \"7ms\"\n", network))), 0, 4) == ms(7));
  CHECK(error_of(scenario("[[servers]]\nregion = \"c\"\n", network)) ==
        "s.toml:12:10: servers.0.region: expected a or b, got \"c\"");
  CHECK(error_of(scenario("[[servers]]\nregion = \"b\"\nlatency = \"7ms\"\n", network)) ==
        "s.toml:13:11: servers.0.latency: expected either a latency or a region, which has latencies, not both");
}

TEST_CASE("servers that cannot be are answered where they are wrong") {
  CHECK(error_of(scenario("")) ==
        "s.toml:10:8: algorithm.0.kind: async-local-sgd needs a server: expected 1 [[servers]] table, got 0");
  CHECK(
      error_of(scenario("[[servers]]\nuplinks = \"1Mbps\"\n")) ==
      "s.toml:13:1: unknown key 'uplinks' in [servers.0]: expected region, uplink, downlink, latency or host; did you "
      "mean 'uplink'?");
  CHECK(error_of(scenario("[[servers]]\nhost = 0\n")) ==
        "s.toml:13:8: servers.0.host: expected an integer from 1 to 1000, got 0");
  CHECK(error_of(scenario("[[servers]]\nregion = \"b\"\n")) ==
        "s.toml:13:10: servers.0.region: expected a matrix by region in [network]");
  CHECK(error_of(scenario("[servers]\nhost = 1\n")) ==
        "s.toml:12:1: servers: expected [[servers]] tables, got a table");
  std::string text = scenario("[[servers]]\n");
  text.replace(text.find("async-local-sgd\""), 16, "async-local-sgd\"\ntopology = \"ring\"");
  CHECK(error_of(text) ==
        "s.toml:11:12: algorithm.0.topology: nodes of async-local-sgd send to servers alone: leave it out");
}

TEST_CASE("slower nodes do fewer local steps where the algorithm is told to") {
  std::string text = scenario(
      "[[servers]]\n[compute]\nstep_time = \"10ms\"\n[[compute.stragglers]]\n"
      "nodes = { list = [1] }\nslowdown = 4\n");
  text.replace(text.find("async-local-sgd\""), 16, "async-local-sgd\"\nsteps = \"by-speed\"");
  const Scenario read = parsed(text);
  const RunPlan plan = plan_of(read);
  CHECK(plan.shorter_rounds);
  for (NodeId node = 0; node < 2; ++node) {
    Actions actions;
    plan.protocols({node, 0, 1000})->on_start(share(Values()), actions);
    CHECK(actions.work().steps == read.training.local_steps / (node == 1 ? 4 : 1));
  }
}

}  // namespace tardigrad
