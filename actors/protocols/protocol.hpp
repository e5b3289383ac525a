/// The interface of an algorithm: a plain state machine per node and fragment.
///
/// A protocol is told that local steps are done or that a message has arrived, and answers with messages to
/// send, the fragment's new values, and whether the node may start its next round. It uses no actor, clock or
/// I/O: times and links are decided elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/protocols/mixing_count.hpp"
#include "models/local_work.hpp"
#include "models/values.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// An upper bound of the rounds of any run: a message with a later round comes from no node of a run.
inline constexpr Round kLastRound = ~Round{0} / 2;

/// A message between the protocols of two nodes for the same fragment.
struct ProtocolMessage {
  NodeId from = 0;
  /// Defined by the protocol (ping, pong, model…).
  std::uint8_t kind = 0;
  /// The number of the sender's finished rounds when the values were taken.
  Round round = 0;
  /// Raw values, or their encoding, or both; null if there are none, empty where nothing is learned.
  SharedValues values;
  SharedBytes encoded{};

  /// True if the message carries `count` raw values. An empty vector, where nothing is learned, differs from
  /// null.
  bool has(std::size_t count) const { return values && values->size() == count; }

  void persist(StateArchive& archive) { archive(from, kind, round, values, encoded); }
};

/// A node's local steps of one round, for one fragment.
struct LocalRound {
  Round round = 0;
  /// Their result, starting from the values of the last `start_round`.
  SharedValues values;
  /// The number of local steps: 0 in a round that only averages.
  std::uint32_t steps = 1;
  /// The sum of their learning rates. With plain gradient descent, (start - values) / learning_rates is the mean
  /// gradient; with momentum or AdamW it is not.
  double learning_rates = 0;

  void persist(StateArchive& archive) { archive(round, values, steps, learning_rates); }
};

/// The actions that a protocol requests in one call, which the fragment's actor executes.
class Actions {
 public:
  struct Send {
    NodeId to = 0;
    std::uint8_t kind = 0;
    Round round = 0;
    SharedValues values;
    /// Among messages that a node queues at one instant, lower goes first (a random number shuffles).
    std::uint64_t order = 0;
    SharedBytes encoded{};
    /// The bytes of the message's content, without its header, that the links are charged. Nothing: a whole
    /// fragment's raw values.
    std::optional<Bytes> payload{};
  };

  /// Actions that answer an event of time `now`.
  explicit Actions(Time now = {}) : now_(now) {}

  /// The time of the event, in emulated time.
  Time now() const { return now_; }
  /// Drops the messages that this fragment has queued and not fully transmitted, before all sends.
  void flush() { flush_ = true; }
  void send(Send message) { sends_.push_back(std::move(message)); }
  /// Sets the fragment's values, which evaluations use from now on.
  void update(SharedValues values) { values_ = std::move(values); }
  /// Sets the fragment's values and lets the node train its next round on them. All fragments of a node ask for the
  /// same factor and number of steps, and each for the offset of its own values.
  void start_round(SharedValues values, LocalWork work = {}) {
    values_ = std::move(values);
    work_ = std::move(work);
    start_round_ = true;
  }
  /// Notes that a received model took part in averaging, a number of rounds behind the receiver (0 if it was
  /// ahead).
  void mixed(Round own, Round other) { mixing_.add(own, other); }

  /// Notes that the models of so many nodes should have taken part in averaging and did not: the nodes were
  /// away, or their messages were lost.
  void missed(std::uint64_t nodes) { mixing_.missed += nodes; }

  /// Refuses a message that no node of this run sends to this one. It comes from a faulty host, and counts as a
  /// message that did not arrive.
  void refuse(NodeId sender) {
    missed(1);
    refused_.push_back(sender);
  }

  /// From now on the node waits for messages of these nodes (ascending; empty: for none) instead of any before:
  /// an observer can tell what stands still and why, and `on_wait_over` is called if the wait takes too long.
  void await(std::vector<NodeId> from) {
    awaited_ = std::move(from);
    longest_wait_.reset();
    awaits_ = true;
  }

  /// The same for at most so long, whatever the scenario's limit: a new wait, also for nodes that were awaited before.
  void await(std::vector<NodeId> from, Time at_most) {
    await(std::move(from));
    longest_wait_ = at_most;
  }

  bool flushes() const { return flush_; }
  std::vector<Send>& sends() { return sends_; }
  const std::vector<Send>& sends() const { return sends_; }
  const SharedValues& values() const { return values_; }
  bool starts_round() const { return start_round_; }
  const LocalWork& work() const { return work_; }
  bool changes_wait() const { return awaits_; }
  const std::vector<NodeId>& awaited() const { return awaited_; }
  /// Of this wait; nothing: the scenario's.
  const std::optional<Time>& longest_wait() const { return longest_wait_; }
  const MixingCount& mixing() const { return mixing_; }
  /// The senders of refused messages, in the order of refusal.
  const std::vector<NodeId>& refused() const { return refused_; }

 private:
  Time now_;
  bool flush_ = false;
  bool start_round_ = false;
  bool awaits_ = false;
  std::vector<NodeId> awaited_;
  std::optional<Time> longest_wait_;
  std::vector<Send> sends_;
  SharedValues values_;
  LocalWork work_;
  MixingCount mixing_;
  std::vector<NodeId> refused_;
};

/// One node's part in an algorithm, for one fragment. Rounds are counted from 0.
class FragmentProtocol {
 public:
  virtual ~FragmentProtocol() = default;

  /// The first call of the run. `initial` is the fragment of the common initial model.
  virtual void on_start(SharedValues initial, Actions& actions) { actions.start_round(std::move(initial)); }
  /// The local steps of a round are done.
  virtual void on_trained(LocalRound local, Actions& actions) = 0;
  /// Messages may come from another host: their content is not trusted, and a message that no node of this
  /// algorithm sends to this one (from a stranger, of an unknown kind or size, with an invalid encoding) is
  /// refused. No node waits for ever because of it.
  virtual void on_message(const ProtocolMessage& message, Actions& actions) = 0;
  /// The awaited messages have not arrived within the scenario's time limit: they or the messages that they
  /// answer may have been lost, or the other node is away. Later messages are too late.
  virtual void on_wait_over(Actions&) {}

  /// Saves all state that calls have changed since construction.
  virtual void persist(StateArchive& archive) = 0;
};

}  // namespace tardigrad
