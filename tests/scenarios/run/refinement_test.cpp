#include "scenarios/src/run/refinement.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "tests/actors/small_runs.hpp"
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
using test::TemporaryFolder;

const char* const kLearning = R"(
name = "refined"
seeds = [1, 2]
[time]
duration = "1s"
[nodes]
count = 6
model = "logistic-regression"
[data]
set = "fashion-mnist"
partition = { kind = "shards", per_node = 4 }
[training]
batch_size = 8
local_steps = 4
[compute]
step_time = { kind = "lognormal", mean = "5ms", sigma = 0.3 }
[network]
uplink = "50Mbps"
downlink = "50Mbps"
[[algorithm]]
kind = "divshare"
fragments = 3
recipients = 2
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "ad-psgd"
[evaluation]
every = "250ms"
samples = 200
)";

/// The lines of a file, and of those only some.
template <class Wanted>
std::vector<std::string> lines_of(const fs::path& file, Wanted wanted) {
  std::vector<std::string> lines;
  std::istringstream text(content_of(file));
  for (std::string line; std::getline(text, line);) {
    if (wanted(line)) lines.push_back(line);
  }
  return lines;
}

/// The place of what is between two commas.
std::string field(const std::string& line, std::size_t column) {
  std::istringstream fields(line);
  std::string text;
  for (std::size_t i = 0; i <= column; ++i) std::getline(fields, text, ',');
  return text;
}

bool is_refined(const std::string& row) { return field(row, 5) == "1"; }

std::string as_evaluated(std::string row) {
  const std::string others = "," + field(row, 4) + ",1,";
  return row.replace(row.find(others), others.size(), "," + field(row, 4) + ",0,");
}

nlohmann::json summary_of(const fs::path& out, const std::string& run) {
  return nlohmann::json::parse(content_of(out / run / "summary.json"));
}

const std::vector<std::string> kRuns = {"divshare/s1", "divshare/s2", "d-psgd/s1",
                                        "d-psgd/s2",   "ad-psgd/s1",  "ad-psgd/s2"};

struct Runs : TemporaryFolder {
  explicit Runs(const std::string& target) : scenario(write("refined.toml", kLearning + target).string()) {}

  fs::path run(const std::string& name, const std::vector<std::string>& more) const {
    std::vector<std::string> words{"run", scenario, "--out", *this / name};
    words.insert(words.end(), more.begin(), more.end());
    REQUIRE(tardigrad_command(words) == exit_done);
    return *this / name;
  }

  std::string scenario;
};

void check_refines(const std::string& target) {
  const Runs runs(target);
  const fs::path refined = runs.run("refined", {"--set", "evaluation.refine=true", "--threads", "1"});
  const fs::path plain = runs.run("plain", {"--set", "evaluation.refine=false"});
  const fs::path finer = runs.run("finer", {"--set", "evaluation.refine=false", "--set", "evaluation.every=25ms"});
  const auto any = [](const std::string&) { return true; };

  for (const std::string& run : kRuns) {
    INFO(run);
    for (const char* file : {"evaluations.csv", "rounds.csv", "links.csv"}) {
      CHECK((content_of(refined / run / file) == content_of(plain / run / file)));
    }
    const auto with = summary_of(refined, run);
    const auto without = summary_of(plain, run);
    REQUIRE(without["time_to_target_s"].is_number());
    CHECK(without["time_to_target_within_s"].get<double>() == doctest::Approx(0.25));
    CHECK(with["time_to_target_within_s"].get<double>() == doctest::Approx(0.025));
    const double apart = with["time_to_target_s"].get<double>() - without["time_to_target_s"].get<double>();
    CHECK(std::abs(apart) < 0.25);
    CHECK(with["bytes_to_target"] > 0);
    CHECK(with["final_accuracy"] == without["final_accuracy"]);
  }
  CHECK(lines_of(refined / "curves.csv", [](const std::string& row) { return !is_refined(row); }) ==
        lines_of(plain / "curves.csv", any));

  const auto tested = lines_of(refined / "curves.csv", is_refined);
  const auto evaluated = lines_of(finer / "curves.csv", any);
  CHECK(tested.size() == 9 * kRuns.size());
  for (const std::string& row : tested) {
    CHECK(std::count(evaluated.begin(), evaluated.end(), as_evaluated(row)) == 1);
  }
  const auto rows = lines_of(refined / "curves.csv", any);
  for (std::size_t i = 2; i < rows.size(); ++i) {
    const bool same_run = field(rows[i], 0) == field(rows[i - 1], 0) && field(rows[i], 1) == field(rows[i - 1], 1);
    CHECK((!same_run || std::stod(field(rows[i], 2)) > std::stod(field(rows[i - 1], 2))));
  }
}

TEST_CASE("an accuracy's time is known to a tenth of an interval, and nothing else differs") {
  check_refines("target = 0.3\n");
}

TEST_CASE("a loss's time, too") { check_refines("target_loss = 2\n"); }

TEST_CASE("refined results are the same bytes for any number of threads and over hosts" * doctest::test_suite("slow")) {
  const Runs runs("target = 0.3\nrefine = true\n");
  const fs::path one = runs.run("one", {"--threads", "1"});
  CHECK(lines_of(one / "curves.csv", is_refined).size() == 9 * kRuns.size());
  check_same_files(one, runs.run("three", {"--threads", "3"}), 3 * kRuns.size() + 2);
  for (const std::string hosts : {"1", "2"}) {
    ChildProcess program({TARDIGRAD_PROGRAM, "run", runs.scenario, "--out", (runs / ("hosts-" + hosts)).string(),
                          "--local-hosts", hosts, "--threads", "1"},
                         runs / "log");
    while (!program.exit_code()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    REQUIRE_MESSAGE(*program.exit_code() == exit_done, content_of(runs / "log"));
    check_same_files(one, runs / ("hosts-" + hosts), 3 * kRuns.size() + 2);
  }
}

TEST_CASE("what is reached between the last two evaluations is refined, too") {
  const Runs runs("target = 0.3\nrefine = true\n");
  const fs::path out = runs.run("short", {"--set", "time.duration=250ms"});
  for (const std::string& run : kRuns) {
    CHECK(summary_of(out, run)["time_to_target_within_s"].get<double>() == doctest::Approx(0.025));
  }
}

TEST_CASE("a target that the first evaluation has reached needs no refinement") {
  const Runs runs("target = 0.01\nrefine = true\n");
  const fs::path out = runs.run("at-once", {});
  CHECK(lines_of(out / "curves.csv", is_refined).empty());
  CHECK(summary_of(out, "d-psgd/s1")["time_to_target_s"] == 0);
  CHECK(summary_of(out, "d-psgd/s1")["time_to_target_within_s"] == 0);
}

TEST_CASE("a null model's curves are a header") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("null.toml", std::string("[time]\nduration = \"100ms\"\n[nodes]\ncount = 4\n"
                                                              "model = { kind = \"null\", parameters = 100 }\n"
                                                              "[[algorithm]]\nkind = \"d-psgd\"\n"));
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  CHECK(lines_of(folder / "out/curves.csv", [](const std::string&) { return true; }).size() == 1);
}

ScenarioResult parsed(const std::string& evaluation, const std::string& clock = "virtual") {
  return parse_scenario("[time]\nclock = \"" + clock +
                            "\"\nduration = \"100s\"\n[nodes]\ncount = 9\n[data]\nset = \"fashion-mnist\"\n"
                            "[training]\nlocal_steps = 10\nbatch_size = 8\n"
                            "[compute]\nstep_time = \"100ms\"\nstart_stagger = \"0s\"\n"
                            "[[algorithm]]\nkind = \"d-psgd\"\n[evaluation]\n" +
                            evaluation,
                        "s.toml");
}

std::optional<bool> chosen(const std::string& evaluation, const std::string& clock = "virtual",
                           std::int64_t parameters = 1000) {
  Scenario scenario = *parsed(evaluation, clock).scenario;
  resolve_refinement(scenario, CountingLearner(parameters));
  return scenario.evaluation.refine;
}

TEST_CASE("refinement costs tests, as a share of what is trained and tested on anyway") {
  const auto share = [](const std::string& evaluation) { return refinement_share(*parsed(evaluation).scenario); };
  // 9 nodes take 1,000 steps of 8 samples each, and with the average there are 10 models to test.
  CHECK(share("every = \"10s\"\nsamples = 100\n") == doctest::Approx(9 * 1000 / (72000 + 11 * 1000.0)));
  CHECK(share("every = \"100s\"\nsamples = 10\n") == doctest::Approx(9 * 100 / (72000 + 2 * 100.0)));
  CHECK(share("every = \"1s\"\n") == doctest::Approx(9 / 101.0));
}

TEST_CASE("refinement is usual where it costs little") {
  CHECK(chosen("every = \"100s\"\nsamples = 10\ntarget = 0.5\n") == true);
  CHECK(chosen("every = \"10s\"\nsamples = 100\ntarget = 0.5\n") == false);
  CHECK(chosen("every = \"500ms\"\nsamples = \"all\"\ntarget = 0.5\n") == true);
  CHECK(chosen("every = \"1s\"\nsamples = \"all\"\ntarget_loss = 0.5\n") == false);
  CHECK(chosen("every = \"100s\"\nsamples = 10\ntarget = 0.5\n", "real") == false);
  CHECK(chosen("every = \"100s\"\nsamples = 10\ntarget = 0.5\n", "virtual", 4'000'000) == false);  // of memory
  CHECK_FALSE(chosen("every = \"100s\"\nsamples = 10\n"));
  CHECK(chosen("every = \"100s\"\nsamples = 10\ntarget = 0.5\nrefine = false\n") == false);
  CHECK(chosen("every = \"10s\"\nsamples = 100\ntarget = 0.5\nrefine = true\n") == true);
}

TEST_CASE("what was chosen stands in the resolved scenario, which says the same again") {
  for (const bool is_cheap : {false, true}) {
    const std::string samples = is_cheap ? "10" : "100";
    Scenario scenario = *parsed("every = \"10s\"\nsamples = " + samples + "\ntarget = 0.5\n").scenario;
    resolve_refinement(scenario, CountingLearner(1000));
    const std::string text = to_toml(scenario);
    CHECK(text.find(is_cheap ? "\nrefine  = true\n" : "\nrefine  = false\n") != std::string::npos);
    CHECK(to_toml(*parse_scenario(text, "s.toml").scenario) == text);
  }
}

TEST_CASE("what cannot be refined is refused") {
  CHECK(
      parsed("every = \"10s\"\ntarget = 0.5\nrefine = true\n", "real")
          .error.find("evaluation.refine: under the real clock no model is kept for later: expected false, or clock = "
                      "\"virtual\"") != std::string::npos);
  CHECK(parsed("every = \"10s\"\nrefine = true\n")
            .error.find("evaluation.refine: expected a target, whose time it refines") != std::string::npos);
  CHECK(parsed("every = \"10s\"\nrefine = 1\n").error.find("evaluation.refine: expected true or false") !=
        std::string::npos);
}

}  // namespace
}  // namespace tardigrad
