#include "scenarios/src/run/sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "scenarios/src/system/child_process.hpp"
#include "tests/places.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::content_of;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const char* const kScenario = R"(
name = "tiny"
[time]
duration = "200ms"
[nodes]
count = 4
model = { kind = "null", parameters = 1000 }
[training]
local_steps = 1
[[algorithm]]
kind = "divshare"
fragments = 2
recipients = 2
[[algorithm]]
kind = "ad-psgd-pushpull"
recipients = 2
)";

SweepSettings settings_in(const TemporaryFolder& folder) {
  SweepSettings settings;
  settings.program = TARDIGRAD_PROGRAM;
  settings.scenario = folder.write("tiny.toml", std::string(kScenario)).string();
  settings.sets = {"network.uplink=1Mbps,10Mbps", "algorithm.0.recipients=1,3"};
  settings.threads = 2;
  settings.jobs = 2;
  settings.out = folder / "out";
  return settings;
}

std::ptrdiff_t lines_in(const fs::path& file) {
  const std::string content = content_of(file);
  return std::count(content.begin(), content.end(), '\n');
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const char* const kPoints[] = {"uplink=1Mbps,recipients=1", "uplink=1Mbps,recipients=3", "uplink=10Mbps,recipients=1",
                               "uplink=10Mbps,recipients=3"};

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("every point is a run of its own, and all are in one table and one report") {
  const TemporaryFolder folder;
  const SweepSettings settings = settings_in(folder);
  const SweepOutcome outcome = run_sweep(settings);
  CHECK(outcome.problem == "");
  REQUIRE(outcome.code == exit_done);
  for (const char* point : kPoints) CHECK(contains(content_of(settings.out / "logs" / point), "divshare seed 1 done"));

  const std::string run = "\"" TARDIGRAD_PROGRAM "\" run " + settings.scenario +
                          " --set network.uplink=10Mbps --set algorithm.0.recipients=3 --out " +
                          (folder / "by-hand").string() + " >/dev/null 2>&1";
  REQUIRE(std::system(run.c_str()) == 0);
  for (const char* file : {"scenario.toml", "divshare/s1/links.csv", "ad-psgd-pushpull/s1/rounds.csv"}) {
    CHECK(content_of(settings.out / kPoints[3] / file) == content_of(folder / "by-hand" / file));
  }

  const std::string csv = content_of(settings.out / "sweep.csv");
  CHECK(csv.rfind("network.uplink,algorithm.0.recipients,scenario,algorithm,", 0) == 0);
  CHECK(contains(csv, "\n10Mbps,1,\"uplink=10Mbps,recipients=1\",divshare,divshare,1,true,"));
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 4 * 2);
  CHECK(content_of(settings.out / "curves.csv")
            .rfind("point,network.uplink,algorithm.0.recipients,algorithm,seed,time_s,", 0) == 0);
  const std::string report = content_of(settings.out / "report.html");
  CHECK(contains(report, "tiny by network.uplink, algorithm.0.recipients"));
  CHECK(contains(report, "divshare (uplink=1Mbps,recipients=3)"));
}

TEST_CASE("a sweep's files do not depend on how many points run at once") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  REQUIRE(run_sweep(settings).code == exit_done);
  const std::string csv = content_of(settings.out / "sweep.csv");
  settings.out = folder / "one-by-one";
  settings.jobs = 1;
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(settings.out / "sweep.csv") == csv);
}

TEST_CASE("seeds are those of every point") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  settings.sets = {"network.uplink=1Mbps,10Mbps"};
  settings.seeds = {3, 4};
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(fs::exists(settings.out / "uplink=1Mbps/divshare/s4/summary.json"));
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 2 * 2 * 2);
}

TEST_CASE("a sweep that is started again runs what is missing and nothing else") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  REQUIRE(run_sweep(settings).code == exit_done);
  const std::string csv = content_of(settings.out / "sweep.csv");
  const std::string rounds = content_of(settings.out / kPoints[1] / "divshare/s1/rounds.csv");
  const auto log = [&](const char* point) { return settings.out / "logs" / point; };
  for (const char* point : kPoints) std::ofstream(log(point)) << "of the first time";
  // One was interrupted, one never begun.
  std::ofstream(settings.out / kPoints[1] / "divshare/s1/summary.json") << "{\"complete\": false}";
  std::ofstream(settings.out / kPoints[1] / "divshare/s1/rounds.csv") << "cut";
  fs::remove_all(settings.out / kPoints[2]);
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(log(kPoints[0])) == "of the first time");
  CHECK(content_of(log(kPoints[1])) != "of the first time");
  CHECK(content_of(log(kPoints[2])) != "of the first time");
  CHECK(content_of(log(kPoints[3])) == "of the first time");
  CHECK(content_of(settings.out / kPoints[1] / "divshare/s1/rounds.csv") == rounds);
  CHECK(content_of(settings.out / "sweep.csv") == csv);

  settings.sets[1] = "algorithm.0.recipients=1,2,3";
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(log(kPoints[0])) == "of the first time");
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 6 * 2);
  settings.force = true;
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(log(kPoints[0])) != "of the first time");
}

/// A point's results as an earlier tardigrad wrote them: without curves.csv and `refine`, the averaged model as "mean".
void make_older(const fs::path& point) {
  const auto replace = [](const fs::path& file, const std::string& part, const std::string& other) {
    std::string text = content_of(file);
    REQUIRE(contains(text, part));
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += other.size()) {
      text.replace(at, part.size(), other);
    }
    std::ofstream(file) << text;
  };
  fs::remove(point / "curves.csv");
  replace(point / "scenario.toml", "refine  = false\n", "");
  for (const char* run : {"divshare/s1", "ad-psgd-pushpull/s1"})
    replace(point / run / "evaluations.csv", "averaged", "mean");
}

TEST_CASE("points that an earlier tardigrad has run are read, not run again") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  std::string text = kScenario;
  const std::string model = "{ kind = \"null\", parameters = 1000 }";
  text.replace(text.find(model), model.size(), "\"logistic-regression\"\n[data]\nset = \"fashion-mnist\"");
  folder.write("tiny.toml", text + "[evaluation]\nevery = \"50ms\"\nsamples = 50\ntarget = 0.9\n");
  settings.sets = {"network.uplink=1Mbps,10Mbps"};
  REQUIRE(run_sweep(settings).code == exit_done);
  const std::string curves = content_of(settings.out / "curves.csv");
  CHECK(contains(curves, "\nuplink=10Mbps,10Mbps,divshare,1,0.05,"));
  CHECK(lines_in(settings.out / "curves.csv") == 1 + 2 * 2 * 5);
  const std::string row = "\nuplink=1Mbps,1Mbps,divshare,1,0.2,";
  const std::string last = curves.substr(curves.find(row), 60);

  make_older(settings.out / "uplink=1Mbps");
  std::ofstream(settings.out / "logs/uplink=1Mbps") << "of the first time";
  REQUIRE(run_sweep(settings).code == exit_done);
  CHECK(content_of(settings.out / "logs/uplink=1Mbps") == "of the first time");
  CHECK(lines_in(settings.out / "curves.csv") == 1 + 2 * 2 * 5);
  CHECK(contains(content_of(settings.out / "curves.csv"), last));
}

TEST_CASE("a mistake in any point is one line that names it, and nothing is written") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  const auto problem_of = [&](std::vector<std::string> sets) {
    settings.sets = std::move(sets);
    const SweepOutcome outcome = run_sweep(settings);
    CHECK(outcome.code == exit_wrong_use);
    CHECK_FALSE(contains(outcome.problem, "\n"));
    CHECK_FALSE(fs::exists(settings.out));
    return outcome.problem;
  };
  CHECK(problem_of({"network.uplink=1Mbps,fast"}).rfind("point uplink=fast: --set network.uplink=fast: ", 0) == 0);
  CHECK(contains(problem_of({"network.uplinc=1Mbps,2Mbps"}), "did you mean 'uplink'?"));
  CHECK(contains(problem_of({"algorithm.0.recipients=2,4"}), "point recipients=4: "));
  CHECK(contains(problem_of({"algorithm.0.fragments=2,2000"}), "point fragments=2000: "));
  CHECK(contains(problem_of({"network.uplink=1Mbps,"}), "expected a value beside every comma"));
  CHECK(contains(problem_of({}), "nothing to sweep over"));
  settings.scenario = (folder / "missing.toml").string();
  CHECK(contains(problem_of({"network.uplink=1Mbps,2Mbps"}), "missing.toml"));
}

TEST_CASE("folders that are no sweep's, and results of another scenario, are kept") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  settings.out = folder.path();
  CHECK(contains(run_sweep(settings).problem, "is not the result of a sweep"));

  settings.out = folder / "out";
  REQUIRE(run_sweep(settings).code == exit_done);
  const std::string before = content_of(settings.out / kPoints[0] / "scenario.toml");
  folder.write("tiny.toml", kScenario + std::string("[compute]\nstep_time = \"9ms\"\n"));
  const SweepOutcome refused = run_sweep(settings);
  CHECK(refused.code == exit_wrong_use);
  CHECK(contains(refused.problem, "holds the results of another scenario"));
  CHECK(content_of(settings.out / kPoints[0] / "scenario.toml") == before);
  settings.force = true;
  CHECK(run_sweep(settings).code == exit_done);
  CHECK(content_of(settings.out / kPoints[0] / "scenario.toml") != before);
}

TEST_CASE("a point that fails is reported and stops no other one") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  settings.program = folder.write("runner",
                                  "#!/bin/sh\ncase \"$*\" in *recipients=3*1Mbps,recipients=3*) "
                                  "echo 'tardigrad: the disk is full' >&2; exit 1;; esac\n"
                                  "exec \"" TARDIGRAD_PROGRAM "\" \"$@\"\n");
  fs::permissions(settings.program, fs::perms::owner_all);
  settings.jobs = 1;
  const SweepOutcome outcome = run_sweep(settings);
  CHECK(outcome.code == exit_failed);
  CHECK(outcome.problem == "1 of 4 points failed");
  CHECK_FALSE(fs::exists(settings.out / kPoints[1]));
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 3 * 2);
  settings.program = TARDIGRAD_PROGRAM;
  CHECK(run_sweep(settings).code == exit_done);
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 4 * 2);
}

TEST_CASE("an interrupted sweep leaves the finished points and stops the others") {
  const TemporaryFolder folder;
  SweepSettings settings = settings_in(folder);
  const fs::path finished = settings.out / "duration=100ms/ad-psgd-pushpull/s1/summary.json";
  const fs::path endless = settings.out / "duration=280h/divshare/s1/rounds.csv";
  ChildProcess sweep({TARDIGRAD_PROGRAM, "sweep", settings.scenario, "--set", "time.duration=100ms,280h,281h", "--set",
                      "compute.start_stagger=0s", "--jobs", "2", "--out", settings.out.string()},
                     folder / "log");
  const auto wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(5)); };
  while (!sweep.exit_code() && !(fs::exists(finished) && fs::exists(endless))) wait();
  sweep.interrupt();
  while (!sweep.exit_code()) wait();
  CHECK(sweep.exit_code() == exit_interrupted);
  CHECK(contains(content_of(settings.out / "duration=280h/divshare/s1/summary.json"), "\"complete\": false"));
  CHECK(contains(content_of(folder / "log"), "duration=280h interrupted"));
  CHECK(lines_in(settings.out / "sweep.csv") == 1 + 2);
  const std::string reserve = "Interrupted: of 3 points, duration=280h and duration=281h are not finished. So far:";
  CHECK(contains(content_of(settings.out / "report.html"), "<h1>" + reserve + "</h1>"));
  CHECK(contains(content_of(folder / "log"), "\n" + reserve + "\n"));
}

TEST_SUITE_END();
