/// The waiting rule of all synchronous algorithms.
///
/// Round t of a node ends when the messages of round t have arrived from all nodes that send it one in that
/// round: its own neighbours, not everybody. Nodes drift apart by at most the graph distance in rounds. A
/// message that arrives before its round is kept, one that arrives after it is ignored.
///
/// Where messages can be lost or nodes leave, a node goes on without the missing messages: when a later message
/// of the same neighbour shows that one is lost, or when it has waited as long as the scenario permits. A node
/// that returns from an absence goes on with the first round of which its neighbours still send messages.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/parts/round_inbox.hpp"
#include "netem/graph/graph_schedule.hpp"

namespace tardigrad {

class SynchronousProtocol : public FragmentProtocol {
 public:
  void on_start(SharedValues initial, Actions& actions) final;
  void on_trained(LocalRound local, Actions& actions) final;
  void on_message(const ProtocolMessage& message, Actions& actions) final;
  void on_wait_over(Actions& actions) final;
  /// Subclasses with further state add it.
  void persist(StateArchive& archive) override;

 protected:
  SynchronousProtocol(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs);

  /// One round's exchange at one node. Rounds are those of the exchange, the same number at all nodes.
  struct Exchange {
    Round round = 0;
    std::shared_ptr<const Graph> graph;
    /// The messages that have arrived, by sender, ascending.
    std::vector<ProtocolMessage> arrived;
  };

  /// Called before the first round.
  virtual void begin(const SharedValues& /*initial*/) {}
  /// The local steps of `round` begin, from `start()`: the time to send messages that do not depend on their
  /// result.
  virtual void round_begins(Round /*round*/, const Graph& /*graph*/, Actions& /*actions*/) {}
  /// Sends `graph.neighbours(self())` this node's messages when its local steps of `round` are done.
  virtual void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) = 0;
  /// Makes `message.values` what `mix` needs, decoding it if it is encoded. False if no other node of this
  /// algorithm can have sent the message: it is refused then. Not called where nothing is learned.
  virtual bool read(ProtocolMessage& message, const SharedValues& trained);
  /// What is asked of the local steps of the round that begins, besides starting from `start()`.
  virtual LocalWork next_work() const { return {}; }
  /// The model after the exchange, from which the next round's local steps start. Values have the size that
  /// `read` has checked, or are empty where nothing is learned.
  virtual SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) = 0;

  /// Sends the same message to each of `graph.neighbours(self())`.
  void send_to_neighbours(Round round, const Graph& graph, Actions::Send message, Actions& actions) const;
  /// sum_j W_ij v_j, with the graph's weights (`mixing_weight`) of the arrived messages, and `own` for this node
  /// itself. The weight of a neighbour whose message is missing stays with the node.
  Values weighted_mean(const Exchange& exchange, const Values& own) const;

  NodeId self() const { return info_.node; }
  std::uint64_t parameters() const { return info_.parameters; }
  const FragmentInfo& info() const { return info_; }
  /// The model from which this round's local steps started; the initial model before any.
  const SharedValues& start() const { return start_; }
  /// The local steps of the round that is being sent or mixed.
  const LocalRound& local() const { return local_; }
  /// False in the null model, all of whose values are empty.
  bool learns() const { return !start_->empty(); }

 private:
  /// True if the sender sends this node a message in the message's round.
  bool is_due(const ProtocolMessage& message) const;
  /// Mixes if all messages have arrived that can arrive, otherwise states whom the node waits for.
  void proceed(bool patient, Actions& actions);
  void end_exchange(Actions& actions);
  void begin_round(Actions& actions);

  FragmentInfo info_;
  std::shared_ptr<const GraphSchedule> graphs_;
  Round round_ = 0;
  std::shared_ptr<const Graph> graph_;  ///< of this round
  SharedValues start_;
  LocalRound local_;  ///< without values while local steps are being computed
  RoundInbox inbox_;
};

/// The common part of synchronous algorithms: one fragment, on a connected graph, a ring by default; a whole
/// model to each neighbour.
Algorithm synchronous_algorithm(std::string name, std::string summary);
/// Sets the payload of a message to a neighbour, for algorithms that do not send the raw model.
void set_payload(Algorithm& algorithm, std::function<Bytes(const AlgorithmOptions&, std::uint64_t)> payload);

}  // namespace tardigrad
