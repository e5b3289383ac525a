/// [[churn]] and [[placement]].
#include <fmt/format.h>

#include <set>

#include "scenarios/src/scenario/sections/moments.hpp"
#include "scenarios/src/scenario/sections/node_selection.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

std::vector<Key<ChurnRule>> churn_keys() {
  std::vector<Key<ChurnRule>> keys = {nodes_key(&ChurnRule::nodes)};
  for (Key<ChurnRule>& key : when_keys(&ChurnRule::away, kChurnKeys)) keys.push_back(std::move(key));
  return keys;
}

void check_drawn(const TomlSection& table, const Scenario&, PlacementRule& rule) {
  const bool is_drawn = !rule.nodes.first && (rule.nodes.count || rule.nodes.fraction);
  if (is_drawn) table.complain("nodes", "expected nodes that are not drawn, such as { from = 0, count = 10 }");
}

}  // namespace

const Section<ChurnRule>& churn_section() {
  static const Section<ChurnRule> section = {"[[churn]]", churn_keys()};
  return section;
}

const Section<PlacementRule>& placement_section() {
  static const Section<PlacementRule> section = {
      "[[placement]]",
      {Key<PlacementRule>("host", &PlacementRule::host, "place in --hosts").within(1, kMostHosts).required("host = 1"),
       nodes_key(&PlacementRule::nodes)
           .usually("")
           .may_be(selection_values("\"all\", table or list; none that are drawn"))
           .such_as("nodes = { from = 10, count = 5 }")},
      check_drawn};
  return section;
}

void check_placement(const TomlSection& root, const Scenario& scenario) {
  if (root.has_mistake()) return;
  std::set<NodeId> placed;
  const auto tables = root.sections("placement");
  for (std::size_t r = 0; r < tables.size(); ++r) {
    for (const NodeId node : select_nodes(scenario.placement[r].nodes, scenario.nodes.count, 0, 0)) {
      if (placed.insert(node).second) continue;
      tables[r].complain("nodes", fmt::format("node {} has been placed already: expected each at most once", node));
      return;
    }
  }
}

}  // namespace tardigrad
