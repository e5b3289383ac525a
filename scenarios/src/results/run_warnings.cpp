#include "scenarios/src/results/run_warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/src/text/range_text.hpp"

namespace tardigrad {

std::string slow_machine(const std::vector<SlowNode>& slow_nodes) {
  constexpr std::size_t most_named = 8;
  const auto worst = std::max_element(slow_nodes.begin(), slow_nodes.end(), [](const SlowNode& a, const SlowNode& b) {
    return a.worst_ratio < b.worst_ratio;
  });
  std::vector<NodeId> named;
  for (const SlowNode& slow : slow_nodes) {
    if (named.size() < most_named) named.push_back(slow.node);
  }
  return fmt::format(
      "the machine is too slow for this scenario: rounds of node{} {}{} took longer than their emulated "
      "time, node {}'s up to {:.1f} times",
      slow_nodes.size() == 1 ? "" : "s", fmt::join(named, ", "),
      slow_nodes.size() > most_named ? fmt::format(" and {} more", slow_nodes.size() - most_named) : "", worst->node,
      worst->worst_ratio);
}

std::string missing_consensus(std::uint64_t rounds, std::uint64_t nodes, std::uint64_t training_rounds) {
  if (nodes == 0 || rounds >= nodes * training_rounds) return {};
  return fmt::format(
      "the run ended before its consensus rounds: nodes had done {:.1f} of {} training rounds on average",
      static_cast<double>(rounds) / static_cast<double>(nodes), training_rounds);
}

std::string lost_host_text(const LostHost& lost) {
  return fmt::format("host {} was lost after {:.6g} s, and with it {}", lost.host, to_seconds(lost.at),
                     count_of(lost.nodes.size(), "node"));
}

}  // namespace tardigrad
