/// One dedicated link for each ordered pair of nodes, with a rate and a latency from a table: measured
/// bandwidths between hosts, or between the regions of a cloud.
///
/// A table is a comma-separated file; '#' starts a comment. Its first line shows which of four forms it has;
/// rates are in Mbit/s, latencies in ms:
///
///   node,0,1,2                                   a square by node, all of them, in order
///   region,tokyo,mumbai                          a square by region
///   from,to,rate_mbps,latency_ms                 a row for each pair of nodes
///   from_region,to_region,rate_mbps,latency_ms   a row for each pair of regions
///
/// A square has a row for each name in its first line, in any order; between nodes the number of a place and
/// itself is ignored. Of rows, the column latency_ms may be left out.
///
/// A pair given in one direction only counts in both, so that an upper triangle is enough; rows without a
/// number may be left out. Two nodes of one region get the number of the region and itself; where the table has
/// none, they get the table's highest rate and lowest latency.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "netem/base/units.hpp"

namespace tardigrad {

class MatrixNetwork {
 public:
  struct PairLink {
    BitsPerSecond rate;
    Time latency;
  };

  /// A network without nodes.
  MatrixNetwork() = default;
  /// `links[i * groups + j]` leads from a node of group i to one of group j; a group has `replicas` nodes, in
  /// whole blocks: node n belongs to group n / replicas.
  MatrixNetwork(std::vector<PairLink> links, NodeId groups, NodeId replicas, std::vector<std::string> regions);

  NodeId size() const { return groups_ * replicas_; }
  /// Needs two different nodes, both below size().
  const PairLink& between(NodeId from, NodeId to) const {
    return links_[std::size_t{from / replicas_} * groups_ + to / replicas_];
  }
  /// Region names in the order of the nodes; empty for a network by node.
  const std::vector<std::string>& regions() const { return regions_; }
  NodeId replicas() const { return replicas_; }

 private:
  std::vector<PairLink> links_;
  NodeId groups_ = 0;
  NodeId replicas_ = 1;
  std::vector<std::string> regions_;
};

struct MatrixSpec {
  std::string rates;  ///< a file, or the name of `rates_text`
  /// A file of latencies, by node or region as the rates are; empty: the column latency_ms of the rates, or
  /// else `latency` everywhere.
  std::string latencies;
  Time latency{};
  /// A selection of the file's regions, in the order of their nodes; empty: all of them, as in the file.
  std::vector<std::string> regions{};
  /// The table of rates itself, if it is in no file.
  std::optional<std::string_view> rates_text{};
};

struct MatrixResult {
  MatrixNetwork network;
  std::string error;  ///< one line; empty on success
};

/// Regions get nodes / regions nodes each. Mistakes, with the file's name and, where possible, the line: a
/// table of the wrong size, an unknown region, a node that is not below `nodes`, a pair without a number or
/// with two, a number that is none, negative or too large, a rate of zero, a line of more than a million
/// characters. Takes the memory of the table, not of all pairs of nodes; a table by node has at most 4,096
/// nodes.
MatrixResult read_matrix_network(const MatrixSpec& spec, NodeId nodes);

}  // namespace tardigrad
