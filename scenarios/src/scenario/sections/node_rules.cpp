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

constexpr double kMostWatts = 1e9;
constexpr double kMostJoulesPerByte = 1e3;

constexpr const char* kIdle = "of a node that does no local steps, but for its bytes";
constexpr const char* kBusy = "of a node that does local steps, but for its bytes";
constexpr const char* kSent = "for each byte that leaves its uplink";
constexpr const char* kReceived = "for each byte that its downlink delivers";

/// What a group leaves out is as for all nodes.
GroupKey group_key(const std::string& name, std::optional<double> EnergyGroup::*member, const char* what, double most) {
  return GroupKey(name, member, what).within(0, most).usually("that of [energy]");
}

const Section<EnergyGroup>& groups_section() {
  static const Section<EnergyGroup> section = {
      "[[energy.groups]]",
      {nodes_key(&EnergyGroup::nodes), group_key("idle_watts", &EnergyGroup::idle_watts, kIdle, kMostWatts),
       group_key("busy_watts", &EnergyGroup::busy_watts, kBusy, kMostWatts),
       group_key("joules_per_byte_sent", &EnergyGroup::joules_per_byte_sent, kSent, kMostJoulesPerByte),
       group_key("joules_per_byte_received", &EnergyGroup::joules_per_byte_received, kReceived, kMostJoulesPerByte)}};
  return section;
}

EnergyKey usual_key(const std::string& name, double PowerDraw::*member, const char* what, double most) {
  return EnergyKey(name, nested(&EnergySection::usual, member), what).within(0, most);
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
      {usual_key("idle_watts", &PowerDraw::idle_watts, kIdle, kMostWatts),
       usual_key("busy_watts", &PowerDraw::busy_watts, kBusy, kMostWatts),
       usual_key("joules_per_byte_sent", &PowerDraw::joules_per_byte_sent, kSent, kMostJoulesPerByte),
       usual_key("joules_per_byte_received", &PowerDraw::joules_per_byte_received, kReceived, kMostJoulesPerByte),
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
