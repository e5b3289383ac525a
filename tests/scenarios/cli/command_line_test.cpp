#include "scenarios/src/cli/command_line.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "actors/protocols/registry.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/small_scenario.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::small_scenario;
using test::tardigrad_command;
using test::TemporaryFolder;

TEST_CASE("each seed has its own folder and its own results") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  REQUIRE(tardigrad_command({"run", scenario, "--seeds", "1,7", "--out", folder / "out"}) == exit_done);
  CHECK(content_of(folder / "out/divshare/s1/rounds.csv") != content_of(folder / "out/divshare/s7/rounds.csv"));
  const std::string comparison = content_of(folder / "out/comparison.csv");
  CHECK(std::count(comparison.begin(), comparison.end(), '\n') ==
        1 + 2 * static_cast<std::ptrdiff_t>(algorithms().size()));
  CHECK(fs::exists(folder / "out/report.html"));

  REQUIRE(tardigrad_command({"report", folder / "out", "--out", folder / "a/new/place"}) == exit_done);
  CHECK(content_of(folder / "a/new/place/comparison.csv") == comparison);
}

TEST_CASE("seeds may be a range, which says the same as a list") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  const std::vector<std::string> few = {"--set", "time.duration=20ms", "--set", "evaluation.samples=20"};
  const auto run = [&](const std::string& seeds, const std::string& out) {
    std::vector<std::string> command = {"run", "--seeds", seeds, scenario, "--out", out};
    command.insert(command.end(), few.begin(), few.end());
    return tardigrad_command(command);
  };
  REQUIRE(run("1-2,7", folder / "range") == exit_done);
  REQUIRE(run("1,2,7", folder / "list") == exit_done);
  CHECK(content_of(folder / "range/scenario.toml").find("seeds = [1, 2, 7]") != std::string::npos);
  CHECK(content_of(folder / "range/comparison.csv") == content_of(folder / "list/comparison.csv"));
}

TEST_CASE("a finished run is complete: to resume it is done at once and writes nothing") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  REQUIRE(tardigrad_command({"run", scenario, "--set", "time.duration=50ms", "--checkpoint-every", "20ms", "--out",
                             folder / "out"}) == exit_done);
  const auto written = fs::last_write_time(folder / "out/report.html");
  CHECK(tardigrad_command({"run", "--resume", folder / "out"}) == exit_done);
  CHECK(fs::last_write_time(folder / "out/report.html") == written);
  CHECK_FALSE(fs::exists(folder / "out/checkpoint"));
  fs::remove(folder / "out/divshare/s1/summary.json");
  CHECK(tardigrad_command({"run", "--resume", folder / "out"}) == exit_wrong_use);
}

TEST_CASE("summary.json says what the run measured") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  REQUIRE(tardigrad_command({"run", scenario, "--out", folder / "out"}) == exit_done);
  const auto summary = nlohmann::json::parse(content_of(folder / "out/divshare/s1/summary.json"));
  CHECK(summary["complete"] == true);
  CHECK(summary["final_accuracy"]["mean"] > 0.1);
  CHECK(summary["virtual_s"] == 0.6);
  CHECK(summary["messages_sent"] > 0);
  CHECK(summary["messages_dropped"] > 0);
  CHECK(summary["stragglers"]["network"].size() == 2);
  CHECK(summary["stragglers"]["compute"].size() == 1);
}

TEST_CASE("finished results are kept, and replaced with --force") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  const std::vector<std::string> command = {"run", scenario, "--out", folder / "out"};
  REQUIRE(tardigrad_command(command) == exit_done);
  const std::string before = content_of(folder / "out/report.html");
  CHECK(tardigrad_command(command) == exit_wrong_use);
  CHECK(content_of(folder / "out/report.html") == before);
  auto forced = command;
  forced.push_back("--force");
  CHECK(tardigrad_command(forced) == exit_done);
}

TEST_CASE("wrong use starts nothing and writes nothing") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  const std::string out = folder / "out";
  const std::vector<std::vector<std::string>> wrong = {
      {"run", scenario, "--out", out, "--set", "network.uplinc=3Mbps"},
      {"run", scenario, "--out", out, "--set", "evaluation.target=1.5"},
      {"run", scenario, "--out", out, "--set", "time.duration=0s"},
      {"run", scenario, "--out", out, "--set", "algorithm.0.recipients=8"},
      {"run", scenario, "--out", out, "--set", "algorithm.0.fragments=1000000"},
      {"run", scenario, "--out", out, "--set", "data.root=/nowhere"},
      {"run", scenario, "--out", out, "--set", "data.partition.per_node=60000"},
      {"run", scenario, "--out", out, "--set", "evaluation.samples=10001"},
      {"run", scenario, "--out", out, "--threads", "0"},
      {"run", scenario, "--out", out, "--seeds", "1,x"},
      {"run", scenario, "--out", out, "--seeds", "1,1"},
      {"run", scenario, "--out", out, "--seeds", ""},
      {"run", scenario, "--out", out, "--seeds="},
      {"run", scenario, "--out", out, "--seeds", "3-1"},
      {"sweep", scenario, "--out", out, "--set", "nodes.count=8", "--seeds", ""},
      {"runn", scenario, "--out", out},
      {"run", scenario, "--out", out, "--tread", "2"},
      {"help", "runn"},
      {"trace", "mahimahy", scenario},
      {"run", folder / "missing.toml", "--out", out},
      {"walk", scenario},
      {"check", folder / "missing.toml"},
      {"report"},
      {"list", "colours"},
      {"list", "keys", "netwrok"},
      {"list", "models", "network"},
      {"explain", "uplinc"},
      {"explain"},
      {"completion", "basch"},
      {"init", out, "--model", "resnet20"},
      {"init", out, "--algorithms", "divshare,divshare"},
      {"init", out, "--stragglers", "2"},
      {"init", out, "--nodes", "0"},
      {"report", folder.path()},
      {"report", folder / "nowhere"},
      {},
  };
  for (const auto& command : wrong) {
    INFO(doctest::String(command.empty() ? "" : command.back().c_str()));
    CHECK(tardigrad_command(command) == exit_wrong_use);
    CHECK_FALSE(fs::exists(out));
  }
}

TEST_CASE("what a command line says and nothing comes of is refused in one line" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  const std::string log = folder.write("log", "0 8\n1 4\n");
  const struct {
    std::vector<std::string> command;
    std::string why;
  } cases[] = {
      {{"run", scenario, "--out", ""}, "--out: expected a value, got \"\""},
      {{"run", "--out=", scenario}, "--out: expected a value, got \"\""},
      {{"run", scenario, "--trace", ""}, "--trace: expected a value, got \"\""},
      {{"run", "--resume", ""}, "--resume: expected a value, got \"\""},
      {{"run", scenario, "--hosts", "a:1", "--token", ""}, "--token: expected a value, got \"\""},
      {{"run", scenario, "--set", ""}, "--set: expected a value, got \"\""},
      {{"run", scenario, "--checkpoint-every", ""}, "--checkpoint-every: expected a value, got \"\""},
      {{"sweep", scenario, "--out="}, "--out: expected a value, got \"\""},
      {{"report", folder.path(), "--out", ""}, "--out: expected a value, got \"\""},
      {{"check", ""}, "scenario: expected a value, got \"\""},
      {{"host", "--data-root", ""}, "--data-root: expected a value, got \"\""},
      {{"data", "fetch", "movielens", "--from", ""}, "--from: expected a value, got \"\""},
      {{"trace", "seconds-mbps", log, "--nodes", ""}, "--nodes: expected a value, got \"\""},
      {{"trace", "seconds-mbps", log, "--bin="}, "--bin: expected a value, got \"\""},
      {{"star", "--rate", ""}, "--rate: expected a value, got \"\""},
      {{"run", scenario, "--threads", ""}, "--threads: expected a value, got \"\""},
      {{"list", ""}, "topic: expected a value, got \"\""},
      {{"run", scenario, "--host-timeout", "abc"}, "--host-timeout: expected a duration such as \"2ms\", got \"abc\""},
      {{"run", scenario, "--host-timeout", "2h"}, "--host-timeout: expected from 1s to 1h, got 2h"},
      {{"run", scenario, "--host-timeout", "5s"}, "--host-timeout requires --hosts or --local-hosts"},
      {{"run", scenario, "--wait-for-hosts", "5s"}, "--wait-for-hosts requires --hosts"},
      {{"run", scenario, "--token", "x"}, "--token requires --hosts"},
      {{"run", scenario, "--local-hosts", "2", "--ca", "x"}, "--ca requires --hosts"},
      {{"data", "fetch", "movielens", "--from", log, "--mirror", "x"}, "--from excludes --mirror"},
  };
  for (const auto& one : cases) {
    test::Program program(one.command, folder / "said");
    CHECK(program.exit_code() == exit_wrong_use);
    const std::string said = program.log();
    CHECK_MESSAGE(said.rfind("tardigrad: " + one.why, 0) == 0, said);
    CHECK(said.find('\n') == said.size() - 1);
  }
  CHECK_FALSE(fs::exists("results"));
}

TEST_CASE("a seed that cannot be run is found before anything is written, whichever place it has") {
  const TemporaryFolder folder;
  // So uneven that under many a seed some node gets no sample.
  const std::string scenario = folder.write("small.toml", small_scenario());
  const std::string uneven = "data.partition={ kind = \"dirichlet\", alpha = 0.05 }";
  const auto accepts = [&](const std::string& seeds) {
    return tardigrad_command({"check", scenario, "--set", uneven, "--set", "seeds=[" + seeds + "]"}) == exit_done;
  };
  int good = 0;
  while (!accepts(std::to_string(good))) ++good;
  int bad = 0;
  while (accepts(std::to_string(bad))) ++bad;
  for (const auto& seeds : {fmt::format("{},{}", good, bad), fmt::format("{},{}", bad, good)}) {
    CHECK(tardigrad_command({"run", scenario, "--set", uneven, "--seeds", seeds, "--out", folder / "out"}) ==
          exit_wrong_use);
    CHECK_FALSE(fs::exists(folder / "out"));
  }
}

TEST_CASE("a run never replaces the scenario file that it reads") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("scenario.toml", small_scenario());
  CHECK(tardigrad_command({"run", scenario, "--out", folder.path(), "--force"}) == exit_wrong_use);
  CHECK(content_of(scenario) == small_scenario());
}

TEST_CASE("a scenario runs under the real clock, with an emulated network and without one" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string all = small_scenario();
  const std::string scenario =
      folder.write("small.toml", all.substr(0, all.find("[[algorithm]]")) +
                                     "[[algorithm]]\nkind = \"divshare\"\n[[algorithm]]\nkind = \"d-psgd\"\n");
  for (const char* emulation : {"on", "off"}) {
    REQUIRE(tardigrad_command({"run", scenario, "--set", "time.clock=real", "--set", "time.duration=2s", "--set",
                               std::string("network.emulation=") + emulation, "--out", folder / emulation}) ==
            exit_done);
    for (const char* algorithm : {"divshare", "d-psgd"}) {
      INFO(emulation << " " << algorithm);
      const auto summary = nlohmann::json::parse(content_of(folder / emulation / algorithm / "s1/summary.json"));
      CHECK(summary["complete"] == true);
      CHECK(summary["rounds"] >= 8);  // of some four hundred: a machine may be very busy with something else
      CHECK(summary["messages_delivered"] > 0);
    }
  }
  CHECK(tardigrad_command({"run", scenario, "--set", "network.emulation=off", "--out", folder / "virtual"}) ==
        exit_wrong_use);
}

TEST_CASE("a star is printed, or refused with one line") {
  CHECK(tardigrad_command({"star", "--nodes", "4", "--stragglers", "1", "--factor", "5", "--jitter", "1Mbps", "--seed",
                           "1", "--rate", "30Mbps"}) == exit_done);
  CHECK(tardigrad_command({"star", "--nodes", "4", "--stragglers", "5"}) == exit_wrong_use);
  CHECK(tardigrad_command({"star", "--rate", "0Mbps"}) == exit_wrong_use);
  CHECK(tardigrad_command({"star", "--jitter", "1"}) == exit_wrong_use);
  CHECK(tardigrad_command({"star", "--factor", "0.5"}) == exit_wrong_use);
}

TEST_CASE("init writes a new file, which check takes, and never over another one") {
  const TemporaryFolder folder;
  const std::string file = folder / "new.toml";
  CHECK(tardigrad_command({"init", file, "--nodes", "8", "--algorithms", "divshare,fedavg", "--stragglers", "0.5"}) ==
        exit_done);
  const std::string text = content_of(file);
  CHECK(text.find("\ncount = 8 ") != std::string::npos);
  CHECK(text.find("kind = \"fedavg\"") != std::string::npos);
  CHECK(tardigrad_command({"init", file}) == exit_failed);
  CHECK(content_of(file) == text);
  CHECK(tardigrad_command({"init", folder / "nowhere/new.toml"}) == exit_failed);
  CHECK(tardigrad_command({"init", "-"}) == exit_done);
  CHECK_FALSE(fs::exists("-"));
}

TEST_CASE("check and list run nothing and succeed") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  CHECK(tardigrad_command({"check", scenario}) == exit_done);
  CHECK(tardigrad_command({"list"}) == exit_done);
  CHECK(tardigrad_command({"list", "algorithms"}) == exit_done);
  CHECK(tardigrad_command({"list", "networks"}) == exit_done);
  CHECK(tardigrad_command({"list", "keys", "straggler"}) == exit_done);
  CHECK(tardigrad_command({"explain", "network.loss"}) == exit_done);
  CHECK(tardigrad_command({"reference"}) == exit_done);
  CHECK(tardigrad_command({"reference", "--schema"}) == exit_done);
  CHECK(tardigrad_command({"man"}) == exit_done);
  for (const char* one : {"algorithm", "model", "dataset", "topology", "codec", "network"}) {
    CHECK(tardigrad_command({"list", one}) == exit_done);
  }
  CHECK(tardigrad_command({"help"}) == exit_done);
  CHECK(tardigrad_command({"help", "run"}) == exit_done);
  CHECK(tardigrad_command({"help", "data", "fetch"}) == exit_done);
  CHECK(tardigrad_command({"--help"}) == exit_done);
  CHECK(tardigrad_command({"--version"}) == exit_done);
}

}  // namespace
}  // namespace tardigrad
