#include <doctest/doctest.h>

#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::TemporaryFolder;

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

/// Line numbers of the mistakes below count from here: what is added begins in line 9.
const char* const kScenario = R"([time]
duration = "800s"
[nodes]
count = 8
model = { kind = "null", parameters = 100 }
[[algorithm]]
kind = "swift"
topology = "ring"
)";

/// A scenario file in a folder with files that it may name.
class Files {
 public:
  Files() {
    folder_.write("nodes.csv", "time_s,node,rate_mbps\n0,0,10\n5,0,20\n0,1,30\n");
    folder_.write("all.csv", "time_s,rate_mbps,latency_ms\n0,10,2\n4,20,3\n");
    folder_.write("pairs.csv", "time_s,from,to,rate_mbps,latency_ms\n0,0,1,10,3\n0,1,0,20,4\n");
    folder_.write("pace.csv", "time_s,node,pace\n0,2,1\n10,2,0.5\n");
    folder_.write("regions.csv", "region,a,b,c\na,,10,20\nb,,,30\n");
    folder_.write(
        "square.csv", "node,0,1,2,3,4,5,6,7\n" + [] {
          std::string rows;
          for (int i = 0; i < 8; ++i) rows += std::to_string(i) + ",1,2,3,4,5,6,7,8\n";
          return rows;
        }());
  }

  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  ScenarioResult load(const std::string& added) const {
    return load_scenario(folder_.write("s.toml", kScenario + added).string());
  }
  Scenario parsed(const std::string& added) const {
    auto result = load(added);
    REQUIRE_MESSAGE(result.scenario, result.error);
    return *result.scenario;
  }
  /// The one line, without this folder's name.
  std::string error_of(const std::string& added) const {
    const auto result = load(added);
    CHECK_FALSE(result.scenario);
    CHECK(result.error.find('\n') == std::string::npos);
    std::string error = result.error;
    const std::string name = folder_.path().string() + "/";
    for (auto at = error.find(name); at != std::string::npos; at = error.find(name)) error.erase(at, name.size());
    return error;
  }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

struct Mistake {
  std::string added;
  std::string error;
};

void check_mistakes(const std::vector<Mistake>& mistakes) {
  const Files files;
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.added);
    CHECK(files.error_of(mistake.added) == mistake.error);
  }
}

}  // namespace

TEST_CASE("a latency is constant, or drawn for each message on top of a base") {
  const Files files;
  CHECK(files.parsed("").network.late_by.expected() == Time{});
  const NetworkSection constant =
      files.parsed("[network]\nlatency = { kind = \"constant\", mean = \"7ms\" }\n").network;
  CHECK(constant.latency == ms(7));
  CHECK(constant.late_by.expected() == Time{});
  const NetworkSection drawn =
      files.parsed("[network]\nlatency = { kind = \"normal\", mean = \"5ms\", deviation = \"1ms\", base = \"2ms\" }\n")
          .network;
  CHECK(drawn.latency == ms(2));
  CHECK(drawn.late_by.kind == Distribution::Kind::normal);
  CHECK(drawn.late_by.mean == ms(5));
  CHECK(files.parsed("[network]\nlatency = { kind = \"exponential\", mean = \"5ms\" }\n").network.latency == Time{});
}

TEST_CASE("losses are dropped or sent again, in bursts or not") {
  const Files files;
  CHECK(files.parsed("").network.loss.expected_rate() == 0);
  const LossModel dropped = files.parsed("[network]\nloss = { rate = 0.01 }\n").network.loss;
  CHECK(dropped.rate == 0.01);
  CHECK(dropped.on_loss == OnLoss::drop);
  const LossModel again = files
                              .parsed(
                                  "[network]\nloss = { rate = 0.01, mode = \"retransmit\", most_transmissions = 3, "
                                  "burst = { rate = 1, begins = 0.25, ends = 0.5 } }\n")
                              .network.loss;
  CHECK(again.on_loss == OnLoss::retransmit);
  CHECK(again.timeout == ms(200));
  CHECK(again.most_transmissions == 3);
  CHECK(again.burst.rate == 1);
  CHECK(again.burst.begins == 0.25);
  CHECK(again.burst.ends == 0.5);
}

TEST_CASE("a downlink that is left out is as fast as the uplink, of stragglers too, and written out") {
  const Files files;
  const Scenario one = files.parsed(R"([network]
uplink = "20Mbps"
[[network.stragglers]]
nodes = { count = 2 }
uplink = "1Mbps"
[[network.stragglers]]
nodes = { count = 1 }
downlink = "2Mbps"
)");
  CHECK(one.network.access.downlink == BitsPerSecond{20e6});
  CHECK(one.network.stragglers[0].downlink == BitsPerSecond{1e6});
  CHECK_FALSE(one.network.stragglers[1].uplink);
  const std::string text = to_toml(one);
  CHECK(text.find("\ndownlink = \"20Mbps\"\n") != std::string::npos);
  CHECK(text.find("\ndownlink = \"1Mbps\"\n") != std::string::npos);
  CHECK(files.parsed("[network]\nuplink = \"unlimited\"\n").network.access.downlink == kUnlimited);
  const AccessRates down_alone = files.parsed("[network]\ndownlink = \"20Mbps\"\n").network.access;
  CHECK(down_alone.uplink == BitsPerSecond{60e6});
  CHECK(down_alone.downlink == BitsPerSecond{20e6});
  const ScenarioResult overridden = load_scenario(files / "s.toml", {"network.uplink=7.5MB/s"});
  REQUIRE(overridden.scenario);
  CHECK(overridden.scenario->network.access.uplink == BitsPerSecond{60e6});
}

TEST_CASE("beside a matrix nothing limits access links unless the scenario does") {
  const Files files;
  const NetworkSection matrix = files.parsed("[network]\nmatrix = { rates = \"square.csv\" }\n").network;
  CHECK(matrix.access.uplink == kUnlimited);
  CHECK(matrix.access.downlink == kUnlimited);
  CHECK(matrix.matrix->links->between(2, 4).rate.value == 5e6);
  CHECK(matrix.matrix->links->between(2, 4).latency == ms(2));
  const NetworkSection limited =
      files.parsed("[network]\nuplink = \"1Gbps\"\nmatrix = { rates = \"square.csv\", latency = \"9ms\" }\n").network;
  CHECK(limited.access.uplink == BitsPerSecond{1e9});
  CHECK(limited.access.downlink == BitsPerSecond{1e9});
  CHECK(limited.matrix->links->between(0, 1).latency == ms(9));
  CHECK(files.parsed("[network]\nuplink = \"unlimited\"\n").network.access.uplink == kUnlimited);
}

TEST_CASE("a table that comes with the program is named without a path, and needs no file") {
  const Files files;
  const Scenario s = files.parsed("[network]\nmatrix = { rates = \"aws-regions\", regions = [\"tokyo\", \"ohio\"] }\n");
  CHECK(s.network.matrix->links->between(0, 7).rate.value == 86e6);
  CHECK(s.network.matrix->links->regions() == std::vector<std::string>{"tokyo", "ohio"});
  CHECK(s.network.matrix->spec.rates == "aws-regions");
}

TEST_CASE("nodes are named by a plain list as by a table with one") {
  const auto leaving = [](const std::string& nodes) {
    return Files().parsed("[[churn]]\nnodes = " + nodes + "\nleave = \"1s\"\nreturn = \"2s\"\n").churn.at(0).nodes.list;
  };
  CHECK(leaving("[7, 2]") == std::vector<NodeId>{7, 2});
  CHECK(leaving("[7, 2]") == leaving("{ list = [7, 2] }"));
  for (const char* wrong : {"[]", "[8]", "[1, 1]", "[\"a\"]"}) {
    INFO(wrong);
    CHECK(Files().error_of(std::string("[[churn]]\nnodes = ") + wrong + "\nleave = \"1s\"\n").find("nodes: expected") !=
          std::string::npos);
  }
}

TEST_CASE("changes, traces, churn and pauses hold what their tables say") {
  const Scenario s = Files().parsed(R"([[network.stragglers]]
nodes = { count = 2 }
factor = 5
mean_on = "1s"
mean_off = "3s"
[[network.changes]]
nodes = { list = [1] }
direction = "downlink"
begin = "1s"
factor = 10
[[network.changes]]
links = [[3, 4], [4, 3]]
mean_on = "2s"
mean_off = "8s"
outage = true
[[network.traces]]
path = "nodes.csv"
at_end = "loop"
direction = "uplink"
[[churn]]
nodes = "all"
mean_away = "1s"
mean_present = "9s"
[[churn]]
nodes = { list = [7] }
leave = "0s"
return = "5s"
[[compute.pauses]]
nodes = { count = 3 }
begin = "10s"
end = "20s"
slowdown = 4
[[compute.traces]]
path = "pace.csv"
)");
  CHECK(s.network.stragglers[0].on_off->mean_off == std::chrono::seconds(3));
  REQUIRE(s.network.changes.size() == 2);
  CHECK(s.network.changes[0].direction == Direction::downlink);
  CHECK(std::get<Interval>(s.network.changes[0].when).end == kNever);
  CHECK(s.network.changes[0].multiplier() == 0.1);
  CHECK(s.network.changes[1].links == std::vector<std::pair<NodeId, NodeId>>{{3, 4}, {4, 3}});
  CHECK(std::get<OnOff>(s.network.changes[1].when).mean_off == std::chrono::seconds(8));
  CHECK(s.network.changes[1].multiplier() == 0);
  CHECK(s.network.traces[0].at_end == TraceEnd::loop);
  CHECK(s.network.traces[0].direction == Direction::uplink);
  CHECK(s.network.traces[0].traces->of_node(1)->value.at({}) == 30e6);
  CHECK(std::get<OnOff>(s.churn[0].away).mean_on == std::chrono::seconds(1));
  CHECK(std::get<Interval>(s.churn[1].away).end == std::chrono::seconds(5));
  CHECK(s.compute.pauses[0].multiplier() == 0.25);
  CHECK(s.compute.traces[0].traces->of_node(2)->value.at(std::chrono::seconds(11)) == 0.5);
}

TEST_CASE("a resolved scenario with every key of the network loads again to the same bytes") {
  const Files files;
  const std::vector<std::string> network = {
      "sharing = \"fair\"\n",
      "uplink = \"unlimited\"\n",
      "latency = { kind = \"uniform\", low = \"1ms\", high = \"2.25ms\", base = \"0.5ns\" }\n",
      "latency = { kind = \"normal\", mean = \"2ms\", deviation = \"1ms\" }\n",
      "latency = { kind = \"lognormal\", mean = \"2ms\", sigma = 0.1, base = \"1ms\" }\n",
      "latency = { kind = \"exponential\", mean = \"2ms\" }\n",
      "latency = { kind = \"pareto\", mean = \"2ms\", shape = 2.5 }\n",
      "loss = { rate = 1e-5 }\n",
      "loss = { rate = 0, mode = \"retransmit\", timeout = \"1s\", burst = { rate = 1, begins = 0.01, ends = 0.1 } }\n",
      "matrix = { rates = \"aws-regions\", regions = [\"tokyo\", \"ohio\"], latency = \"7ms\" }\n",
      "matrix = { rates = \"regions.csv\", regions = [\"b\", \"a\"] }\n",
      "matrix = { rates = \"square.csv\", latencies = \"square.csv\" }\n",
      "[[network.stragglers]]\nnodes = { count = 1 }\nuplink = \"1Mbps\"\nmean_on = \"1s\"\nmean_off = \"0.1s\"\n",
      "[[network.changes]]\nnodes = \"all\"\nbegin = \"1s\"\nfactor = 2.5\n",
      "[[network.changes]]\nnodes = { list = [3] }\ndirection = \"uplink\"\nbegin = \"0s\"\nend = \"5s\"\noutage = "
      "true\n",
      "[[network.changes]]\nlinks = [[7, 0]]\nmean_on = \"1s\"\nmean_off = \"5s\"\noutage = true\n",
      "[[network.traces]]\npath = \"nodes.csv\"\ndirection = \"downlink\"\n[[network.traces]]\npath = \"pairs.csv\"\n",
      "[[network.traces]]\npath = \"all.csv\"\nat_end = \"loop\"\n",
      "[[churn]]\nnodes = { fraction = 0.25 }\nmean_away = \"1s\"\nmean_present = \"5s\"\n",
      "[[churn]]\nnodes = { count = 1 }\nleave = \"1s\"\n[[churn]]\nnodes = { count = 1 }\nleave = \"0s\"\nreturn = "
      "\"5s\"\n",
      "[[compute.pauses]]\nnodes = \"all\"\nbegin = \"1s\"\nend = \"5s\"\n",
      "[[compute.pauses]]\nnodes = \"all\"\nbegin = \"1s\"\nend = \"5s\"\nslowdown = 3\n",
      "[[compute.traces]]\npath = \"pace.csv\"\nat_end = \"loop\"\n",
  };
  std::filesystem::create_directories(files / "elsewhere");
  for (const std::string& keys : network) {
    CAPTURE(keys);
    const std::string resolved = to_toml(files.parsed("[network]\n" + keys));
    // The keys are there, and say the same wherever the file lies.
    CHECK(resolved != to_toml(files.parsed("")));
    files.write("elsewhere/s.toml", resolved);
    const auto again = load_scenario((files / "elsewhere/s.toml").string());
    REQUIRE_MESSAGE(again.scenario, again.error);
    CHECK(to_toml(*again.scenario) == resolved);
  }
}

TEST_CASE("the keys of a latency, a loss or a matrix fit together") {
  check_mistakes({
      {"[network]\nlatency = 5\n", "s.toml:10:11: network.latency: expected a duration such as \"2ms\", got 5"},
      {"[network]\nlatency = { kind = \"normal\", mean = \"5ms\" }\n",
       "s.toml:10:11: missing key 'deviation' in [network.latency]: expected for example deviation = \"1ms\""},
      {"[network]\nlatency = { kind = \"normal\", mean = \"5ms\", deviation = \"1ms\", sigma = 1 }\n",
       "s.toml:10:63: unknown key 'sigma' of latency normal: expected kind, mean, deviation or base; 'sigma' has its "
       "place in step_time = { kind = \"lognormal\" } or latency = { kind = \"lognormal\" }"},
      {"[network]\nloss = 0.01\n", "s.toml:10:8: network.loss: expected a table such as { rate = 0.01 }, got 0.01"},
      {"[network]\nloss = { mode = \"drop\" }\n",
       "s.toml:10:8: missing key 'rate' in [network.loss]: expected for example rate = 0.01"},
      {"[network]\nloss = { rate = 1.5 }\n", "s.toml:10:17: network.loss.rate: expected a number from 0 to 1, got 1.5"},
      {"[network]\nloss = { rate = 1, mode = \"retransmit\" }\n",
       "s.toml:10:17: network.loss.rate: expected less than 1 where what is lost is retransmitted"},
      {"[network]\nloss = { rate = 0.1, timeout = \"1s\" }\n",
       "s.toml:10:32: network.loss.timeout: expected only with mode = \"retransmit\""},
      {"[network]\nloss = { rate = 0.1, mode = \"retransmit\", timeout = \"300h\" }\n",
       "s.toml:10:53: network.loss.timeout: expected 16 of them to last at most 312h"},
      {"[network]\nloss = { rate = 0.1, mode = \"retry\" }\n",
       "s.toml:10:29: network.loss.mode: expected drop or retransmit, got \"retry\""},
      {"[network]\nloss = { rate = 0.1, burts = { } }\n",
       "s.toml:10:22: unknown key 'burts' in [network.loss]: expected rate, mode, timeout, most_transmissions or "
       "burst; "
       "did you mean 'burst'?"},
      {"[network]\nloss = { rate = 0.1, burst = { rate = 0.5, begins = 0.1 } }\n",
       "s.toml:10:30: missing key 'ends' in [network.loss.burst]: expected for example { rate = 0.5, begins = 0.01, "
       "ends "
       "= 0.2 }"},
      {"[network]\nloss = { rate = 0.1, burst = { rate = 0.5, begins = 0.1, ends = 0 } }\n",
       "s.toml:10:65: network.loss.burst.ends: expected a number greater than 0 and at most 1, got 0"},
      {"[network]\nmatrix = \"aws-regions\"\n",
       "s.toml:10:10: network.matrix: expected a table such as { rates = \"aws-regions\" }, got \"aws-regions\""},
      {"[network]\nmatrix = { }\n",
       "s.toml:10:10: missing key 'rates' in [network.matrix]: expected for example rates = \"aws-regions\""},
      {"[network]\nmatrix = { rates = \"aws-region\" }\n",
       "s.toml:10:20: network.matrix.rates: expected the path of a file, such as \"rates.csv\" or \"./rates\", or "
       "aws-regions, which comes with the program, got \"aws-region\"; did you mean 'aws-regions'?"},
      {"[network]\nmatrix = { rates = \"none.csv\" }\n",
       "s.toml:10:20: network.matrix.rates: none.csv: cannot be opened: No such file or directory"},
      {"[network]\nmatrix = { rates = \"square.csv\", regions = [\"a\"] }\n",
       "s.toml:10:44: network.matrix.regions: expected no regions for a table by node"},
      {"[network]\nmatrix = { rates = \"regions.csv\", regions = [\"a\", \"d\"] }\n",
       "s.toml:10:20: network.matrix.rates: regions.csv: unknown region \"d\", expected one of a, b, c"},
      {"[network]\nmatrix = { rates = \"regions.csv\", regions = [\"a\", \"a\"] }\n",
       "s.toml:10:51: network.matrix.regions: expected each text once, got \"a\" twice"},
      {"[network]\nmatrix = { rates = \"regions.csv\", regions = [] }\n",
       "s.toml:10:45: network.matrix.regions: expected a list of one text or more, such as [\"tokyo\", \"ohio\"], got "
       "an "
       "empty list"},
      {"[network]\nmatrix = { rates = \"regions.csv\" }\n",
       "s.toml:10:20: network.matrix.rates: regions.csv: 8 nodes cannot be shared out evenly among 3 regions"},
      {"[network]\nmatrix = { rates = \"regions.csv\", region = [\"a\"] }\n",
       "s.toml:10:35: unknown key 'region' in [network.matrix]: expected rates, latencies, regions or latency; did you "
       "mean 'regions'?"},
  });
}

TEST_CASE("a change says whose it is, when, and how much, each in one way") {
  const std::string change = "[[network.changes]]\n";
  check_mistakes({
      {change + "begin = \"1s\"\nfactor = 2\n",
       "s.toml:9:1: missing key 'nodes' in [network.changes.0]: expected for example nodes = { count = 3 }"},
      {change + "nodes = \"all\"\nlinks = [[0, 1]]\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:10:9: network.changes.0.nodes: expected either nodes or links, not both"},
      {change + "nodes = \"all\"\nfactor = 2\n",
       "s.toml:9:1: missing key 'begin' in [network.changes.0]: expected for example begin = \"100s\""},
      {change + "nodes = \"all\"\nbegin = \"2s\"\nend = \"1s\"\nfactor = 2\n",
       "s.toml:12:7: network.changes.0.end: expected more than begin = \"2s\", got \"1s\""},
      {change + "nodes = \"all\"\nbegin = \"2s\"\nmean_on = \"1s\"\nmean_off = \"1s\"\nfactor = 2\n",
       "s.toml:11:9: network.changes.0.begin: expected either begin and end or mean_on and mean_off, not both"},
      {change + "nodes = \"all\"\nmean_on = \"1s\"\nfactor = 2\n",
       "s.toml:9:1: missing key 'mean_off' in [network.changes.0]: expected for example mean_off = \"30s\""},
      {change + "nodes = \"all\"\nmean_on = \"1s\"\nmean_off = \"0.5ms\"\nfactor = 2\n",
       "s.toml:12:12: network.changes.0.mean_off: expected at least 1ms, got \"500us\""},
      {change + "nodes = \"all\"\nbegin = \"1s\"\nend = \"2s\"\n",
       "s.toml:9:1: network.changes.0.factor: expected exactly one of factor and outage, such as factor = 10 or outage "
       "= "
       "true"},
      {change + "nodes = \"all\"\nbegin = \"1s\"\nend = \"2s\"\nfactor = 2\noutage = true\n",
       "s.toml:13:10: network.changes.0.factor: expected exactly one of factor and outage, such as factor = 10 or "
       "outage "
       "= true"},
      {change + "nodes = \"all\"\nbegin = \"1s\"\noutage = true\n",
       "s.toml:12:10: network.changes.0.outage: what is sent in an outage without an end never arrives: expected for "
       "example end = \"200s\""},
      {change + "links = [[0, 8]]\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:10:10: network.changes.0.links: expected pairs of two different integers from 0 to 7, got [0, 8]"},
      {change + "links = [[0, 1], [3, 3]]\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:10:18: network.changes.0.links: expected pairs of two different integers from 0 to 7, got [3, 3]"},
      {change + "links = [[0, 1], [0, 1]]\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:10:18: network.changes.0.links: expected each pair once, got [0, 1] twice"},
      {change + "links = [0, 1]\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:10:10: network.changes.0.links: expected pairs of integers such as [0, 3], got 0"},
      {change + "links = [[0, 1]]\ndirection = \"uplink\"\nbegin = \"1s\"\nend = \"2s\"\noutage = true\n",
       "s.toml:11:13: network.changes.0.direction: expected only with nodes: links have one"},
      {change + "nodes = \"all\"\nbegins = \"1s\"\nfactor = 2\n",
       "s.toml:11:1: unknown key 'begins' in [network.changes.0]: expected nodes, direction, links, begin, end, "
       "mean_on, "
       "mean_off, factor or outage; did you mean 'begin'?"},
  });
}

TEST_CASE("a factor needs a rate to divide") {
  const std::string links = "[[network.changes]]\nlinks = [[0, 1]]\nbegin = \"1s\"\nfactor = 2\n";
  const std::string nodes = "[[network.changes]]\nnodes = \"all\"\nbegin = \"1s\"\nfactor = 2\n";
  const std::string stragglers = "[[network.stragglers]]\nnodes = \"all\"\nfactor = 2\n";
  const std::string nothing =
      "factor: there is nothing to divide: uplink and downlink of [network] are unlimited, expected rates there or a "
      "trace";
  const std::string matrix = "[network]\nmatrix = { rates = \"square.csv\" }\n";
  check_mistakes({
      {links,
       "s.toml:12:10: network.changes.0.factor: links have no rate of their own to divide: expected a matrix or a "
       "trace "
       "of them in [network], or an outage"},
      {matrix + nodes, "s.toml:14:10: network.changes.0." + nothing},
      {matrix + stragglers, "s.toml:13:10: network.stragglers.0." + nothing},
      {"[network]\nuplink = \"unlimited\"\n" + nodes + "direction = \"uplink\"\n",
       "s.toml:14:10: network.changes.0." + nothing},
  });
  const Files files;
  CHECK(files.load(matrix + links).error == "");
  CHECK(files.load("[[network.traces]]\npath = \"pairs.csv\"\n" + links).error == "");
  CHECK(files.load(matrix + "downlink = \"1Gbps\"\n" + nodes).error == "");
  CHECK(files.load(matrix + "[[network.traces]]\npath = \"nodes.csv\"\n" + nodes + stragglers).error == "");
}

TEST_CASE("beside a trace a straggler has a share of it, no rate of its own") {
  const std::string trace = "[[network.traces]]\npath = \"nodes.csv\"\n[[network.stragglers]]\nnodes = \"all\"\n";
  check_mistakes({{trace + "uplink = \"1Mbps\"\n",
                   "s.toml:13:10: network.stragglers.0.uplink: beside a trace, which gives the usual rates, expected a "
                   "factor alone"},
                  {trace + "factor = 2\njitter = \"1Mbps\"\n",
                   "s.toml:14:10: network.stragglers.0.jitter: beside a trace, which gives the usual rates, expected a "
                   "factor alone"}});
}

TEST_CASE("a trace is read with the scenario, its mistakes have its own file and line") {
  const Files files;
  files.write("back.csv", "time_s,rate_mbps\n0,1\n5,2\n3,1\n");
  files.write("negative.csv", "time_s,rate_mbps\n0,-1\n");
  files.write("nan.csv", "time_s,rate_mbps\n0,nan\n");
  files.write("zero.csv", "time_s,rate_mbps\n0,1\n5,0\n");
  files.write("far.csv", "time_s,node,rate_mbps\n0,8,1\n");
  files.write("long.csv", "time_s,rate_mbps\n0," + std::string(10'000'000, '1') + "\n");
  files.write("late.csv", "time_s,node,rate_mbps,latency_ms\n0,1,1,1\n");
  files.write("paces.csv", "time_s,from,to,pace\n0,1,2,1\n");
  std::filesystem::create_directories(files / "folder.csv");
  const auto error = [&](const std::string& name, const std::string& table = "network") {
    return files.error_of("[[" + table + ".traces]]\npath = \"" + name + "\"\n");
  };
  const std::string at = "s.toml:10:8: network.traces.0.path: ";
  CHECK(error("back.csv") == at + "back.csv:4: time_s is 3, expected more than 5 as in line 3");
  CHECK(error("negative.csv") == at + "negative.csv:2: rate_mbps is \"-1\", expected a number from 0 to 1000000000");
  CHECK(error("nan.csv") == at + "nan.csv:2: rate_mbps is \"nan\", expected a number from 0 to 1000000000");
  CHECK(error("zero.csv") == at + "zero.csv:3: rate_mbps is 0 with no later recovery: expected a row with more than 0");
  CHECK(error("far.csv") == at + "far.csv:2: node is \"8\", expected a whole number from 0 to 7");
  CHECK(error("long.csv") == at + "long.csv:2: expected a line of at most 4096 characters");
  CHECK(error("none.csv") == at + "none.csv: cannot be opened: No such file or directory");
  CHECK(error("folder.csv") == at + "folder.csv: cannot be read: expected a text file");
  CHECK(error("late.csv") == at + "late.csv: a latency is that of a link: expected latency_ms only beside from and to, "
                                  "or in a trace for everyone");
  CHECK(error("paces.csv", "compute") ==
        "s.toml:10:8: compute.traces.0.path: paces.csv: a pace is that of a node: expected a column node instead of "
        "from and to");
  CHECK(error("nodes.csv", "compute").find("nodes.csv:1: unknown column \"rate_mbps\"") != std::string::npos);
  CHECK(
      files.error_of("[[network.traces]]\npath = \"pairs.csv\"\ndirection = \"uplink\"\n") ==
      "s.toml:11:13: network.traces.0.direction: expected no direction for a trace of links from one node to another");
  CHECK(files.error_of("[[network.traces]]\nat_end = \"loop\"\n") ==
        "s.toml:9:1: missing key 'path' in [network.traces.0]: expected for example path = \"trace.csv\"");
}

TEST_CASE("a matrix is read with the scenario, its mistakes have its own file and line") {
  const Files files;
  files.write("small.csv", "node,0,1\n0,,1\n1,1,\n");
  files.write("zero.csv", "region,a,b\na,,0\n");
  files.write("negative.csv", "region,a,b\na,,-3\n");
  files.write("hole.csv", "region,a,b\na,,\n");
  files.write("long.csv", "region,a,b\na,," + std::string(10'000'000, '1') + "\n");
  std::filesystem::create_directories(files / "folder.csv");
  const auto error = [&](const std::string& name) {
    return files.error_of("[network]\nmatrix = { rates = \"" + name + "\" }\n");
  };
  const std::string at = "s.toml:10:20: network.matrix.rates: ";
  CHECK(error("small.csv") == at + "small.csv:1: 2 nodes, expected 8");
  CHECK(error("zero.csv") == at + "zero.csv:2: a to b is 0, expected a rate above 0");
  CHECK(error("negative.csv") == at + "negative.csv:2: a to b is \"-3\", expected a number from 0 to 1000000000");
  CHECK(error("hole.csv") == at + "hole.csv:2: ends without a rate from a to a");
  CHECK(error("long.csv") == at + "long.csv:2: expected a line of at most 1000000 characters");
  CHECK(error("folder.csv") == at + "folder.csv: cannot be read: expected a text file");
}

TEST_CASE("churn leaves two nodes at least, at some moment of the run") {
  const std::string leave = "[[churn]]\nnodes = { list = [0, 1, 2, 3, 4, 5, 6] }\nleave = \"0s\"\n";
  check_mistakes({
      {leave,
       "s.toml:10:9: churn.0.nodes: at no moment of the run are two nodes there: nobody would have anyone to send to"},
      {"[[churn]]\nnodes = \"all\"\nleave = \"0s\"\nreturn = \"900s\"\n",
       "s.toml:10:9: churn.0.nodes: at no moment of the run are two nodes there: nobody would have anyone to send to"},
      {"[[churn]]\nnodes = \"all\"\nreturn = \"900s\"\n",
       "s.toml:9:1: missing key 'leave' in [churn.0]: expected for example leave = \"100s\""},
      {"[[churn]]\nnodes = \"all\"\nleave = \"2s\"\nreturn = \"2s\"\n",
       "s.toml:12:10: churn.0.return: expected more than leave = \"2s\", got \"2s\""},
      {"[[churn]]\nnodes = \"all\"\nleave = \"2s\"\nmean_away = \"2s\"\nmean_present = \"2s\"\n",
       "s.toml:11:9: churn.0.leave: expected either leave and return or mean_away and mean_present, not both"},
  });
  CHECK(Files().load(leave + "return = \"799s\"\n").error == "");
}

TEST_CASE("more stays than fit into memory are refused before they are drawn") {
  const Files files;
  const auto error = [&](const std::string& table, const std::string& on, const std::string& off) {
    files.write("s.toml", kScenario + ("[[" + table + "]]\n") + on + " = \"1ms\"\n" + off + " = \"1ms\"\n");
    return load_scenario((files / "s.toml").string(), {"time.duration=300h"}).error;
  };
  const std::string all = "]]\nnodes = \"all\"\nfactor = 2 #";
  const std::string many = "about 4320000000 stays in 300h are too many: expected at most 20000000, hence longer ones";
  CHECK(error("churn]]\nnodes = \"all\" #", "mean_away", "mean_present").find(many) != std::string::npos);
  CHECK(error("network.changes" + all, "mean_on", "mean_off").find(many) != std::string::npos);
  CHECK(error("network.stragglers" + all, "mean_on", "mean_off").find(many) != std::string::npos);
}

TEST_CASE("a short loop in a long run is refused before it is unrolled") {
  const Files files;
  files.write("loop.csv", "time_s,rate_mbps\n0,1\n0.001,2\n");
  files.write("s.toml", kScenario + std::string("[[network.traces]]\npath = \"loop.csv\"\nat_end = \"loop\"\n"));
  const std::string file = (files / "s.toml").string();
  CHECK(load_scenario(file, {"time.duration=800s"}).error == "");
  CHECK(load_scenario(file, {"time.duration=300h"}).error ==
        file + ":11:10: network.traces.0.at_end: expected loops of at most 20000000 steps in 300h, all in all");
}

TEST_CASE("a pause has an end") {
  check_mistakes({
      {"[[compute.pauses]]\nnodes = \"all\"\nbegin = \"2s\"\n",
       "s.toml:9:1: missing key 'end' in [compute.pauses.0]: expected for example end = \"200s\""},
      {"[[compute.pauses]]\nnodes = \"all\"\nbegin = \"2s\"\nend = \"1s\"\n",
       "s.toml:12:7: compute.pauses.0.end: expected more than begin = \"2s\", got \"1s\""},
      {"[[compute.pauses]]\nnodes = \"all\"\nbegin = \"2s\"\nend = \"3s\"\nfactor = 2\n",
       "s.toml:13:1: unknown key 'factor' in [compute.pauses.0]: expected nodes, begin, end or slowdown; did you mean "
       "'slowdown'?"},
  });
}

TEST_CASE("an algorithm that waits needs a way out where messages can be lost for ever") {
  const Files files;
  const std::string waiting = "[[algorithm]]\nkind = \"ad-psgd\"\n";
  const std::string loss = "[network]\nloss = { rate = 0.01 }\n";
  const std::string churn = "[[churn]]\nnodes = { count = 1 }\nleave = \"1s\"\nreturn = \"2s\"\n";
  CHECK(files.load(waiting).error == "");
  const std::string needed = "s.toml:9:1: algorithm.1.wait_timeout: ad-psgd waits for messages, which ";
  CHECK(files.error_of(waiting + loss) ==
        needed + "[network] loss may drop: expected for example wait_timeout = \"5s\"");
  CHECK(files.error_of(waiting + "[network]\nloss = { rate = 0.01, mode = \"retransmit\" }\n") ==
        needed + "[network] loss may give up: expected for example wait_timeout = \"5s\"");
  CHECK(files.error_of(waiting + churn) ==
        needed + "[[churn]] may cut off: expected for example wait_timeout = \"5s\"");
  CHECK(files.load(waiting + "[network]\nloss = { rate = 0 }\n").error == "");
  const Scenario patient = files.parsed(waiting + "wait_timeout = \"5s\"\n" + loss + churn);
  CHECK_FALSE(patient.algorithms[0].wait_timeout);
  CHECK(patient.algorithms[1].wait_timeout == std::chrono::seconds(5));
  CHECK(to_toml(patient).find("wait_timeout = \"5s\"") != std::string::npos);
}

TEST_CASE("an algorithm that waits for nobody refuses a timeout") {
  CHECK(Files().error_of("wait_timeout = \"5s\"\n") ==
        "s.toml:9:1: unknown key 'wait_timeout' of algorithm swift: expected kind, name, topology, compression, "
        "local_steps, training_rounds, "
        "communication_set, weights, stored_models or staleness_weight; 'wait_timeout' has its place in algorithms "
        "that wait for messages "
        "and can go on without them");
}

TEST_CASE("without emulation what shapes traffic is checked, kept and of no effect") {
  const Files files;
  const std::string off = "[network]\nemulation = \"off\"\nloss = { rate = 0.5 }\n[[algorithm]]\nkind = \"ad-psgd\"\n";
  const auto load = [&](const std::string& added) {
    files.write("off.toml", "name = \"off\"\n" + std::string(kScenario) + added);
    return load_scenario((files / "off.toml").string(), {"time.clock=real"});
  };
  CHECK(load(off).error == "");
  CHECK(load(off + "[[churn]]\nnodes = { count = 1 }\nleave = \"1s\"\n").error.find("wait_timeout") !=
        std::string::npos);
}
