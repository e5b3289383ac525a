/// The network of a scenario and the presence of nodes: [network] with its tables, and [[churn]].
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "netem/emulated_network.hpp"
#include "netem/files/matrix_network.hpp"
#include "netem/files/trace_file.hpp"
#include "netem/graph/topology.hpp"
#include "netem/link/loss.hpp"
#include "netem/time/distribution.hpp"
#include "netem/time/node_selection.hpp"
#include "netem/time/schedule.hpp"

namespace tardigrad {

/// The access links of a node to which a rule applies.
enum class Direction { both, uplink, downlink };

/// The times at which a rule holds: once, from a moment to another (`kNever`: until the run ends), or in drawn
/// stays.
using When = std::variant<Interval, OnOff>;

/// The names of its keys in a scenario file.
struct WhenKeys {
  const char* begin;
  const char* end;
  const char* mean_on;
  const char* mean_off;
};
inline constexpr WhenKeys kChangeKeys{"begin", "end", "mean_on", "mean_off"};
inline constexpr WhenKeys kChurnKeys{"leave", "return", "mean_away", "mean_present"};

/// A `[[network.stragglers]]` table. With `on_off` its nodes are slow only while on, in addition to other
/// rules.
struct LinkStragglers : LinkStragglerRule {
  std::optional<OnOff> on_off;
};

/// A `[[network.changes]]` table: rates that are lower for a while, of access links or of links.
struct LinkChange {
  NodeSelection nodes;  ///< the nodes of the access links, if there are no `links`
  Direction direction = Direction::both;
  std::vector<std::pair<NodeId, NodeId>> links;  ///< from and to
  When when;
  std::optional<double> factor;  ///< the rate is divided by it; nothing: an outage

  double multiplier() const { return factor ? 1 / *factor : 0; }
};

/// A `[[network.traces]]` table: the usual rates over time. Of two about the same, the later wins.
struct LinkTrace {
  std::string path;
  TraceEnd at_end = TraceEnd::hold;
  Direction direction = Direction::both;      ///< unless it is about pairs
  std::shared_ptr<const TraceResult> traces;  ///< as read
};

/// `matrix = { ... }`: a dedicated link for each ordered pair.
struct LinkMatrix {
  MatrixSpec spec;
  std::shared_ptr<const MatrixNetwork> links;  ///< as read
};

struct NetworkSection {
  bool emulated = true;  ///< false: nothing holds up the messages of a run in real time
  Sharing sharing = Sharing::serial;
  AccessRates access;    ///< of nodes that are no stragglers
  Time latency{};        ///< one way, between any two nodes without a latency in a table
  Distribution late_by;  ///< drawn for every message and added
  LossModel loss;
  std::optional<LinkMatrix> matrix;
  std::vector<LinkStragglers> stragglers;
  std::vector<LinkChange> changes;
  std::vector<LinkTrace> traces;
  std::optional<TopologySpec> topology;  ///< for algorithms without a topology of their own
};

/// A `[[servers]]` table: a node in addition to those that learn.
struct ServerSection {
  std::string region;      ///< of the matrix, whose links between the region's nodes and others it has; empty: none
  AccessRates access;      ///< of its own
  Time latency{};          ///< one way, to and from every node, if it has no region
  std::uint32_t host = 1;  ///< place in `--hosts`, from 1
};

/// A `[[churn]]` table. A node is away during the stays of any of them.
struct ChurnRule {
  NodeSelection nodes;
  When away;
};

}  // namespace tardigrad
