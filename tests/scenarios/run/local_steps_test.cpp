#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using test::content_of;
using test::tardigrad_command;
using test::TemporaryFolder;

const char* const kScenario = R"(
name = "steps"
[time]
duration = "1s"
[nodes]
count = 4
model = { kind = "quadratic", dimension = 4 }
[training]
local_steps = 2
[compute]
step_time = "10ms"
[network]
uplink = "unlimited"
latency = "1ns"
[evaluation]
every = "500ms"
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "d-psgd"
name = "longer"
local_steps = 5
)";

TEST_CASE("an algorithm's own local steps make its rounds longer, not those of the others, check tells of both") {
  const TemporaryFolder folder;
  const std::string file = folder.write("steps.toml", kScenario);
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  for (const std::string name : {"d-psgd", "longer"}) {
    INFO(name);
    const auto summary = nlohmann::json::parse(content_of(folder.path() / "out" / name / "s1/summary.json"));
    const std::uint64_t steps = name == "longer" ? 5 : 2;
    const auto rounds = summary["rounds"].get<std::uint64_t>();
    CHECK(summary["local_steps"] == rounds * steps);
    CHECK(rounds > 0.8 * 4 * 100 / static_cast<double>(steps));
    CHECK(rounds <= 4 * 100 / steps);
  }
  const std::string resolved = content_of(folder.path() / "out/scenario.toml");
  CHECK(resolved.find("= 5\n") != std::string::npos);
}

TEST_CASE("consensus rounds bring nodes nearer to each other, train nothing, and are told of by check") {
  const TemporaryFolder folder;
  const std::string file = folder.write("steps.toml", std::string(kScenario) + R"(
training_rounds = 10
[[algorithm]]
kind = "d-psgd"
name = "and-consensus"
local_steps = 5
training_rounds = 10
consensus_rounds = 4
)");
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  const auto summary = [&](const std::string& name) {
    return nlohmann::json::parse(content_of(folder.path() / "out" / name / "s1/summary.json"));
  };
  const auto before = summary("longer");
  const auto after = summary("and-consensus");
  CHECK(before["rounds"] == 4 * 10);
  CHECK(after["rounds"] == 4 * 14);
  CHECK(before["local_steps"] == after["local_steps"]);
  CHECK(after["bytes_sent"].get<double>() == doctest::Approx(1.4 * before["bytes_sent"].get<double>()));
  CHECK(before["final_distance_between_nodes"].get<double>() > 1e-3);
  // A ring of four brings them three times nearer in each of four rounds.
  CHECK(after["final_distance_between_nodes"].get<double>() ==
        doctest::Approx(before["final_distance_between_nodes"].get<double>() / 81).epsilon(0.02));

  const std::string early =
      folder.write("early.toml", std::string(kScenario) + "training_rounds = 1000000\nconsensus_rounds = 4\n");
  REQUIRE(tardigrad_command({"run", early, "--out", folder / "early"}) == exit_done);
  const auto short_of = nlohmann::json::parse(content_of(folder.path() / "early/longer/s1/summary.json"));
  CHECK(short_of["rounds_before_consensus"] == 1000000);
  CHECK(before.count("rounds_before_consensus") == 0);

  const std::string lone = folder.write("lone.toml", std::string(kScenario) + "consensus_rounds = 4\n");
  CHECK(tardigrad_command({"check", lone}) == exit_wrong_use);
  const std::string other =
      folder.write("other.toml", std::string(kScenario) + "[[algorithm]]\nkind = \"gossip\"\nconsensus_rounds = 4\n");
  CHECK(tardigrad_command({"check", other}) == exit_wrong_use);
}

}  // namespace
}  // namespace tardigrad
