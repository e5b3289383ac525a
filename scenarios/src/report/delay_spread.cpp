#include "scenarios/src/report/delay_spread.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace tardigrad {

namespace {

using Who = DelayRow::Who;

struct Place {
  Who who = Who::others;
  std::uint32_t hops = 0;
};

Place place_of(const SeedRun& run, NodeId node) {
  if (run.summary.is_straggler(node)) return {Who::stragglers, 0};
  const auto& hops = run.distances.hops;
  if (node >= hops.size() || !hops[node]) return {Who::others, 0};
  return {Who::at_distance, *hops[node]};
}

/// Adds one node's figures to its row; `finish` turns the sums into means.
void add(const NodeActivity& node, double duration_s, DelayRow& row) {
  const double links_s = std::max(node.uplink_busy_s.value_or(0), node.downlink_busy_s.value_or(0));
  row.nodes += 1;
  row.rounds += static_cast<double>(node.rounds);
  row.own_s += node.training_s + std::min(node.waiting_s, links_s);
  row.held_up_s += std::max(0.0, node.waiting_s - links_s);
  row.waiting.resize(kTimeSlots);
  for (std::size_t slot = 0; slot < node.waited_s.size(); ++slot) {
    row.waiting[slot] += node.waited_s[slot] * kTimeSlots / duration_s;
  }
}

void finish(DelayRow& row) {
  if (row.rounds > 0) row.own_s /= row.rounds;
  if (row.rounds > 0) row.held_up_s /= row.rounds;
  row.rounds /= static_cast<double>(row.nodes);
  for (double& share : row.waiting) share = std::min(1.0, share / static_cast<double>(row.nodes));
}

std::uint32_t longest_way(const RankedAlgorithm& algorithm) {
  std::uint32_t longest = 0;
  for (const SeedRun* run : algorithm.seeds) {
    for (const auto& hops : run->distances.hops) longest = std::max(longest, hops.value_or(0));
  }
  return longest;
}

}  // namespace

std::optional<DelaySpread> delay_spread(const RankedAlgorithm& algorithm, std::uint32_t most_distances) {
  const std::uint32_t joined = 1 + (std::max(1U, longest_way(algorithm)) - 1) / most_distances;
  std::map<std::pair<Who, std::uint32_t>, DelayRow> rows;
  for (const SeedRun* run : algorithm.seeds) {
    if (!run->summary.has_stragglers() || !(run->duration_s() > 0)) continue;
    for (const auto& [node, activity] : run->nodes) {
      const Place place = place_of(*run, node);
      const std::uint32_t step = place.hops == 0 ? 0 : (place.hops - 1) / joined;
      DelayRow& row = rows[{place.who, step}];
      row.who = place.who;
      row.nearest = row.nodes == 0 ? place.hops : std::min(row.nearest, place.hops);
      row.farthest = std::max(row.farthest, place.hops);
      add(activity, run->duration_s(), row);
    }
  }
  DelaySpread spread{algorithm.seeds.front()->distances.kind, {}};
  bool has_rounds = false;
  for (auto& entry : rows) {
    finish(entry.second);
    has_rounds = has_rounds || entry.second.rounds > 0;
    spread.rows.push_back(std::move(entry.second));
  }
  const bool compares = spread.rows.size() > 1 && spread.rows.front().who == Who::stragglers;
  return compares && has_rounds ? std::optional(std::move(spread)) : std::nullopt;
}

DelayReach DelaySpread::reach() const {
  const auto others =
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.who != Who::stragglers; });
  const auto held_up = [](const DelayRow& row) { return row.is_held_up(); };
  const auto end = std::find_if_not(others, rows.end(), held_up);
  if (end == rows.end()) return {DelayReach::Nodes::everyone, rows.back().farthest};
  if (std::any_of(end, rows.end(), held_up)) return {DelayReach::Nodes::some, 0};
  if (end == others) return {DelayReach::Nodes::nobody, 0};
  return {DelayReach::Nodes::near, std::prev(end)->farthest};
}

}  // namespace tardigrad
