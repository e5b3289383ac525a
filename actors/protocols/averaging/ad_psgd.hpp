/// AD-PSGD as published (Lian, Zhang, Zhang, Liu: "Asynchronous Decentralized Parallel Stochastic Gradient
/// Descent", ICML 2018, arXiv 1710.06952).
///
/// Nodes are active or passive by the two sides of a bipartite graph, so that no circle of nodes can wait for
/// each other. After every local round an active node i sends its model to one random neighbour j, which
/// answers with its own:
///
///     passive j, on the offer:    sends x_j,   x_j <- (x_j + offer) / 2
///     active i, on the answer:    x_i <- x_i + (answer - offer) / 2
///     after local steps:          x_i <- x_i + (result of the steps - their start)
///
/// The exchange runs while the next round's local steps are being computed; a node whose answer has not arrived
/// when they are done waits for it. Passive nodes never wait.
///
/// Pairs are atomic: changes of the active node between its offer and the answer are not halved, which keeps
/// the pair's sum. Local steps are applied as a change to the model as it stands when they are done.
///
/// Where messages can be lost for ever, an active node that has waited too long gives the exchange up and
/// begins another: that pair's sum is not kept if the passive node has averaged. It does the same if the answer
/// is no model of this run. Messages carry the number of the active node's exchange, so that answers to
/// exchanges that were given up are recognised.
#pragma once

#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "netem/graph/graph.hpp"

namespace tardigrad {

class AdPsgd : public FragmentProtocol {
 public:
  enum class Role { passive, active };
  /// The lowest bit of a message's kind; the other bits count the exchanges given up before, modulo 128.
  enum MessageKind : std::uint8_t { offer, answer };

  AdPsgd(NodeId self, Role role, std::shared_ptr<const Graph> graph, std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override {
    archive(model_, start_, sent_, partner_, finished_, waiting_, given_up_, given_up_in_a_row_);
  }

 protected:
  /// An event of this time is about to act on the model.
  virtual void pass_time(Time /*now*/) {}
  /// The model is about to move by `trained` - `start`.
  virtual void moves_by_steps(const SharedValues& /*trained*/, const SharedValues& /*start*/) {}
  /// The model is about to move by half of `to` - `from`.
  virtual void moves_by_exchange(const Values& /*to*/, const Values& /*from*/) {}

  SharedValues model_;  ///< without local steps in progress

 private:
  /// True if the message answers the open exchange.
  bool awaits(const ProtocolMessage& message) const;
  NodeId next_partner();
  void offer_model(Actions& actions);
  void answer_offer(const ProtocolMessage& message, Actions& actions);
  void take_answer(const ProtocolMessage& message, Actions& actions);
  /// Begins the next exchange and the next local steps, which have waited for the last exchange.
  void go_on(Actions& actions);

  NodeId self_;
  Role role_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;

  SharedValues start_;                   ///< the model from which the local steps in progress started
  SharedValues sent_;                    ///< the model of the open offer, else null
  NodeId partner_ = 0;                   ///< the receiver of the open offer
  Round finished_ = 0;                   ///< local rounds done
  bool waiting_ = false;                 ///< true if local steps are done and the answer has not arrived
  std::uint32_t given_up_ = 0;           ///< number of exchanges
  std::uint32_t given_up_in_a_row_ = 0;  ///< since the last completed exchange
};

/// model + weight * (to - from), element by element.
SharedValues moved(const Values& model, float weight, const Values& to, const Values& from);
/// model + (trained - start), and exactly `trained` if the model is still the start itself.
SharedValues moved_by_steps(const SharedValues& model, const SharedValues& trained, const SharedValues& start);

Algorithm ad_psgd_algorithm();

}  // namespace tardigrad
