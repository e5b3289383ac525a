#include "scenarios/src/results/straggler_distances.hpp"

#include <doctest/doctest.h>

#include "scenarios/src/scenario/scenario_file.hpp"

using namespace tardigrad;

namespace {

using Kind = StragglerDistances::Kind;
using Hops = std::vector<std::optional<std::uint32_t>>;

/// A scenario of six nodes.
Scenario scenario_of(const std::string& algorithm) {
  const auto read = parse_scenario(
      "[time]\nduration = \"1s\"\n[nodes]\ncount = 6\n[evaluation]\nevery = \"1s\"\n[[algorithm]]\nname = \"a\"\n" +
          algorithm,
      "s.toml");
  REQUIRE_MESSAGE(read.scenario, read.error);
  return *read.scenario;
}

}  // namespace

TEST_CASE("distances are hops in the algorithm's own graph, from the nearest straggler") {
  const Scenario ring = scenario_of("kind = \"d-psgd\"\n");
  CHECK(straggler_distances(ring, "a", 1, {0}).kind == Kind::hops);
  CHECK(straggler_distances(ring, "a", 1, {0}).hops == Hops{0, 1, 2, 3, 2, 1});
  CHECK(straggler_distances(ring, "a", 1, {0, 3}).hops == Hops{0, 1, 1, 0, 1, 1});
  const Scenario chain = scenario_of("kind = \"d-psgd\"\ntopology = \"chain\"\n");
  CHECK(straggler_distances(chain, "a", 1, {0}).hops == Hops{0, 1, 2, 3, 4, 5});
}

TEST_CASE("in a directed graph distances are counted the way that messages go") {
  const Scenario scenario = scenario_of("kind = \"sgp\"\ntopology = \"directed-ring\"\n");
  CHECK(straggler_distances(scenario, "a", 1, {4}).hops == Hops{2, 3, 4, 5, 0, 1});
}

TEST_CASE("where everyone may send to everyone, or the graph changes, there are no distances") {
  const auto kind = [](const std::string& algorithm) {
    return straggler_distances(scenario_of(algorithm), "a", 1, {0}).kind;
  };
  CHECK(kind("kind = \"divshare\"\nrecipients = 2\n") == Kind::complete);
  CHECK(kind("kind = \"async-local-sgd\"\n[[servers]]\n") == Kind::servers);
  CHECK(kind("kind = \"sgp\"\n") == Kind::changing);
  CHECK(kind("kind = \"d-psgd\"\ntopology = { kind = \"random-regular\", degree = 3, redraw = true }\n") ==
        Kind::changing);
}

TEST_CASE("what a folder says of other algorithms and of nodes that do not exist is left out") {
  const Scenario ring = scenario_of("kind = \"d-psgd\"\n");
  CHECK(straggler_distances(ring, "b", 1, {0}).kind == Kind::unknown);
  CHECK(straggler_distances(ring, "a", 1, {0, 6, 4'000'000'000}).hops == Hops{0, 1, 2, 3, 2, 1});
  CHECK(straggler_distances(ring, "a", 1, {7}).hops == Hops(6));
}
