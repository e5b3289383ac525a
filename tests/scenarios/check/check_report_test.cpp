#include "scenarios/src/check/check_report.hpp"

#include <doctest/doctest.h>

#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;

namespace {

/// As large as GN-LeNet, but without anything to learn.
class SizedLearner final : public Learner {
 public:
  explicit SizedLearner(bool learns) : layout_{{{"weights", {89'834}}}, learns} {}

  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return {}; }
  std::unique_ptr<LocalState> local_state(NodeId) const override { return nullptr; }
  std::uint64_t shard_size(NodeId) const override { return 1; }
  LocalResult train(unsigned, LocalState&, Values&, const LocalWork&) override { return {}; }
  Evaluation evaluate(unsigned, const Values&, std::optional<NodeId>) override { return {}; }
  bool learns() const override { return layout_.has_values; }

 private:
  ParameterLayout layout_;
};

const char* const kStart = R"(
[time]
duration = "800s"
[nodes]
count = 60
[training]
local_steps = 100
[compute]
step_time = "8ms"
start_stagger = "0s"
[evaluation]
every = "20s"
samples = 2000
)";

Scenario scenario(const std::string& rest) {
  auto result = parse_scenario(kStart + rest, "s.toml");
  REQUIRE_MESSAGE(result.scenario, result.error);
  return *result.scenario;
}

std::string report(const std::string& rest) { return check_report(scenario(rest), SizedLearner(true)); }

/// The first line of the text that contains `part`, blanks joined.
std::string line_with(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  REQUIRE_MESSAGE(at != std::string::npos, text);
  const auto begin = text.rfind('\n', at) + 1;
  std::string line;
  for (const char c : text.substr(begin, text.find('\n', at) - begin)) {
    if (c != ' ' || (!line.empty() && line.back() != ' ')) line += c;
  }
  return line;
}

}  // namespace

TEST_CASE("a check begins with the scenario in full") {
  const std::string rest = "[[algorithm]]\nkind = \"divshare\"\n";
  CHECK(report(rest).rfind(to_toml(scenario(rest)), 0) == 0);
}

// A round takes 0.8 s; 6 models of 89,834 floats take 0.287 s at 60 Mbps and 1.437 s at 12 Mbps. rho is the
// share of a round's bytes that a node can send in the round: 0.8 / 1.437 = 0.56. The figures here include the
// headers of all messages.
TEST_CASE("upload times and rho are those of the DivShare set-up") {
  const std::string text = report(R"(
[[network.stragglers]]
nodes = { count = 7 }
factor = 5
[[algorithm]]
kind = "divshare"
[[algorithm]]
kind = "swift-push"
)");
  CHECK(line_with(text, "  53 nodes  ") == "53 nodes 60 Mbps 60 Mbps 0.8 s 60 6 2,157,456 0.2877 s 2.781");
  CHECK(line_with(text, "  7 nodes  ") == "7 nodes 12 Mbps 12 Mbps 0.8 s 60 6 2,157,456 1.438 s 0.5562");
  const std::string whole = text.substr(text.find("\nswift-push\n"));
  CHECK(line_with(whole, "  7 nodes  ") == "7 nodes 12 Mbps 12 Mbps 0.8 s 6 6 2,156,160 1.437 s 0.5565");
}

// 60 answers of 359,360 bytes take 1.725 s at 100 Mbps; meanwhile every node ends a round of 0.8 s.
TEST_CASE("a server's row shows how long its answers take while every node ends a round") {
  const std::string text = report(R"(
[[servers]]
uplink = "100Mbps"
downlink = "200Mbps"
[[algorithm]]
kind = "async-local-sgd"
[[algorithm]]
kind = "swift-push"
)");
  CHECK(line_with(text, "graph") == "graph 60 nodes, which send to 1 server alone");
  CHECK(line_with(text, "  60 nodes  ") == "60 nodes 60 Mbps 60 Mbps 0.8 s 1 1 359,360 0.04791 s 16.7");
  CHECK(line_with(text, "  server  ") == "server 100 Mbps 200 Mbps 0.8 s 60 60 21,561,600 1.725 s 0.4638");
  const std::string other = text.substr(text.find("\nswift-push\n"));
  CHECK(other.find("  server  ") == std::string::npos);
}

TEST_CASE("message sizes are those of the fragments, header included") {
  const std::string text = report("[[algorithm]]\nkind = \"divshare\"\nfragments = 4\n");
  CHECK(line_with(text, "  model  ") == "model 89,834 parameters in 4 fragments");
  CHECK(line_with(text, "  message  ") == "message 89,856 to 89,864 bytes with header");
  const std::string whole = report("[[algorithm]]\nkind = \"swift\"\n");
  CHECK(line_with(whole, "  model  ") == "model 89,834 parameters in 1 fragment");
  CHECK(line_with(whole, "  message  ") == "message 359,360 bytes with header");
}

TEST_CASE("message sizes are those after compression, the algorithm's own or one before the network") {
  const std::string quantized =
      report("[[algorithm]]\nkind = \"divshare\"\nfragments = 1\ncompression = { kind = \"quantizer\", bits = 4 }\n");
  // Half a byte a value, four bytes a bucket of 512, and the header.
  CHECK(line_with(quantized, "  message  ") == "message 45,645 bytes with header");
  CHECK(line_with(quantized, "  60 nodes  ").find(" 6 0.7621 273,870 ") != std::string::npos);

  const std::string own = report("[[algorithm]]\nkind = \"random-sampling\"\nfraction = 0.5\n");
  // Half of the values, a seed and the header.
  CHECK(line_with(own, "  message  ") == "message 179,700 bytes with header");
  CHECK(line_with(own, "  60 nodes  ").find(" 2 1 359,400 ") != std::string::npos);
  CHECK(line_with(own, "spectral gap").find("uses only some") == std::string::npos);
}

TEST_CASE("all-reduce sends chunks of the model, relay-sgd on double binary trees halves of it") {
  const std::string chunks = report("[[algorithm]]\nkind = \"all-reduce\"\n");
  // 89,834 values in 60 chunks of 1,497 or 1,498; headers count as well.
  CHECK(line_with(chunks, "  message  ") == "message 6,012 to 6,016 bytes with header");
  CHECK(line_with(chunks, "  60 nodes  ").find(" 118 1.974 ") != std::string::npos);

  const std::string halves = report("[[algorithm]]\nkind = \"relay-sgd\"\ntopology = \"double-binary-trees\"\n");
  // 44,917 values and a count; twice that where both trees have the edge.
  CHECK(line_with(halves, "  message  ") == "message 179,696 to 359,368 bytes with header");
}

TEST_CASE("a slow node's round is longer, and so is its rho") {
  const std::string text = report(R"(
[[compute.stragglers]]
nodes = { count = 3 }
slowdown = 4
[[algorithm]]
kind = "swift"
)");
  CHECK(line_with(text, "  3 nodes  ") == "3 nodes 60 Mbps 60 Mbps 3.2 s 2 2 718,720 0.09583 s 33.39");
}

TEST_CASE("jittered stragglers are one class with a range of rates") {
  const std::string text = report(R"(
[[network.stragglers]]
nodes = { count = 7 }
factor = 5
jitter = "2Mbps"
[[algorithm]]
kind = "swift"
)");
  const std::string line = line_with(text, "  7 nodes  ");
  CHECK(line.find(" to ") != std::string::npos);
  CHECK(text.find("  1 node  ") == std::string::npos);
}

TEST_CASE("a graph is shown in numbers") {
  const std::string ring = report("[[algorithm]]\nkind = \"swift\"\n");
  CHECK(line_with(ring, "graph  ") == "graph ring, 60 nodes, 60 edges, degree 2");
  CHECK(line_with(ring, "diameter") == "diameter 30");
  // Eigenvalues of a ring's matrix are (1 + 2 cos(2 pi k / n)) / 3.
  CHECK(line_with(ring, "spectral gap") == "spectral gap 0.003652 (of Metropolis-Hastings averaging over all edges)");

  const std::string complete = report("[[algorithm]]\nkind = \"divshare\"\n");
  CHECK(line_with(complete, "graph  ") == "graph complete, 60 nodes, 1,770 edges, degree 59");
  CHECK(line_with(complete, "diameter") == "diameter 1");
  CHECK(line_with(complete, "a round uses only some") ==
        "spectral gap 1 (of Metropolis-Hastings averaging over all edges; a round uses only some of them)");
}

TEST_CASE("a directed graph is shown with out-degrees and its diameter, one that changes by its first round") {
  const std::string ring = report("[[algorithm]]\nkind = \"sgp\"\ntopology = \"directed-ring\"\n");
  CHECK(line_with(ring, "graph  ") == "graph directed-ring, 60 nodes, 60 directed edges, out-degree 1");
  CHECK(line_with(ring, "diameter") == "diameter 59");
  CHECK(ring.find("spectral gap") == std::string::npos);
  CHECK(ring.find("another one every round") == std::string::npos);

  const std::string redrawn = report(
      "[[algorithm]]\nkind = \"epidemic\"\ntopology = { kind = \"random-regular\", degree = 6, redraw = true }\n");
  CHECK(line_with(redrawn, "graph  ") == "graph random-regular, 60 nodes, 180 edges, degree 6");
  CHECK(line_with(redrawn, "another one") == "another one every round; here that of the first");
  CHECK(redrawn.find("spectral gap") != std::string::npos);
}

TEST_CASE("a graph with few edges a round is shown with all of them, traffic is what the rounds have on average") {
  // Three rounds of hypercubes among 60 = 4 * 15 nodes would be too many: copies of 15 nodes, then squares of four.
  const std::string base = report("[[algorithm]]\nkind = \"d-psgd\"\ntopology = { kind = \"base-k\", degree = 4 }\n");
  CHECK(line_with(base, "graph  ") == "graph base-k, 60 nodes, 270 edges, degree 9");
  CHECK(line_with(base, "another one") ==
        "another one every round; here the edges of all, and what is sent on average of the 3 that take turns");
  CHECK(base.find("spectral gap") == std::string::npos);
  // Every node has 2 + 3 + 4 neighbours in three rounds.
  CHECK(line_with(base, "60 nodes  ").find(" 3 3 ") != std::string::npos);

  const std::string drawn =
      report("[[algorithm]]\nkind = \"d-psgd\"\ntopology = { kind = \"matcha\", of = \"ring\", budget = 0.5 }\n");
  CHECK(line_with(drawn, "graph  ") == "graph matcha, 60 nodes, 60 edges, degree 2");
  CHECK(line_with(drawn, "another one") ==
        "another one every round; here the edges of all, and what is sent on average of the first 2,000");
}

TEST_CASE("figures that would take long are left out for a large graph") {
  auto large =
      scenario("[network]\ntopology = { kind = \"random-regular\", degree = 20 }\n[[algorithm]]\nkind = \"swift\"\n");
  large.nodes.count = 10'000;
  const std::string text = check_report(large, SizedLearner(false));
  CHECK(line_with(text, "graph  ") == "graph random-regular, 10,000 nodes, 100,000 edges, degree 20");
  CHECK(line_with(text, "diameter") == "diameter not computed for a graph of this size");
  CHECK(line_with(text, "spectral gap") == "spectral gap not computed for a graph of this size");
}

TEST_CASE("the cost of a run is estimated over its nodes, algorithms and seeds") {
  const std::string text =
      check_report(*parse_scenario("seeds = [5, 6]\n" + std::string(kStart) +
                                       "[[algorithm]]\nkind = \"divshare\"\n[[algorithm]]\nkind = \"swift\"\n",
                                   "s.toml")
                        .scenario,
                   SizedLearner(true));
  CHECK(line_with(text, "  runs  ") == "runs 4 (2 algorithms, 2 seeds)");
  CHECK(line_with(text, "  rounds  ").find("about 60,000 a run") != std::string::npos);
  CHECK(line_with(text, "  local steps  ") == "local steps about 6,000,000 a run, 24,000,000 in all");
  CHECK(line_with(text, "  evaluations  ") == "evaluations 41 a run, of every node on 2,000 samples");
  CHECK(line_with(text, "  memory  ") == "memory 21.56 MB for the nodes' models, and more for messages");
  CHECK(line_with(text, "drawn at random") == "What is drawn at random is shown for seed 5.");
}

TEST_CASE("evaluations further apart than a run is long are said to be at its two ends") {
  Scenario seldom = scenario("[[algorithm]]\nkind = \"swift\"\n");
  seldom.evaluation.every = seldom.time.duration;
  CHECK(line_with(check_report(seldom, SizedLearner(true)), "  evaluations  ") ==
        "evaluations 2 (as every is no shorter, at the beginning and the end) a run, of every node on 2,000 samples");
}

TEST_CASE("the null model costs no local steps") {
  const std::string text = check_report(scenario("[[algorithm]]\nkind = \"swift\"\n"), SizedLearner(false));
  CHECK(line_with(text, "  local steps  ") == "local steps none: the null model is not trained");
}

TEST_CASE("a check names what is unusual of the network and of its nodes") {
  const std::string plain = report("[[algorithm]]\nkind = \"swift\"\n");
  CHECK(plain.find("\nNetwork\n") == std::string::npos);
  CHECK(plain.find("\nNodes\n") == std::string::npos);
  const std::string text = report(R"(
[[compute.pauses]]
nodes = { count = 5 }
begin = "10s"
end = "20s"
[network]
latency = { kind = "exponential", mean = "3ms", base = "2ms" }
loss = { rate = 0.01, mode = "retransmit", burst = { rate = 0.5, begins = 0.01, ends = 0.24 } }
[[network.stragglers]]
nodes = { count = 10 }
factor = 5
mean_on = "10s"
mean_off = "30s"
[[network.changes]]
links = [[3, 4], [4, 3]]
mean_on = "1s"
mean_off = "9s"
outage = true
[[network.changes]]
nodes = { count = 3 }
direction = "uplink"
begin = "50s"
factor = 10
[[churn]]
nodes = { fraction = 0.1 }
mean_away = "20s"
mean_present = "80s"
[[algorithm]]
kind = "swift"
)");
  CHECK(line_with(text, "  latency  ") == "latency drawn for every message (exponential), 3 ms on average, and 2ms");
  CHECK(line_with(text, "  loss  ") ==
        "loss 2.96 % of transmissions in the long run, 50 % in bursts of 4.167 messages on average; sent again after "
        "200ms, 16 times in all at most");
  CHECK(line_with(text, "10 nodes: slow") == "stragglers 10 nodes: slow 25 % of the time, 10s at a stretch on average");
  CHECK(line_with(text, "2 links: ") == "changes 2 links: outage 10 % of the time, 1s at a stretch on average");
  CHECK(line_with(text, "3 nodes, uplink: ") == "3 nodes, uplink: 10 times slower from 50s on");
  CHECK(line_with(text, "  churn  ") == "churn 6 nodes: away 20 % of the time, 20s at a stretch on average");
  CHECK(line_with(text, "  pauses  ") == "pauses 5 nodes: paused from 10s to 20s");
  CHECK(line_with(text, "are averages") == "Rates and rounds are averages over the run.");
}

TEST_CASE("rates that change are shown as averages over the run") {
  const std::string text = report(R"(
[[network.changes]]
nodes = { list = [5, 6] }
begin = "0s"
end = "400s"
factor = 3
[[compute.pauses]]
nodes = { list = [7] }
begin = "0s"
end = "400s"
[[algorithm]]
kind = "swift"
)");
  CHECK(line_with(text, "  2 nodes  ") == "2 nodes 40 Mbps 40 Mbps 0.8 s 2 2 718,720 0.1437 s 5.565");
  CHECK(line_with(text, "  1 node  ") == "1 node 60 Mbps 60 Mbps 1.6 s 2 2 718,720 0.09583 s 16.7");
}

TEST_CASE("where links alone limit traffic, rho is left out and a message's time on a link is shown") {
  const std::string text = report("[network]\nmatrix = { rates = \"aws-regions\" }\n[[algorithm]]\nkind = \"swift\"\n");
  CHECK(line_with(text, "  matrix  ") == "matrix 10 regions of 6 nodes; 21 to 405 Mbps, median 67 Mbps; latency 2 ms");
  CHECK(line_with(text, "  link  ") == "link a message takes 0.007098 to 0.1369 s, 0.04291 s at the median rate");
  CHECK(line_with(text, "  60 nodes  ") == "60 nodes unlimited unlimited 0.8 s 2 2 718,720 - -");
  CHECK(line_with(text, "A dash") == "A dash: uplinks hold nothing up.");
}

TEST_CASE("churn costs its share of the rounds") {
  const std::string text =
      report("[[churn]]\nnodes = { list = [0, 1, 2] }\nleave = \"400s\"\n[[algorithm]]\nkind = \"swift\"\n");
  CHECK(line_with(text, "  rounds  ").find("about 58,500 a run") != std::string::npos);
}

TEST_CASE("nodes that no trace names are noted, with the rates that they have") {
  const test::TemporaryFolder folder;
  const auto path = [&](const std::string& name, const std::string& text) {
    return "path = \"" + folder.write(name, text).string() + "\"\n";
  };
  const std::string algorithm = "[[algorithm]]\nkind = \"swift\"\ntopology = \"ring\"\n";
  const std::string few = path("few.csv", "time_s,node,rate_mbps\n0,0,10\n0,2,10\n0,3,10\n0,59,10\n");
  const std::string table = "[[network.traces]]\n";
  const std::string network = "[network]\nuplink = \"20Mbps\"\n";
  CHECK(line_with(report(network + table + few + algorithm), "no trace names") ==
        "no trace names nodes 1, 4 to 58: 20Mbps up, 20Mbps down");
  const std::string up_alone = report(network + table + few + "direction = \"uplink\"\n" + algorithm);
  CHECK(line_with(up_alone, "the uplinks") == "no trace names the uplinks of nodes 1, 4 to 58: 20Mbps");
  CHECK(line_with(up_alone, "the downlinks") == "no trace names the downlinks of nodes 0 to 59: 20Mbps");
  const std::string all = path("all.csv", "time_s,rate_mbps\n1600000000,10\n1600000100,20\n");
  const std::string whole = report(network + table + all + algorithm);
  CHECK(whole.find("no trace names") == std::string::npos);
  CHECK(line_with(whole, "UNIX") == "traces all nodes: 18.75 Mbps on average; UNIX times, counted from the earliest");
  CHECK(report(network + algorithm).find("no trace names") == std::string::npos);
  const std::string pairs = path("pairs.csv", "time_s,from,to,rate_mbps\n0,0,1,10\n");
  CHECK(line_with(report(network + table + pairs + algorithm), "no trace names") ==
        "no trace names the other 3,539 links: no rate of their own");
  const std::string pace = path("pace.csv", "time_s,node,pace\n0,7,0.5\n");
  CHECK(line_with(report("[[compute.traces]]\n" + pace + algorithm), "no trace names") ==
        "no trace names nodes 0 to 6, 8 to 59: the usual pace");
}

TEST_CASE("an edge list's ids and what is left out of it are noted") {
  const test::TemporaryFolder folder;
  std::string ring = "source,target\n";
  for (int i = 1; i <= 60; ++i) ring += std::to_string(i) + "," + std::to_string(i % 60 + 1) + "\n";
  const std::string file = folder.write("ring.csv", ring);
  const std::string text =
      report("[[algorithm]]\nkind = \"swift\"\ntopology = { kind = \"file\", path = \"" + file + "\" }\n");
  CHECK(line_with(text, "in the file: ids") == "in the file: ids 1 to 60 are nodes 0 to 59 in ascending order");
  CHECK(line_with(text, "ignored") == "in the file: ignored: the line with the columns' names");
}
