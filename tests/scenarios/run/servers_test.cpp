/// Runs with a server, whole.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;

const char* const kScenario = R"(
name = "served"
[time]
duration = "4s"
[nodes]
count = 6
model = { kind = "quadratic", dimension = 20 }
[training]
local_steps = 8
learning_rate = 0.05
[compute]
step_time = "5ms"
[[compute.stragglers]]
nodes = { list = [2] }
slowdown = 4
[network]
uplink = "10Mbps"
[[servers]]
uplink = "50Mbps"
[evaluation]
every = "500ms"
target_loss = 2
[[algorithm]]
kind = "async-local-sgd"
[[algorithm]]
kind = "async-local-sgd"
name = "fedbuff"
apply = "buffered"
outer_momentum = 0.0
outer_learning_rate = 0.7
staleness_power = 0.5
steps = "by-speed"
[[algorithm]]
kind = "d-psgd"
)";

std::vector<std::vector<std::string>> cells_of(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line + ",");
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

struct Run {
  TemporaryFolder folder;

  Run() {
    const std::string file = folder.write("served.toml", kScenario);
    REQUIRE(tardigrad_command({"run", file, "--threads", "1", "--out", out()}) == exit_done);
  }
  std::string out() const { return folder / "out"; }
  std::string text(const std::string& name) const { return content_of(folder.path() / "out" / name); }
  nlohmann::json summary(const std::string& algorithm) const {
    return nlohmann::json::parse(text(algorithm + "/s1/summary.json"));
  }
};

TEST_CASE("a run with a server learns, and the server's model is told of beside those of the nodes") {
  const Run run;
  for (const std::string algorithm : {"async-local-sgd", "fedbuff"}) {
    INFO(algorithm);
    const auto summary = run.summary(algorithm);
    CHECK(summary["nodes"] == 6);
    CHECK(summary["servers"] == 1);
    const auto evaluations = cells_of(run.text(algorithm + "/s1/evaluations.csv"));
    REQUIRE(evaluations.size() == 1 + 9 * 8);
    double sum = 0;
    for (std::size_t node = 0; node < 6; ++node) sum += std::stod(evaluations[65 + node][4]);
    CHECK(evaluations[65 + 5][1] == "5");
    CHECK(evaluations[65 + 6][1] == "server");
    CHECK(evaluations[65 + 7][1] == "averaged");
    CHECK(summary["final_loss"]["mean"].get<double>() == doctest::Approx(sum / 6).epsilon(1e-6));
    CHECK(summary["final_loss"]["server"].get<double>() ==
          doctest::Approx(std::stod(evaluations[65 + 6][4])).epsilon(1e-6));
    CHECK(summary["final_loss"]["mean"].get<double>() < 0.5 * std::stod(evaluations[1][4]));
    CHECK(summary.contains("time_to_target_server_s"));
    CHECK(summary["mean_staleness"].get<double>() > 0);
    std::uint64_t rounds = 0;
    std::uint64_t of_server = 0;
    for (const auto& row : cells_of(run.text(algorithm + "/s1/rounds.csv"))) {
      if (row[0] == "6") ++of_server;
      if (row[0] != "6" && row[0] != "node") ++rounds;
    }
    CHECK(summary["rounds"] == rounds);
    CHECK(of_server > 0);
    CHECK((of_server < rounds / 3) == (algorithm == "fedbuff"));
  }
}

TEST_CASE("an algorithm without servers runs beside them as ever, and has no figures of one") {
  const Run run;
  const auto summary = run.summary("d-psgd");
  CHECK_FALSE(summary.contains("servers"));
  CHECK_FALSE(summary.contains("time_to_target_server_s"));
  CHECK_FALSE(summary["final_loss"].contains("server"));
  CHECK(run.text("d-psgd/s1/evaluations.csv").find("server") == std::string::npos);
  std::string text = kScenario;
  text.erase(text.find("[[servers]]"), text.find("[evaluation]") - text.find("[[servers]]"));
  text.erase(text.find("[[algorithm]]"), text.rfind("[[algorithm]]") - text.find("[[algorithm]]"));
  const std::string file = run.folder.write("without.toml", text);
  REQUIRE(tardigrad_command({"run", file, "--out", run.folder / "without"}) == exit_done);
  for (const char* name : {"d-psgd/s1/evaluations.csv", "d-psgd/s1/rounds.csv", "d-psgd/s1/links.csv"}) {
    CHECK(run.text(name) == content_of(run.folder.path() / "without" / name));
  }
  const auto curves = cells_of(run.text("curves.csv"));
  const auto without = cells_of(content_of(run.folder.path() / "without/curves.csv"));
  CHECK(curves[0].size() == without[0].size() + 2);
  CHECK(run.text("comparison.csv").find("time_to_target_server_s") != std::string::npos);
  CHECK(content_of(run.folder.path() / "without/comparison.csv").find("server") == std::string::npos);
}

TEST_CASE("slower nodes that do fewer steps end as many rounds as the others") {
  const Run run;
  const auto rounds_of = [&](const std::string& algorithm, const std::string& node) {
    std::uint64_t rounds = 0;
    for (const auto& row : cells_of(run.text(algorithm + "/s1/rounds.csv"))) rounds += row[0] == node ? 1 : 0;
    return rounds;
  };
  CHECK(rounds_of("async-local-sgd", "2") < rounds_of("async-local-sgd", "1") / 2);
  CHECK(rounds_of("fedbuff", "2") > 0.9 * rounds_of("fedbuff", "1"));
}

}  // namespace
}  // namespace tardigrad
