/// Synchronous algorithms of which a node sends two vectors of the model's size in one message, and mixes both with
/// Metropolis-Hastings weights.
///
/// Beside the model a node keeps one more vector, 0 at first: a correction c_i or a momentum. Corrections sum up to 0
/// over all nodes as long as every message arrives: a lost one leaves a sum that nothing takes away again, so that
/// every message is needed where nothing else is said.
#pragma once

#include <memory>
#include <utility>

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class PairMixing : public SynchronousProtocol {
 public:
  PairMixing(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs)
      : SynchronousProtocol(info, std::move(graphs)) {}

  /// c_i.
  const Values& correction() const { return correction_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(correction_, sent_);
  }

 protected:
  struct Pair {
    Values first;
    Values second;
  };

  /// What this node sends after its local steps.
  virtual Pair own_pair(const Values& trained) = 0;
  /// The next model, from the weighted means of both vectors over the node and its neighbours. Corrects
  /// `correction()` too.
  virtual Values next_model(Pair means, const Pair& own, const Values& trained) = 0;

  Values& correction() { return correction_; }
  void begin(const SharedValues& initial) override { correction_.assign(initial->size(), 0.0F); }

 private:
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) final;
  bool read(ProtocolMessage& message, const SharedValues& trained) final;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) final;

  Values correction_;
  SharedValues sent_;  ///< the pair, one behind the other
};

/// The common part of their descriptions: two models' size to each neighbour, on a graph that stays the same.
Algorithm pair_mixing_algorithm(std::string name, std::string summary);

}  // namespace tardigrad
