/// SWIFT as published (Bornstein, Rabbani, Wang, Bedi, Huang: "SWIFT: Rapid Decentralized Federated Learning
/// via Wait-Free Model Communication", ICLR 2023, arXiv 2210.14026).
///
/// On a fixed graph a node broadcasts its model before every step, keeps the last model it received of every
/// neighbour, and in the steps of the communication set averages with fixed weights (`ccs_weights`):
///
///     x_half = w_ii x_i + sum over neighbours j of w_ij stored_j      (steps c with c mod (s + 1) = 0)
///     x_i    = x_half - eta g(x_i)                                    gradient from before averaging
///
/// With `staleness_weight` a stored model counts w_ij f_j (actors/protocols/parts/staleness_weight.hpp) instead of
/// w_ij, and the node itself what is missing then to one.
///
/// A step is one local round here: "- eta g" is the change by the local steps. A node never waits.
#pragma once

#include <memory>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "netem/graph/graph.hpp"
#include "netem/graph/mixing_weights.hpp"

namespace tardigrad {

struct SwiftOptions {
  /// s of C_s: averaging happens once every s + 1 steps.
  Round communication_set = 0;
  /// Keep each neighbour's last model (published). Otherwise a neighbour that sent nothing since the last
  /// averaging gives its weight to the node itself (the authors' memory-efficient variant).
  bool stored_models = true;
  /// a of `staleness_weight`.
  double staleness_power = 0;
};

class Swift final : public FragmentProtocol {
 public:
  Swift(SwiftOptions options, std::vector<NodeId> neighbours, MixingRow weights);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(model_, stored_); }

 private:
  struct Stored {
    Round round = 0;
    SharedValues values;

    void persist(StateArchive& archive) { archive(round, values); }
  };

  void broadcast(Round round, Actions& actions) const;
  /// x_half + (trained - x); the memory-efficient variant releases the received models.
  Values averaged_plus_change(Round round, const Values& trained, Actions& actions);

  SwiftOptions options_;
  std::vector<NodeId> neighbours_;  ///< ascending
  MixingRow weights_;
  SharedValues model_;
  std::vector<Stored> stored_;  ///< of neighbours_[k]
};

Algorithm swift_algorithm();

}  // namespace tardigrad
