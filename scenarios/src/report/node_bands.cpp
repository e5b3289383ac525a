#include "scenarios/src/report/node_bands.hpp"

#include <algorithm>
#include <map>

namespace tardigrad {

namespace {

using Nodes = std::vector<std::pair<NodeId, const NodeActivity*>>;

StragglerKind kind_of(const RunSummary& summary, NodeId node) {
  const bool network = summary.network_stragglers.count(node) > 0;
  const bool compute = summary.compute_stragglers.count(node) > 0;
  if (network && compute) return StragglerKind::both;
  return network ? StragglerKind::network : compute ? StragglerKind::compute : StragglerKind::none;
}

/// Adds up a figure that some nodes may lack.
class OptionalMean {
 public:
  void add(std::optional<double> value) {
    if (!value) return;
    sum_ += *value;
    count_ += 1;
  }
  std::optional<double> value() const { return count_ > 0 ? std::optional<double>(sum_ / count_) : std::nullopt; }

 private:
  double sum_ = 0;
  double count_ = 0;
};

std::optional<double> share(std::optional<double> part, double whole) {
  if (!part || !(whole > 0)) return std::nullopt;
  return std::min(1.0, *part / whole);
}

NodeBand joined(Nodes::const_iterator begin, Nodes::const_iterator end, StragglerKind kind, double duration_s) {
  NodeBand band;
  band.first = begin->first;
  band.last = std::prev(end)->first;
  band.nodes = static_cast<std::size_t>(end - begin);
  band.kind = kind;
  const auto count = static_cast<double>(band.nodes);
  OptionalMean uplink, downlink, dropped, accuracy;
  for (auto it = begin; it != end; ++it) {
    const NodeActivity& node = *it->second;
    band.rounds += static_cast<double>(node.rounds) / count;
    band.training += share(node.training_s, duration_s).value_or(0) / count;
    band.waiting += share(node.waiting_s, duration_s).value_or(0) / count;
    band.away += share(node.away_s, duration_s).value_or(0) / count;
    uplink.add(share(node.uplink_busy_s, duration_s));
    downlink.add(share(node.downlink_busy_s, duration_s));
    dropped.add(
        share(static_cast<double>(node.dropped), static_cast<double>(node.sent) + static_cast<double>(node.dropped)));
    accuracy.add(node.last_accuracy);
  }
  band.uplink_busy = uplink.value();
  band.downlink_busy = downlink.value();
  band.dropped = dropped.value();
  band.last_accuracy = accuracy.value();
  return band;
}

}  // namespace

std::vector<NodeBand> node_bands(const SeedRun& run, std::size_t most_bands) {
  std::map<StragglerKind, Nodes> kinds;
  for (const auto& [node, activity] : run.nodes) kinds[kind_of(run.summary, node)].push_back({node, &activity});
  const std::size_t per_band = 1 + (run.nodes.size() - 1) / most_bands;
  std::vector<NodeBand> bands;
  for (const StragglerKind kind :
       {StragglerKind::both, StragglerKind::network, StragglerKind::compute, StragglerKind::none}) {
    const Nodes& nodes = kinds[kind];
    for (std::size_t i = 0; i < nodes.size(); i += per_band) {
      const std::size_t end = std::min(nodes.size(), i + per_band);
      bands.push_back(joined(nodes.begin() + static_cast<std::ptrdiff_t>(i),
                             nodes.begin() + static_cast<std::ptrdiff_t>(end), kind, run.duration_s()));
    }
  }
  return bands;
}

}  // namespace tardigrad
