#include "netem/time/node_selection.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace tardigrad;

namespace {

constexpr AccessRates kUsual{{60e6}, {60e6}};

NodeSelection by_count(NodeId count, bool first = false) {
  NodeSelection selection;
  selection.count = count;
  selection.first = first;
  return selection;
}

NodeSelection by_fraction(double fraction, bool first = false) {
  NodeSelection selection;
  selection.fraction = fraction;
  selection.first = first;
  return selection;
}

NodeSelection by_list(std::vector<NodeId> list) {
  NodeSelection selection;
  selection.list = std::move(list);
  return selection;
}

LinkStragglerRule slow_by(NodeSelection nodes, double factor, double jitter = 0) {
  LinkStragglerRule rule;
  rule.nodes = std::move(nodes);
  rule.factor = factor;
  rule.jitter = {jitter};
  return rule;
}

}  // namespace

TEST_CASE("a rule without a selection means every node") {
  CHECK(select_nodes({}, 3, 1, 0) == std::vector<NodeId>{0, 1, 2});
}

TEST_CASE("a list of nodes is taken as it is, in ascending order and each once") {
  CHECK(select_nodes(by_list({7, 2, 7, 5}), 10, 1, 0) == std::vector<NodeId>{2, 5, 7});
}

TEST_CASE("the first nodes are those with the lowest ids") {
  CHECK(select_nodes(by_count(3, true), 10, 1, 0) == std::vector<NodeId>{0, 1, 2});
  CHECK(select_nodes(by_fraction(0.25, true), 10, 1, 0) == std::vector<NodeId>{0, 1, 2});  // 2.5 rounds up
  CHECK(select_nodes(by_fraction(0.24, true), 10, 1, 0) == std::vector<NodeId>{0, 1});
  CHECK(select_nodes(by_fraction(1, true), 2, 1, 0) == std::vector<NodeId>{0, 1});
}

TEST_CASE("a block of nodes begins where it says") {
  NodeSelection block;
  block.count = 3;
  block.first = true;
  block.from = 4;
  CHECK(select_nodes(block, 10, 1, 0) == std::vector<NodeId>{4, 5, 6});
}

TEST_CASE("no node at all may be selected") {
  CHECK(select_nodes(by_count(0), 10, 1, 0).empty());
  CHECK(select_nodes(by_fraction(0), 10, 1, 0).empty());
}

TEST_CASE("drawn nodes follow from seed and rule") {
  const auto drawn = select_nodes(by_count(15), 60, 1, 0);
  CHECK(drawn.size() == 15);
  CHECK(std::is_sorted(drawn.begin(), drawn.end()));
  CHECK(std::adjacent_find(drawn.begin(), drawn.end()) == drawn.end());
  CHECK(drawn == select_nodes(by_fraction(0.25), 60, 1, 0));
  CHECK(drawn != select_nodes(by_count(15), 60, 2, 0));
  CHECK(drawn != select_nodes(by_count(15), 60, 1, 1));
}

TEST_CASE("every node is as likely to be drawn") {
  std::vector<int> times(10);
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    for (const NodeId node : select_nodes(by_count(3), 10, seed, 0)) ++times[node];
  }
  for (const int count : times) CHECK(std::abs(count - 900) < 6 * 25);  // deviation sqrt(3000 * 0.3 * 0.7) = 25
}

TEST_CASE("asking for more stragglers keeps those there were") {
  const auto few = select_nodes(by_count(7), 60, 1, 0);
  const auto many = select_nodes(by_count(30), 60, 1, 0);
  CHECK(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

TEST_CASE("a straggler's links are slower by its factor, all others as usual") {
  const auto rates = access_rates(kUsual, {slow_by(by_list({1}), 5)}, 3, 1);
  REQUIRE(rates.size() == 3);
  CHECK(rates[0].uplink.value == 60e6);
  CHECK(rates[1].uplink.value == 12e6);
  CHECK(rates[1].downlink.value == 12e6);
  CHECK(rates[2].downlink.value == 60e6);
}

TEST_CASE("an explicit rate stands for its own direction only") {
  LinkStragglerRule rule = slow_by(by_list({0}), 1);
  rule.uplink = BitsPerSecond{5e6};
  const auto rates = access_rates(kUsual, {rule}, 1, 1);
  CHECK(rates[0].uplink.value == 5e6);
  CHECK(rates[0].downlink.value == 60e6);
}

TEST_CASE("the later of two rules wins, and starts from the usual rate") {
  const auto rates = access_rates(kUsual, {slow_by({}, 5), slow_by(by_list({1}), 2)}, 2, 1);
  CHECK(rates[0].uplink.value == 12e6);
  CHECK(rates[1].uplink.value == 30e6);
}

TEST_CASE("jitter spreads the slow rates evenly around the slow rate, the same up and down") {
  const NodeId size = 4000;
  const auto rates = access_rates(kUsual, {slow_by({}, 5, 2e6)}, size, 1);
  double mean = 0;
  double lowest = 60e6;
  double highest = 0;
  for (const AccessRates& node : rates) {
    CHECK(node.uplink == node.downlink);
    mean += node.uplink.value / size;
    lowest = std::min(lowest, node.uplink.value);
    highest = std::max(highest, node.uplink.value);
  }
  CHECK(mean == doctest::Approx(12e6).epsilon(0.01));
  CHECK(lowest >= 10e6);
  CHECK(lowest < 10.1e6);
  CHECK(highest <= 14e6);
  CHECK(highest > 13.9e6);
}

TEST_CASE("a node's jitter does not depend on how many other nodes there are") {
  const auto few = access_rates(kUsual, {slow_by(by_list({2}), 5, 2e6)}, 3, 1);
  const auto many = access_rates(kUsual, {slow_by({}, 5, 2e6)}, 30, 1);
  CHECK(few[2].uplink == many[2].uplink);
  CHECK(many[2].uplink != many[3].uplink);
  CHECK(access_rates(kUsual, {slow_by({}, 5, 2e6)}, 30, 2)[2].uplink != many[2].uplink);
}

TEST_CASE("jitter takes no rate below 1 Mbps, nor below a rate that is smaller anyway") {
  for (const AccessRates& node : access_rates(kUsual, {slow_by({}, 30, 5e6)}, 200, 1)) CHECK(node.uplink.value >= 1e6);
  bool reached = false;
  for (const AccessRates& node : access_rates(kUsual, {slow_by({}, 120, 5e6)}, 200, 1)) {
    CHECK(node.uplink.value >= 0.5e6);
    reached = reached || node.uplink.value == 0.5e6;
  }
  CHECK(reached);
}

TEST_CASE("slowdowns of rules that name the same node multiply") {
  const auto slowdowns = compute_slowdowns({{by_list({0, 1}), 4}, {by_list({1}), 1.5}}, 3, 1);
  CHECK(slowdowns == std::vector<double>{4, 6, 1});
}

TEST_CASE("slow links and slow processors fall on nodes drawn independently") {
  int same = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto rates = access_rates(kUsual, {slow_by(by_count(1), 5)}, 60, seed);
    const auto slowdowns = compute_slowdowns({{by_count(1), 4}}, 60, seed);
    for (NodeId i = 0; i < 60; ++i) same += rates[i].uplink != kUsual.uplink && slowdowns[i] != 1 ? 1 : 0;
  }
  CHECK(same < 10);
}
