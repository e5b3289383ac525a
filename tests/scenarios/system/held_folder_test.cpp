/// Two processes never write to one folder. A lock belongs to an open folder: in these tests another open
/// folder of the same process stands for the other process.
#include "scenarios/src/system/held_folder.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;
using test::tiny_scenario;

TEST_CASE("a folder is held as long as its holder lives, and nobody who looks keeps others away") {
  const TemporaryFolder folder;
  const fs::path place = folder / "a/b";
  CHECK(objection_to_holding(place) == "");
  CHECK_FALSE(fs::exists(folder / "a"));
  HeldFolderResult first = hold_folder(place);
  CHECK(first.folder);
  const std::string taken =
      place.string() + ": another process is at work in it; name another folder with --out, or wait for its end";
  CHECK(objection_to_holding(place) == taken);
  CHECK(hold_folder(place).error == taken);
  first = {};
  CHECK(objection_to_holding(place) == "");
  CHECK(hold_folder(place).folder);
  CHECK(hold_folder(folder.write("file", std::string("x"))).error.find("cannot be made") != std::string::npos);
}

TEST_CASE("inside of a run's or sweep's folder that is held nobody else may work, other locked folders do not count") {
  const TemporaryFolder folder;
  const HeldFolderResult held = hold_folder(folder / "out");
  CHECK(objection_to_holding(folder / "out/point") == "");
  folder.write("out/sweep.csv", std::string("\n"));
  CHECK(objection_to_holding(folder / "out/point").find((folder / "out").string() + ": another process") == 0);
  CHECK(objection_to_holding(folder / "out/a/b/c") != "");
  CHECK(objection_to_holding(folder / "other") == "");
}

TEST_CASE("a run, a sweep or a report into a folder where another is at work is refused, with --force too") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const std::string run_out = folder / "run";
  const std::string sweep_out = folder / "sweep";
  const std::vector<std::string> sweep = {"sweep", scenario,  "--set",  "training.local_steps=1",
                                          "--out", sweep_out, "--force"};
  REQUIRE(tardigrad_command({"run", scenario, "--out", run_out}) == exit_done);
  REQUIRE(tardigrad_command({"run", scenario, "--out", folder / "other"}) == exit_done);
  fs::create_directory(sweep_out);
  folder.write("sweep/sweep.csv", std::string("old\n"));
  const std::string before = content_of(run_out + "/comparison.csv");
  {
    const HeldFolderResult a = hold_folder(run_out);
    const HeldFolderResult b = hold_folder(sweep_out);
    fs::remove(run_out + "/report.html");
    const std::vector<std::vector<std::string>> refused = {
        {"run", scenario, "--out", run_out, "--force", "--set", "nodes.count=5"},
        {"run", scenario, "--out", sweep_out + "/local_steps=1", "--force"},
        {"report", folder / "other", "--out", run_out},
        {"report", run_out},
        {"run", "--resume", run_out},
        sweep};
    for (const auto& command : refused) {
      INFO(command.front());
      CHECK(tardigrad_command(command) == exit_wrong_use);
    }
    CHECK(content_of(run_out + "/comparison.csv") == before);
    CHECK_FALSE(fs::exists(run_out + "/report.html"));
    CHECK(content_of(sweep_out + "/sweep.csv") == "old\n");
    CHECK(tardigrad_command({"report", run_out, "--out", folder / "elsewhere"}) == exit_done);
  }
  CHECK(tardigrad_command({"run", scenario, "--out", run_out, "--force"}) == exit_done);
  CHECK(tardigrad_command({"report", run_out}) == exit_done);
}

TEST_CASE("a run that is killed holds its folder no longer" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("tiny.toml", tiny_scenario());
  const fs::path out = folder / "out";
  const std::vector<std::string> run = {"run", scenario, "--out", out.string(), "--force"};
  std::vector<std::string> long_run = {TARDIGRAD_PROGRAM};
  long_run.insert(long_run.end(), run.begin(), run.end());
  long_run.insert(long_run.end(), {"--set", "time.duration=200h"});
  ChildProcess other(long_run, folder / "log");
  while (!other.exit_code() && !fs::exists(out / "d-psgd/s1/rounds.csv")) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  REQUIRE_FALSE(other.exit_code());
  CHECK(tardigrad_command(run) == exit_wrong_use);
  other.kill_now();
  while (!other.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(tardigrad_command(run) == exit_done);
}

}  // namespace
}  // namespace tardigrad
