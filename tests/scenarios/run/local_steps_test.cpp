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
count = 3
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

TEST_CASE("an algorithm's own local steps make its rounds longer, not those of the others; check tells of both") {
  const TemporaryFolder folder;
  const std::string file = folder.write("steps.toml", kScenario);
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out"}) == exit_done);
  for (const std::string name : {"d-psgd", "longer"}) {
    INFO(name);
    const auto summary = nlohmann::json::parse(content_of(folder.path() / "out" / name / "s1/summary.json"));
    const std::uint64_t steps = name == "longer" ? 5 : 2;
    const auto rounds = summary["rounds"].get<std::uint64_t>();
    CHECK(summary["local_steps"] == rounds * steps);
    CHECK(rounds > 0.8 * 3 * 100 / static_cast<double>(steps));
    CHECK(rounds <= 3 * 100 / steps);
  }
  CHECK(content_of(folder.path() / "out/scenario.toml").find("local_steps = 5\n") != std::string::npos);
}

}  // namespace
}  // namespace tardigrad
