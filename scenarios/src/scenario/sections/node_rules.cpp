/// [[churn]], [energy] and [[placement]].
#include <fmt/format.h>

#include <set>

#include "scenarios/src/scenario/sections/moments.hpp"
#include "scenarios/src/scenario/sections/node_selection.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

std::vector<Key<ChurnRule>> churn_keys() {
  std::vector<Key<ChurnRule>> keys = {nodes_key(&ChurnRule::nodes)};
  for (Key<ChurnRule>& key : when_keys(&ChurnRule::away, kChurnKeys)) keys.push_back(std::move(key));
  return keys;
}

using EnergyKey = Key<EnergySection>;
using GroupKey = Key<EnergyGroup>;

/// What nodes draw, said once for all nodes and for groups.
struct Quantity {
  const char* name;
  const char* what;
  double most;
  const char* example;
};

constexpr Quantity kIdle = {"idle_watts", "of a node that does no local steps, but for its bytes", 1e9, "2"};
constexpr Quantity kBusy = {"busy_watts", "of a node that does local steps, but for its bytes", 1e9, "6.5"};
constexpr Quantity kSent = {"joules_per_byte_sent", "for each byte that leaves its uplink", 1e3, "1e-7"};
constexpr Quantity kReceived = {"joules_per_byte_received", "for each byte that its downlink delivers", 1e3, "1e-7"};

std::string example_of(const Quantity& own) { return fmt::format("{} = {}", own.name, own.example); }

/// What a group leaves out is as for all nodes.
GroupKey group_key(const Quantity& own, std::optional<double> EnergyGroup::*member) {
  return GroupKey(own.name, member, own.what).within(0, own.most).usually("that of [energy]").such_as(example_of(own));
}

const Section<EnergyGroup>& groups_section() {
  static const Section<EnergyGroup> section = {
      "[[energy.groups]]",
      {nodes_key(&EnergyGroup::nodes), group_key(kIdle, &EnergyGroup::idle_watts),
       group_key(kBusy, &EnergyGroup::busy_watts), group_key(kSent, &EnergyGroup::joules_per_byte_sent),
       group_key(kReceived, &EnergyGroup::joules_per_byte_received)}};
  return section;
}

EnergyKey usual_key(const Quantity& own, double PowerDraw::*member) {
  return EnergyKey(own.name, nested(&EnergySection::usual, member), own.what)
      .within(0, own.most)
      .such_as(example_of(own));
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

const Section<EnergySection>& energy_section() {
  static const Section<EnergySection> section = {
      "[energy]",
      {usual_key(kIdle, &PowerDraw::idle_watts), usual_key(kBusy, &PowerDraw::busy_watts),
       usual_key(kSent, &PowerDraw::joules_per_byte_sent), usual_key(kReceived, &PowerDraw::joules_per_byte_received),
       tables_key("groups", &EnergySection::groups, groups_section(),
                  "nodes that draw something else; of several about a node the last wins, key by key")}};
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
