#include "netem/time/node_selection.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tardigrad {
namespace {

/// Compute rules are numbered from here, so that their draws differ from those of link rules.
constexpr std::uint64_t kFirstComputeRule = std::uint64_t{1} << 32;

constexpr double kSlowestJittered = 1e6;  // bit/s

NodeId selected_count(const NodeSelection& selection, NodeId size) {
  if (selection.count) return *selection.count;
  if (selection.fraction) return static_cast<NodeId>(std::lround(*selection.fraction * size));
  return size;
}

BitsPerSecond jittered(BitsPerSecond rate, double offset) {
  return {std::max(rate.value + offset, std::min(rate.value, kSlowestJittered))};
}

}  // namespace

std::vector<NodeId> select_nodes(const NodeSelection& selection, NodeId size, std::uint64_t seed, std::uint64_t rule) {
  std::vector<NodeId> nodes = selection.list;
  if (nodes.empty()) {
    nodes.resize(size);
    std::iota(nodes.begin(), nodes.end(), NodeId{0});
    if (!selection.first) RandomStream(seed, Purpose::straggler_choice, rule).shuffle(nodes);
    nodes.resize(selected_count(selection, size));
    for (NodeId& node : nodes) node += selection.from;
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  return nodes;
}

std::vector<AccessRates> access_rates(AccessRates usual, const std::vector<LinkStragglerRule>& rules, NodeId size,
                                      std::uint64_t seed) {
  std::vector<AccessRates> rates(size, usual);
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const LinkStragglerRule& rule = rules[r];
    const BitsPerSecond uplink = rule.uplink.value_or(BitsPerSecond{usual.uplink.value / rule.factor});
    const BitsPerSecond downlink = rule.downlink.value_or(BitsPerSecond{usual.downlink.value / rule.factor});
    for (const NodeId node : select_nodes(rule.nodes, size, seed, r)) {
      const double offset = rule.jitter.value * (2 * RandomStream(seed, Purpose::rate_jitter, node, r).uniform() - 1);
      rates[node] = {jittered(uplink, offset), jittered(downlink, offset)};
    }
  }
  return rates;
}

std::vector<double> compute_slowdowns(const std::vector<ComputeStragglerRule>& rules, NodeId size, std::uint64_t seed) {
  std::vector<double> slowdowns(size, 1);
  for (std::size_t r = 0; r < rules.size(); ++r) {
    for (const NodeId node : select_nodes(rules[r].nodes, size, seed, kFirstComputeRule + r)) {
      slowdowns[node] *= rules[r].slowdown;
    }
  }
  return slowdowns;
}

}  // namespace tardigrad
