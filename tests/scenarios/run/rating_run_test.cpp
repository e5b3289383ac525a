#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/src/cli/command_line.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/scenarios/small_scenario.hpp"
#include "tests/scenarios/tardigrad_command.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::check_same_results;
using test::content_of;
using test::small_scenario;
using test::tardigrad_command;
using test::TemporaryFolder;

/// A small scenario on ratings, in `folder`.
std::string rating_scenario(const TemporaryFolder& folder, const std::string& training = "") {
  folder.write("ratings.csv", test::ratings_csv(20, 60));
  std::string text = small_scenario("matrix-factorization", training.find("momentum") != std::string::npos);
  const auto replace = [&](const std::string& part, const std::string& other) {
    text.replace(text.find(part), part.size(), other);
  };
  replace("set = \"fashion-mnist\"\npartition = { kind = \"shards\", per_node = 3 }", "root = \".\"");
  replace("samples = 200\ntarget = 0.5", "target_loss = 2.5");
  replace("local_steps = 4\n", "local_steps = 4\nlearning_rate = 0.5\n" + training);
  return folder.write("ratings.toml", text);
}

TEST_CASE("ratings give the same bytes for 1, 2 and 4 threads, sparse or with momentum, for every algorithm") {
  for (const char* training : {"", "momentum = 0.5\nweight_decay = 1e-4\n"}) {
    const TemporaryFolder folder;
    const std::string scenario = rating_scenario(folder, training);
    for (const char* threads : {"1", "2", "4"}) {
      REQUIRE(tardigrad_command({"run", scenario, "--threads", threads, "--out", folder / threads}) == exit_done);
    }
    check_same_results(folder / "1", folder / "2");
    check_same_results(folder / "1", folder / "4");
  }
}

TEST_CASE("a target loss is reached, in every file that a run leaves") {
  const TemporaryFolder folder;
  const std::string scenario = rating_scenario(folder);
  REQUIRE(tardigrad_command({"run", scenario, "--out", folder / "out", "--set", "time.duration=2s"}) == exit_done);
  const auto summary = nlohmann::json::parse(content_of(folder / "out/divshare/s1/summary.json"));
  CHECK(summary["target"] == nullptr);
  CHECK(summary["target_loss"] == 2.5);
  CHECK(summary["time_to_target_s"] > 0);
  CHECK(summary["time_to_target_s"] < 2);
  CHECK(summary["bytes_to_target"] > 0);
  CHECK(summary["final_loss"]["mean"] < 2.5);
  CHECK(content_of(folder / "out/comparison.csv").find(",,2.5,") != std::string::npos);
  CHECK(content_of(folder / "out/report.html").find("reached a loss of 2.5") != std::string::npos);
  CHECK(content_of(folder / "out/scenario.toml").find("\ntarget_loss = 2.5\n") != std::string::npos);
}

TEST_CASE("a data set that is not there is one line, before anything is written") {
  const TemporaryFolder folder;
  const std::string scenario = rating_scenario(folder);
  fs::remove(folder / "ratings.csv");
  CHECK(tardigrad_command({"run", scenario, "--out", folder / "out"}) == exit_wrong_use);
  CHECK_FALSE(fs::exists(folder / "out"));
  CHECK(tardigrad_command({"data", "fetch", "imagenet"}) == exit_wrong_use);
  CHECK(tardigrad_command({"data", "fetch", "movielens", "--data", folder / "data", "--from", folder / "absent.zip"}) ==
        exit_wrong_use);
}

}  // namespace
}  // namespace tardigrad
