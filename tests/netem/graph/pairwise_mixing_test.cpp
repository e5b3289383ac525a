#include "netem/graph/pairwise_mixing.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "netem/graph/topology.hpp"

namespace tardigrad {
namespace {

constexpr double kPi = 3.14159265358979323846;

Graph graph_of(const char* kind, NodeId size) { return build_topology({kind, 0, ""}, size, 1).graph; }

}  // namespace

TEST_CASE("pairs on a ring mix as slowly as its longest wave, and each edge resists as it does beside all others") {
  for (const NodeId size : {6U, 7U, 40U}) {
    const PairwiseMixing mixing = pairwise_mixing(graph_of("ring", size), [](NodeId, NodeId) { return 0.5; });
    CHECK(mixing.chi_1 == doctest::Approx(2 / (2 - 2 * std::cos(2 * kPi / size))).epsilon(1e-9));
    CHECK(mixing.chi_2 == doctest::Approx((size - 1.0) / size).epsilon(1e-12));
  }
}

TEST_CASE("on a complete graph both are one over the number of nodes") {
  for (const NodeId size : {2U, 3U, 17U}) {
    const PairwiseMixing mixing = pairwise_mixing(Graph::complete(size), [](NodeId, NodeId) { return 1.0; });
    CHECK(mixing.chi_1 == doctest::Approx(1.0 / size).epsilon(1e-9));
    CHECK(mixing.chi_2 == doctest::Approx(1.0 / size).epsilon(1e-12));
  }
}

TEST_CASE("an edge of a tree has its own resistance, and more exchanges make all of them smaller") {
  const auto rate = [](NodeId i, NodeId) { return i == 0 ? 4.0 : 1.0; };
  CHECK(pairwise_mixing(graph_of("chain", 5), rate).chi_2 == doctest::Approx(0.5));
  CHECK(pairwise_mixing(Graph::from_edges(2, {{0, 1}}), rate).chi_1 == doctest::Approx(1.0 / 8));
  CHECK(pairwise_mixing(Graph::from_edges(2, {{0, 1}}), rate).chi_2 == doctest::Approx(1.0 / 8));
}

}  // namespace tardigrad
