#include <doctest/doctest.h>

#include <string>

#include "scenarios/src/cli/command_line.hpp"
#include "tests/scenarios/small_scenario.hpp"
#include "tests/scenarios/tardigrad_command.hpp"

namespace tardigrad {
namespace {

using test::check_same_results;
using test::content_of;
using test::small_scenario;
using test::tardigrad_command;
using test::TemporaryFolder;

void check_threads_change_nothing(const std::string& model) {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario(model));
  for (const char* threads : {"1", "2", "4"}) {
    REQUIRE(tardigrad_command({"run", scenario, "--threads", threads, "--out", folder / threads}) == exit_done);
  }
  REQUIRE(tardigrad_command({"run", scenario, "--threads", "2", "--out", folder / "again"}) == exit_done);
  check_same_results(folder / "1", folder / "2");
  check_same_results(folder / "1", folder / "4");
  check_same_results(folder / "2", folder / "again");
}

TEST_CASE("result files are the same bytes for 1, 2 and 4 threads and for two runs, for every algorithm") {
  check_threads_change_nothing("logistic-regression");
}

TEST_CASE("a convolutional network, too, gives the same bytes for 1, 2 and 4 threads, for every algorithm") {
  check_threads_change_nothing("gn-lenet");
}

TEST_CASE("the resolved scenario gives the same bytes as the one it came from") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  REQUIRE(tardigrad_command({"run", scenario, "--set", "network.uplink=8Mbps", "--out", folder / "first"}) ==
          exit_done);
  REQUIRE(tardigrad_command({"run", folder / "first/scenario.toml", "--out", folder / "second"}) == exit_done);
  check_same_results(folder / "first", folder / "second");
  CHECK(content_of(folder / "first/scenario.toml") == content_of(folder / "second/scenario.toml"));
}

TEST_CASE("more evaluations change neither rounds nor links") {
  const TemporaryFolder folder;
  const std::string scenario = folder.write("small.toml", small_scenario());
  REQUIRE(tardigrad_command({"run", scenario, "--out", folder / "few"}) == exit_done);
  REQUIRE(tardigrad_command({"run", scenario, "--set", "evaluation.every=40ms", "--out", folder / "many"}) ==
          exit_done);
  for (const Algorithm& algorithm : algorithms()) {
    for (const char* name : {"rounds.csv", "links.csv"}) {
      INFO(algorithm.name << " " << name);
      CHECK((content_of(folder / "few" / algorithm.name / "s1" / name) ==
             content_of(folder / "many" / algorithm.name / "s1" / name)));
    }
  }
}

}  // namespace
}  // namespace tardigrad
