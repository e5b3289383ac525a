/// RelaySGD (Vogels, He, Koloskova, Lin, Karimireddy, Stich, Jaggi: "RelaySum for Decentralized Deep Learning
/// on Heterogeneous Data", NeurIPS 2021, arXiv 2110.04175), on a tree. A node sends a neighbour the sum of all
/// models on its own side of their edge, one round older for every hop, and the number of these models:
///
///     half_i = x_i after local steps
///     m_ij = half_i + sum over k in N_i but j of m_ki,   c_ij = 1 + the same sum of c_ki   (of the round before)
///     k_i = 1 + sum_j c_ji                                                                  (of this round)
///     world-size:   x_i <- (half_i + sum_j m_ji + (n - k_i) x_i(0)) / n
///     counts:       x_i <- (half_i + sum_j m_ji) / k_i
///
/// If models did not change, the mean of every node would contain each of them exactly once after as many
/// rounds as the tree's diameter.
///
/// On double binary trees even coordinates are relayed on one tree and odd ones on the other.
///
/// A message that does not arrive counts as a sum of no models, m = 0 and c = 0: in that round its content is
/// missing from the mean and from the relayed sums. Nothing is lost for good: the next message contains it all
/// again.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

/// The coordinates of a model that are relayed on a tree: first, first + stride, ...
struct Coordinates {
  unsigned first = 0;
  unsigned stride = 1;

  std::uint64_t count(std::uint64_t parameters) const { return (parameters + stride - 1 - first) / stride; }
};

/// One tree's relaying at one of its nodes.
class TreeRelay {
 public:
  TreeRelay(const Graph& tree, NodeId self, Coordinates coordinates);

  /// The number of values in a message on this tree's edge to `neighbour`: one for each coordinate and the
  /// count, or none if there is no such edge.
  std::uint64_t message_length(NodeId neighbour, std::uint64_t parameters) const;

  /// Appends m_ij and c_ij to `messages[j]` for every neighbour j.
  void relay(const Values& half, std::map<NodeId, Values>& messages) const;
  /// Begins a new round: nothing has arrived.
  void forget_received();
  /// Takes m_ji and c_ji, which begin at `values`.
  void receive(NodeId neighbour, const float* values, std::uint64_t parameters);
  /// Writes the new model's coordinates. `nodes` is n of the world-size form; none: the counts form.
  void mix(const Values& half, const Values& initial, std::optional<NodeId> nodes, Values& mixed) const;

  void persist(StateArchive& archive) { archive(received_); }

 private:
  struct Relayed {
    Values values;  ///< empty if nothing arrived
    float count = 0;

    void add(const Relayed& other);
    void persist(StateArchive& archive) { archive(values, count); }
  };

  Relayed own(const Values& half) const;

  Coordinates coordinates_;
  std::vector<NodeId> neighbours_;  ///< ascending
  std::vector<Relayed> received_;   ///< from neighbours_[k], in the latest round
};

class RelaySgd final : public SynchronousProtocol {
 public:
  enum class Normalization { world_size, counts };

  /// One tree, or two for half of the coordinates each; `graphs` has the edges of all.
  RelaySgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, const std::vector<Graph>& trees,
           Normalization normalization);

  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    for (TreeRelay& tree : trees_) archive(tree);
    archive(initial_);
  }

 private:
  void begin(const SharedValues& initial) override { initial_ = initial; }
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  /// The number of values in a message to or from a neighbour.
  std::uint64_t message_length(NodeId neighbour) const;

  NodeId nodes_;
  Normalization normalization_;
  std::vector<TreeRelay> trees_;
  SharedValues initial_;
};

Algorithm relay_sgd_algorithm();

}  // namespace tardigrad
