#include "actors/search_by_node.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace tardigrad {
namespace {

std::size_t search(const std::vector<NodeId>& nodes, NodeId node, std::size_t of) {
  return search_by_node(nodes, node, of, [](NodeId each) { return each; });
}

TEST_CASE("a node is where std::lower_bound finds it, whatever others there are") {
  std::mt19937 random(7);
  for (const NodeId of : {1U, 2U, 5U, 60U, 1000U}) {
    for (const unsigned percent : {0U, 3U, 50U, 97U, 100U}) {
      INFO(percent << " % of " << of);
      std::vector<NodeId> nodes;
      for (NodeId node = 0; node < of; ++node) {
        if (random() % 100 < percent) nodes.push_back(node);
      }
      for (NodeId node = 0; node < of; ++node) {
        const auto place = std::lower_bound(nodes.begin(), nodes.end(), node);
        REQUIRE(search(nodes, node, of) == static_cast<std::size_t>(place - nodes.begin()));
      }
    }
  }
}

TEST_CASE("so is one among others that are all far from where they are looked for") {
  const std::vector<NodeId> first{0, 1, 2, 3, 4, 5, 6, 7};
  const std::vector<NodeId> last{992, 993, 994, 995, 996, 997, 998, 999};
  for (NodeId place = 0; place < 8; ++place) {
    CHECK(search(first, place, 1000) == place);
    CHECK(search(last, 992 + place, 1000) == place);
  }
  CHECK(search(first, 999, 1000) == 8);
  CHECK(search(last, 0, 1000) == 0);
  CHECK(search(last, 5000, 1000) == 8);  // no such node
  CHECK(search({}, 3, 0) == 0);
}

}  // namespace
}  // namespace tardigrad
