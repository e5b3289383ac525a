/// The waiting rule of all synchronous algorithms.
///
/// Round t of a node ends when the messages of round t have come from all from whom it is due one: its own
/// neighbours, not everybody. Nodes drift apart by at most the graph distance in rounds. A message that comes
/// before its round is kept, one that comes after it is left out.
///
/// Where messages can be lost or nodes leave, a node goes on without those that did not come: when a later message
/// of the same neighbour shows that one is lost, or when it has waited as long as the scenario lets it. A node that
/// comes back from an absence goes on with the first round that its neighbours still speak of.
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
  void on_trained(Round round, SharedValues trained, Actions& actions) final;
  void on_message(const ProtocolMessage& message, Actions& actions) final;
  void on_wait_over(Actions& actions) final;
  /// Those that keep something besides what has arrived add it.
  void persist(StateArchive& archive) override;

 protected:
  SynchronousProtocol(const Seat& seat, std::shared_ptr<const GraphSchedule> graphs);

  /// One round's exchange as a node sees it. Rounds are those of the exchange, the same number at all nodes.
  struct Exchange {
    Round round = 0;
    std::shared_ptr<const Graph> graph;
    /// What has come, by sender, ascending.
    std::vector<ProtocolMessage> arrived;
  };

  /// Before the first round.
  virtual void begin(const SharedValues& /*initial*/) {}
  /// The local steps of `round` begin, from `start()`: time to send what needs not wait for what they come to.
  virtual void round_begins(Round /*round*/, const Graph& /*graph*/, Actions& /*actions*/) {}
  /// Sends to `graph.neighbours(self())` what they are due from this node when its local steps of `round` are done.
  virtual void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) = 0;
  /// Makes `message.values` what `mix` needs, decoding what was encoded. False if another node of this algorithm
  /// cannot have sent it: it is refused then. Not asked where nothing is learned.
  virtual bool read(ProtocolMessage& message, const SharedValues& trained);
  /// The model after the exchange: what the next round's local steps start from. Values are of the size that `read`
  /// has made sure of, or empty where nothing is learned.
  virtual SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) = 0;

  /// The same message to each of `graph.neighbours(self())`.
  void send_to_neighbours(Round round, const Graph& graph, Actions::Send message, Actions& actions) const;
  /// sum_j W_ij v_j, with Metropolis-Hastings weights of what came, and `own` for this node itself. The weight of
  /// a neighbour of which nothing came stays with the node.
  Values weighted_mean(const Exchange& exchange, const Values& own) const;

  NodeId self() const { return seat_.node; }
  std::uint64_t parameters() const { return seat_.parameters; }
  const Seat& seat() const { return seat_; }
  /// What this round's local steps started from; the initial model before any.
  const SharedValues& start() const { return start_; }
  /// False in the null model, all of whose values are empty.
  bool learns() const { return !start_->empty(); }

 private:
  /// Whether its sender sends this node anything in the round that it speaks of.
  bool is_due(const ProtocolMessage& message) const;
  /// Mixes if all is there that can come, otherwise says whom it waits for.
  void proceed(bool patient, Actions& actions);
  void end_exchange(Actions& actions);
  void begin_round(Actions& actions);

  Seat seat_;
  std::shared_ptr<const GraphSchedule> graphs_;
  Round round_ = 0;
  std::shared_ptr<const Graph> graph_;  ///< of this round
  SharedValues start_;
  SharedValues trained_;  ///< null while local steps are being computed
  RoundInbox inbox_;
};

/// What synchronous algorithms have in common: one fragment, on a connected graph, usually a ring; a whole model to
/// each neighbour.
Algorithm synchronous_algorithm(std::string name, std::string summary);
/// What a message to a neighbour carries of so many parameters is not the raw model.
void set_payload(Algorithm& algorithm, std::function<Bytes(const AlgorithmOptions&, std::uint64_t)> payload);

}  // namespace tardigrad
