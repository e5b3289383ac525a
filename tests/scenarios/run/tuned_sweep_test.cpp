#include "scenarios/src/run/tuned_sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "tests/places.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

/// The greatest rate is best for all: the optimum is known, and steps are small.
const char* const kScenario = R"(name = "tiny"
[time]
duration = "2s"
[nodes]
count = 4
model = { kind = "quadratic" }
[training]
local_steps = 2
[compute]
step_time = "20ms"
[network]
uplink = "20Mbps"
[evaluation]
every = "1s"
baseline = "d-psgd"
[[algorithm]]
kind = "divshare"
recipients = 2
[[algorithm]]
kind = "d-psgd"
topology = "ring"
)";

SweepSettings settings_in(const TemporaryFolder& folder) {
  SweepSettings settings;
  settings.program = TARDIGRAD_PROGRAM;
  settings.scenario = folder.write("tiny.toml", kScenario).string();
  settings.sets = {"training.learning_rate=0.001,0.01,0.1"};
  settings.seeds = {1, 2};
  settings.threads = 2;
  settings.out = folder / "out";
  settings.best_of = {"training.learning_rate"};
  settings.tuning_seeds = {101};
  return settings;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::ptrdiff_t lines_in(const fs::path& file) {
  const std::string content = content_of(file);
  return std::count(content.begin(), content.end(), '\n');
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("every algorithm is reported at its own best value, chosen on other seeds") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  const SweepOutcome outcome = run_sweep(settings);
  CHECK(outcome.problem == "");
  REQUIRE(outcome.code == exit_done);
  for (const char* rate : {"0.001", "0.01", "0.1"}) {
    CHECK(fs::exists(settings.out / "tuning" / ("learning_rate=" + std::string(rate)) / "d-psgd/s101/summary.json"));
  }
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 3 * 2 + 2 * 2);
  const std::string csv = content_of(settings.out / "sweep.csv");
  CHECK(csv.rfind("training.learning_rate,use,scenario,algorithm,", 0) == 0);
  CHECK(contains(csv, "\n0.001,tuning,"));
  CHECK_FALSE(contains(csv, "\n0.001,report,"));
  CHECK(contains(csv, "\n0.1,report,"));
  const std::string statistics = content_of(settings.out / "statistics.csv");
  CHECK(contains(statistics, "divshare (learning_rate=0.1),final_loss_mean,"));
  CHECK(contains(statistics, ",d-psgd (learning_rate=0.1),2,"));  // the baseline, in both seeds
  CHECK(contains(content_of(settings.out / "report.html"), "each algorithm at its best training.learning_rate"));

  const auto log = settings.out / "logs" / "divshare,learning_rate=0.1";
  std::ofstream(log) << "of the first time";
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(log) == "of the first time");
  CHECK(content_of(settings.out / "sweep.csv") == csv);
}

TEST_CASE("other keys stay as they are: a value is chosen for each of their combinations") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  settings.sets = {"training.learning_rate=0.001,0.1", "network.uplink=1Mbps,20Mbps"};
  settings.seeds = {1};
  REQUIRE(run_sweep(settings).code == exit_done);
  const std::string statistics = content_of(settings.out / "statistics.csv");
  CHECK(statistics.rfind("network.uplink,scenario,algorithm,", 0) == 0);
  CHECK(contains(statistics, "\n1Mbps,uplink=1Mbps,d-psgd (learning_rate=0.1),"));
  CHECK(contains(statistics, "\n20Mbps,uplink=20Mbps,divshare (learning_rate=0.1),"));
}

TEST_CASE("settings that cannot be tuned change nothing") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  settings.tuning_seeds = {2, 3};
  CHECK(run_sweep(settings).code == exit_wrong_use);
  CHECK_FALSE(fs::exists(settings.out));
  settings.tuning_seeds = {101};
  settings.sets = {"training.learning_rate=0.001,fast"};
  CHECK(contains(run_sweep(settings).problem, "point learning_rate=fast: "));
  CHECK_FALSE(fs::exists(settings.out));
}

TEST_CASE("some of a scenario's algorithms run alone, and are what a resumed folder holds") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", kScenario).string();
  const std::string out = folder / "out";
  REQUIRE(tardigrad_command({"run", scenario, "--only", "divshare", "--out", out}) == exit_done);
  CHECK(fs::exists(fs::path(out) / "divshare"));
  CHECK_FALSE(fs::exists(fs::path(out) / "d-psgd"));
  CHECK(tardigrad_command({"run", "--resume", out}) == exit_done);
  CHECK(tardigrad_command({"run", scenario, "--only", "divshare,swift", "--out", folder / "none"}) == exit_wrong_use);
  CHECK_FALSE(fs::exists(folder / "none"));
}
