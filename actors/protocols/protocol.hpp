/// What an algorithm is to the rest of the program: a plain state machine per node and fragment.
///
/// It is told that local steps are done or that a message came, and answers with messages to send,
/// the fragment's new values, and whether the node may start its next round. No actor, clock or
/// I/O in here: times and links are other people's business.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/values.hpp"
#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// No run has so many rounds: a message that speaks of a later one comes from no node of a run.
inline constexpr Round kLastRound = ~Round{0} / 2;

/// What passes between the protocols of two nodes for the same fragment.
struct ProtocolMessage {
  NodeId from = 0;
  /// Meaning is the protocol's own (ping, pong, model...).
  std::uint8_t kind = 0;
  /// The sender's finished rounds when the values were taken.
  Round round = 0;
  /// Raw values, or what a codec made of them, or both; null if there are none, empty where nothing is learned.
  SharedValues values;
  SharedBytes encoded{};

  /// Whether it carries raw values, so many of them: none of them, where nothing is learned, are not the same as null.
  bool has(std::size_t count) const { return values && values->size() == count; }

  void persist(StateArchive& archive) { archive(from, kind, round, values, encoded); }
};

/// What a protocol wants done. Filled in by one call, carried out by the fragment's actor.
class Actions {
 public:
  struct Send {
    NodeId to = 0;
    std::uint8_t kind = 0;
    Round round = 0;
    SharedValues values;
    /// Among what a node queues at one instant, lower goes first (a random number shuffles).
    std::uint64_t order = 0;
    SharedBytes encoded{};
    /// Bytes of all that it carries, which the links are charged for, header not included. Nothing: a whole
    /// fragment's raw values.
    std::optional<Bytes> payload{};
  };

  /// Drop what this fragment has queued and not fully transmitted. Comes before all sends.
  void flush() { flush_ = true; }
  void send(Send message) { sends_.push_back(std::move(message)); }
  /// The fragment's values are these from now on: what an evaluation sees.
  void update(SharedValues values) { values_ = std::move(values); }
  /// ... and the node may train its next round on them.
  void start_round(SharedValues values) {
    values_ = std::move(values);
    start_round_ = true;
  }
  /// A received model took part in averaging, `rounds` behind the receiver (0 if it was ahead).
  void mixed(Round own, Round other) {
    ++mixed_count_;
    staleness_sum_ += own > other ? own - other : 0;
  }

  /// So many nodes whose models should have taken part in averaging did not: they were away, or what they sent
  /// was lost.
  void missed(std::uint64_t nodes) { missed_ += nodes; }

  /// What has come from `sender` is nothing that a node of this run sends to this one. It comes from a host that is not
  /// sound, and counts as a message that did not come.
  void refuse(NodeId sender) {
    missed(1);
    refused_.push_back(sender);
  }

  /// From now on messages of these nodes (ascending) are awaited (of nobody: none are), in place of any that were: who
  /// looks on can say what stands still and why, and `on_wait_over` comes if it takes too long.
  void await(std::vector<NodeId> from) {
    awaited_ = std::move(from);
    awaits_ = true;
  }

  bool flushes() const { return flush_; }
  std::vector<Send>& sends() { return sends_; }
  const std::vector<Send>& sends() const { return sends_; }
  const SharedValues& values() const { return values_; }
  bool starts_round() const { return start_round_; }
  bool changes_wait() const { return awaits_; }
  const std::vector<NodeId>& awaited() const { return awaited_; }
  std::uint64_t mixed_count() const { return mixed_count_; }
  std::uint64_t staleness_sum() const { return staleness_sum_; }
  std::uint64_t missed_count() const { return missed_; }
  /// Their senders, in the order in which they were refused.
  const std::vector<NodeId>& refused() const { return refused_; }

 private:
  bool flush_ = false;
  bool start_round_ = false;
  bool awaits_ = false;
  std::vector<NodeId> awaited_;
  std::vector<Send> sends_;
  SharedValues values_;
  std::uint64_t mixed_count_ = 0;
  std::uint64_t staleness_sum_ = 0;
  std::uint64_t missed_ = 0;
  std::vector<NodeId> refused_;
};

/// One node's part in an algorithm, for one fragment. Rounds are counted from 0.
class FragmentProtocol {
 public:
  virtual ~FragmentProtocol() = default;

  /// At the start of the run, before all else. `initial` is the fragment of the common initial model.
  virtual void on_start(SharedValues initial, Actions& actions) { actions.start_round(std::move(initial)); }
  /// The local steps of `round` are done: `trained` is what they made of the values that the last
  /// `start_round` gave.
  virtual void on_trained(Round round, SharedValues trained, Actions& actions) = 0;
  /// Messages may come from another host: nothing that is in one is relied on, and what no node of this algorithm sends
  /// to this one (of a stranger, of a kind or size that there is not, no encoding of anything) is refused. Nobody waits
  /// for ever because of it.
  virtual void on_message(const ProtocolMessage& message, Actions& actions) = 0;
  /// What it said that it awaits has not come for as long as the scenario lets it wait: its message or the one
  /// that it answers may have been lost, or the other node is away. Whatever comes later comes too late.
  virtual void on_wait_over(Actions&) {}

  /// All that calls have changed since it was made; what it was made with is there already.
  virtual void persist(StateArchive& archive) = 0;
};

}  // namespace tardigrad
