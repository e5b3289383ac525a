#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "scenarios/src/scenario/network_plan.hpp"
#include "tests/scenarios/parsed_text.hpp"

namespace tardigrad {

using test::error_of;
using test::parsed;

namespace {

/// Four nodes; `more` begins at line 9.
std::string scenario(const std::string& more) {
  return "[time]\nduration = \"10s\"\n[nodes]\ncount = 4\nmodel = { kind = \"null\", parameters = 1000 }\n"
         "[[algorithm]]\nkind = \"divshare\"\nrecipients = 2\n" +
         more;
}

}  // namespace

TEST_CASE("energy is what all nodes draw, but for those of groups, of which the last wins key by key") {
  const Scenario s = parsed(scenario(R"([energy]
idle_watts = 2
joules_per_byte_sent = 1e-7
[[energy.groups]]
nodes = { list = [1, 2] }
busy_watts = 60
idle_watts = 5
[[energy.groups]]
nodes = { list = [2] }
busy_watts = 0.5
joules_per_byte_received = 3e-9
)"));
  const auto draws = make_draws(s, 1);
  REQUIRE(draws.size() == 4);
  CHECK(draws[0].idle_watts == 2);
  CHECK(draws[0].busy_watts == 0);
  CHECK(draws[1].idle_watts == 5);
  CHECK(draws[1].busy_watts == 60);
  CHECK(draws[2].idle_watts == 5);
  CHECK(draws[2].busy_watts == 0.5);
  CHECK(draws[2].joules_per_byte_received == 3e-9);
  for (const PowerDraw& draw : draws) CHECK(draw.joules_per_byte_sent == 1e-7);

  const std::string resolved = to_toml(s);
  CHECK(to_toml(parsed(resolved)) == resolved);
  CHECK(make_draws(parsed(resolved), 1)[2].joules_per_byte_received == 3e-9);
}

TEST_CASE("drawn groups are drawn from the seed, apart from stragglers") {
  const auto drawn = [](const std::string& more, std::uint64_t seed) {
    const Scenario s = parsed(scenario(more + "[energy]\n[[energy.groups]]\nnodes = { count = 2 }\nbusy_watts = 9\n"));
    return nodes_of_energy_group(s, 0, seed);
  };
  const std::string stragglers = "[[compute.stragglers]]\nnodes = { count = 1 }\nslowdown = 2\n";
  const auto slow = [](const std::string& rule, std::uint64_t seed) {
    return compute_slowdowns(parsed(scenario(rule)).compute.stragglers, 4, seed);
  };
  const auto is_slow = [&](NodeId node, std::uint64_t seed) { return slow(stragglers, seed)[node] > 1; };
  bool differs = false;
  bool stands_apart = false;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    CHECK(drawn("", seed).size() == 2);
    CHECK(drawn("", seed) == drawn(stragglers, seed));
    const auto nodes = drawn("", seed);
    stands_apart =
        stands_apart || std::none_of(nodes.begin(), nodes.end(), [&](NodeId node) { return is_slow(node, seed); });
    differs = differs || drawn("", seed) != drawn("", 1);
  }
  CHECK(differs);
  CHECK(stands_apart);
}

TEST_CASE("a scenario without energy counts none and is written without") {
  for (const char* none : {"", "[energy]\n", "[energy]\nidle_watts = 0\n"}) {
    const Scenario s = parsed(scenario(none));
    CHECK(make_draws(s, 1).empty());
    CHECK(to_toml(s).find("energy") == std::string::npos);
  }
}

TEST_CASE("an energy that cannot be is answered where it is wrong") {
  CHECK(error_of(scenario("[energy]\nidle_watts = -1\n"))
            .rfind("s.toml:10:14: energy.idle_watts: expected a number", 0) == 0);
  CHECK(error_of(scenario("[energy]\nidle_watt = 1\n")).find("did you mean 'idle_watts'?") != std::string::npos);
  CHECK(error_of(scenario("[[energy.groups]]\nbusy_watts = 1\n")).find("nodes") != std::string::npos);
  CHECK(error_of(scenario("[[energy.groups]]\nnodes = \"all\"\nbusy_watts = \"1W\"\n")).rfind("s.toml:11:14: ", 0) ==
        0);
}

}  // namespace tardigrad
