#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string>

#include "actors/protocols/registry.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/graph/topology.hpp"
#include "scenarios/src/check/check_report.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using test::content_of;
using test::tardigrad_command;

/// Noise in the form of CIFAR-10.
void write_pictures(const test::TemporaryFolder& folder) {
  RandomStream stream(1, Purpose::test);
  for (const char* name :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"}) {
    std::string bytes;
    for (int sample = 0; sample < 10; ++sample) {
      bytes += static_cast<char>(sample);
      for (int pixel = 0; pixel < 3072; ++pixel) bytes += static_cast<char>(stream.below(256));
    }
    folder.write(std::string(name) + ".bin", bytes);
  }
}

/// Every algorithm, on one node.
std::string scenario(const std::string& more = "") {
  std::string text = R"(
[time]
duration = "1s"
[nodes]
count = 1
model = "logistic-regression"
[data]
set = "cifar10"
root = "."
[training]
batch_size = 8
local_steps = 2
[compute]
step_time = "50ms"
start_stagger = "0s"
[evaluation]
every = "250ms"
)";
  for (const Algorithm& algorithm : algorithms()) {
    text += fmt::format("[[algorithm]]\nkind = \"{}\"\n", algorithm.name);
    if (algorithm.usual_consensus_rounds > 0) text += "training_rounds = 1000\n";
  }
  return text + more;
}

/// By the columns messages and bytes of links.csv.
bool sends_nothing(const std::string& links) {
  std::istringstream lines(links);
  std::string line;
  std::getline(lines, line);
  std::size_t count = 0;
  for (; std::getline(lines, line); ++count) {
    std::istringstream cells(line);
    std::string cell;
    for (int column = 0; std::getline(cells, cell, ','); ++column) {
      if ((column == 5 || column == 6) && cell != "0") return false;
    }
  }
  return count == 2;
}

TEST_CASE("with one node every algorithm is the centralised baseline: it trains alone, and sends nothing") {
  const test::TemporaryFolder folder;
  write_pictures(folder);
  const std::string file = folder.write("one.toml", scenario("[[algorithm]]\nkind = \"gossip\"\nname = \"compressed\"\n"
                                                             "compression = \"sign\"\n"));
  for (const char* sharing : {"serial", "fair"}) {
    CAPTURE(sharing);
    const std::filesystem::path out = folder / sharing;
    REQUIRE(tardigrad_command({"run", file, "--set", fmt::format("network.sharing={}", sharing), "--out", out}) ==
            exit_done);
    const std::string evaluations = content_of(out / "all-reduce/s1/evaluations.csv");
    const std::string rounds = content_of(out / "all-reduce/s1/rounds.csv");
    CHECK(std::count(rounds.begin(), rounds.end(), '\n') >= 10);
    CHECK(evaluations.find("nan") == std::string::npos);
    for (const Algorithm& algorithm : algorithms()) {
      CAPTURE(algorithm.name);
      const std::filesystem::path own = out / algorithm.name / "s1";
      CHECK(content_of(own / "evaluations.csv") == evaluations);
      CHECK(content_of(own / "rounds.csv") == rounds);
      CHECK(sends_nothing(content_of(own / "links.csv")));
    }
    CHECK(content_of(out / "compressed/s1/evaluations.csv") == evaluations);
    CHECK(content_of(out / "comparison.csv").find("nan") == std::string::npos);
  }
}

TEST_CASE("one node may have every topology, loss and churn, and its resolved scenario loads again") {
  for (const TopologyKind& kind : topology_kinds()) {
    CAPTURE(kind.name);
    std::string topology = fmt::format("\"{}\"", kind.name);
    for (const auto& option : kind.options) {
      if (!option.example.empty()) topology = option.example;
    }
    const std::string text =
        scenario(fmt::format("[network]\ntopology = {}\nloss = {{ rate = 0.1, mode = \"drop\" }}\n"
                             "[[churn]]\nnodes = \"all\"\nleave = \"300ms\"\nreturn = \"500ms\"\n",
                             topology));
    const ScenarioResult read = parse_scenario(text, "one.toml", {});
    REQUIRE_MESSAGE(read.scenario, read.error);
    const std::string resolved = to_toml(*read.scenario);
    const ScenarioResult again = parse_scenario(resolved, "one.toml", {});
    REQUIRE_MESSAGE(again.scenario, again.error);
    CHECK(to_toml(*again.scenario) == resolved);
  }
}

TEST_CASE("check says that one node trains alone") {
  const test::TemporaryFolder folder;
  write_pictures(folder);
  const ScenarioResult read = load_scenario(folder.write("one.toml", scenario()), {});
  REQUIRE_MESSAGE(read.scenario, read.error);
  const LearnerResult learner = prepare_first_learner(*read.scenario, 1);
  REQUIRE(learner.error == "");
  const std::string report = check_report(*read.scenario, *learner.learner);
  CHECK(report.find("one node, which trains alone: it sends nothing, whatever the algorithm") != std::string::npos);
  for (const char* nonsense : {"nan", "inf"}) {
    CHECK(report.find(std::string(" ") + nonsense + "\n") == std::string::npos);
    CHECK(report.find(std::string(" ") + nonsense + " ") == std::string::npos);
  }
}

}  // namespace
}  // namespace tardigrad
