/// Scenarios with several targets, and runs that end with the last of them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/results/run_folder.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::check_same_files;
using test::content_of;
using test::tardigrad_command;

const char* const kFalling = R"(
name = "falling"
[time]
duration = "6s"
[nodes]
count = 6
model = { kind = "quadratic", dimension = 20 }
[training]
learning_rate = 0.02
local_steps = 2
[compute]
step_time = "20ms"
[network]
uplink = "1Mbps"
latency = "5ms"
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "ad-psgd"
[evaluation]
every = "500ms"
)";
/// The evaluations of d-psgd whose losses are its targets, and the time of the second one.
constexpr std::size_t kEarlier = 3, kLast = 6;
constexpr double kLastTime = 3;

struct Runs : test::TemporaryFolder {
  fs::path run(const std::string& name, const std::string& evaluation,
               const std::vector<std::string>& more = {}) const {
    const fs::path scenario = write(name + ".toml", kFalling + evaluation);
    std::vector<std::string> words{"run", scenario.string(), "--out", (*this / name).string()};
    words.insert(words.end(), more.begin(), more.end());
    REQUIRE(tardigrad_command(words) == exit_done);
    return *this / name;
  }
  /// The end of a scenario with two targets, which d-psgd reaches with its evaluations `kEarlier` and `kLast`.
  std::string two_targets() const {
    const auto folder = *read_run_folder(run("plain", "")).folder;
    const auto& points = folder.algorithms.back().seeds.front().evaluations;
    REQUIRE(folder.algorithms.back().name == "d-psgd");
    REQUIRE(points[kEarlier - 1].loss.mean > points[kEarlier].loss.mean);
    REQUIRE(points[kEarlier].loss.mean > points[kLast].loss.mean);
    return fmt::format("targets_loss = [{}, {}]\nstop = \"target\"\n", points[kEarlier].loss.mean,
                       points[kLast].loss.mean);
  }
};

nlohmann::json summary_of(const fs::path& out, const std::string& run) {
  return nlohmann::json::parse(content_of(out / run / "summary.json"));
}

TEST_CASE("a run ends with its target, and until then it is the run that goes on") {
  const Runs runs;
  const std::string evaluation = runs.two_targets() + "refine = false\n";
  const fs::path stopped = runs.run("stopped", evaluation, {"--threads", "1"});
  for (const char* file : {"evaluations.csv", "rounds.csv"}) {
    const std::string until_then = content_of(stopped / "d-psgd/s1" / file);
    CHECK(content_of(runs / "plain/d-psgd/s1" / file).rfind(until_then, 0) == 0);
  }
  const auto summary = summary_of(stopped, "d-psgd/s1");
  CHECK(summary["complete"] == true);
  CHECK(summary["stopped_because"] == "target");
  CHECK(summary["virtual_s"] == kLastTime);
  CHECK(summary["final_time_s"] == kLastTime);
  CHECK(summary["time_to_target_s"].get<double>() == doctest::Approx(kLastTime));
  REQUIRE(summary["targets"].size() == 2);
  CHECK(summary["targets"][0]["time_s"].get<double>() == doctest::Approx(1.5));
  CHECK(summary["targets"][0]["bytes"] < summary["targets"][1]["bytes"]);
  CHECK(summary["targets"][1]["bytes"] == summary["bytes_to_target"]);
  CHECK(content_of(stopped / "comparison.csv").find(",time_to_loss_") != std::string::npos);

  check_same_files(stopped, runs.run("two-threads", evaluation, {"--threads", "2"}), 7);
}

TEST_CASE("a run with a refined target ends when it is known") {
  const Runs runs;
  const fs::path refined = runs.run("refined", runs.two_targets() + "refine = true\n");
  const auto summary = summary_of(refined, "d-psgd/s1");
  CHECK(summary["stopped_because"] == "target");
  CHECK(summary["virtual_s"].get<double>() == doctest::Approx(kLastTime + 0.05));
  CHECK(summary["final_time_s"] == kLastTime);
  CHECK(summary["time_to_target_within_s"].get<double>() == doctest::Approx(0.05));
}

TEST_CASE("a run whose target is not reached, or only in the end, takes its time") {
  const Runs runs;
  const fs::path whole = runs.run("whole", "target_loss = 1e-9\nstop = \"target\"\n");
  const auto summary = summary_of(whole, "d-psgd/s1");
  CHECK(summary["stopped_because"] == "duration");
  CHECK(summary["virtual_s"] == 6);
  CHECK(summary["time_to_target_s"].is_null());
  CHECK(summary.count("targets") == 0);
}

TEST_CASE("under the real clock a run ends soon after its target") {
  const Runs runs;
  const fs::path real = runs.run("real", "target_loss = 1e5\nstop = \"target\"\n", {"--set", "time.clock=real"});
  const auto summary = summary_of(real, "d-psgd/s1");
  CHECK(summary["stopped_because"] == "target");
  CHECK(summary["complete"] == true);
}

TEST_SUITE("slow") {
  TEST_CASE("a run over local hosts ends with its target where the run in one process does") {
    const Runs runs;
    const std::string evaluation = runs.two_targets();
    const fs::path here = runs.run("here", evaluation);
    const fs::path hosts = runs / "hosts";
    ChildProcess program(
        {TARDIGRAD_PROGRAM, "run", (runs / "here.toml").string(), "--out", hosts.string(), "--local-hosts", "2"},
        runs / "log");
    while (!program.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(program.exit_code() == exit_done);
    CHECK(summary_of(hosts, "d-psgd/s1")["stopped_because"] == "target");
    check_same_files(here, hosts, 7);
  }
}

}  // namespace
}  // namespace tardigrad
