/// What actors say to each other, and the typed interfaces that follow from it. A wrong message does
/// not compile. Everything here stays within one process.
///
/// Most messages say in `at` at what moment of the run they happen: the moment of the clock's event
/// that they are a consequence of. Actors go by it, never by when they come to handle the message.
/// Links and downlinks are passive: they handle a message where it is sent, and answer through mailboxes and the clock.
/// What an actor gets most often comes first in its behaviour: CAF compares the types one after the other.
///
///     node --Start, Trained--> fragment --Outgoing--> uplink --Departing--> link --Arriving--> downlink
///     node <--FragmentState--  fragment <------------------------Delivered-----------------------'
///     node, uplink, downlink, link --rows--> recorder
///
/// A pair of nodes that has a rate of its own has a pair server in front of its link, which passes
/// Departing on; where links are shared fairly, uplinks hand what they accept to the fair switch instead of
/// transmitting it themselves. Either says to the uplink what has been Transmitted or Dropped.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/learners/learner.hpp"
#include "models/values.hpp"
#include "netem/base/units.hpp"
#include "runtime/hosts/lane.hpp"

namespace tardigrad {

/// A message's share of what another part of the run may send to this one: given back when this dies.
using Credit = std::shared_ptr<void>;

/// One message of a protocol on its way from a fragment to the same fragment at another node.
struct Transfer {
  NodeId from = 0;
  NodeId to = 0;
  FragmentId fragment = 0;
  std::uint8_t kind = 0;
  Round round = 0;
  /// As encoded, header included: what the links are charged.
  Bytes size = 0;
  /// Which of its fragment's messages it is: tells it apart everywhere.
  std::uint64_t number = 0;
  /// Among what a node queues at one instant, lower goes first.
  std::uint64_t order = 0;
  SharedValues values;
  SharedBytes encoded;
};

inline bool is_same(const Transfer& a, const Transfer& b) {
  return a.number == b.number && a.from == b.from && a.fragment == b.fragment;
}

/// Immutable once sent. Its address tells it apart at its sender.
using TransferPtr = std::shared_ptr<const Transfer>;

// ---- results, on their way to the recorder --------------------------------------------------

/// One node's finished round: training from `begin` to `trained`, waiting until `end`. Of an unfinished one, `kNever`
/// is what has not come.
struct RoundRow {
  NodeId node = 0;
  Round round = 0;
  Time begin{};
  Time trained{};
  Time end{};
  double training_loss = 0;
  std::uint64_t mixed = 0;          ///< received models that took part in averaging
  std::uint64_t staleness_sum = 0;  ///< in rounds, over `mixed`
  std::uint64_t missed = 0;         ///< models that should have taken part and did not come
};

/// Messages and bytes, counted as they pass.
struct Traffic {
  std::uint64_t messages = 0;
  Bytes bytes = 0;

  void add(Bytes size) {
    ++messages;
    bytes += size;
  }
  void add(const Transfer& transfer) { add(transfer.size); }
  void take_back(const Transfer& transfer) {
    --messages;
    bytes -= transfer.size;
  }
  Traffic& operator+=(const Traffic& other) {
    messages += other.messages;
    bytes += other.bytes;
    return *this;
  }
  Traffic since(const Traffic& earlier) const { return {messages - earlier.messages, bytes - earlier.bytes}; }
};

/// For a timeline: what became of a message at one place on its way.
struct Hop {
  enum class Place : std::uint8_t {
    uplink,         ///< one message at a time
    shared_uplink,  ///< several at once, under fair sharing
    pair,           ///< the pair's own link, of one sender
    downlink
  };
  enum class Fate : std::uint8_t {
    passed,
    under_way,  ///< at the end of the run
    cut,        ///< dropped at `end`, while it was in service
    dropped,    ///< at `end`, before it was in service
    lost        ///< at `end`
  };

  Place place = Place::uplink;
  Fate fate = Fate::passed;
  NodeId peer = 0;  ///< the receiver; at a downlink the sender
  FragmentId fragment = 0;
  Round round = 0;  ///< of the message
  Bytes size = 0;
  std::uint64_t number = 0;  ///< of the message
  Time begin{};              ///< of its service, if it was in service
  Time end{};
};
/// Null for none.
using Hops = std::shared_ptr<const std::vector<Hop>>;

/// Stands for the round that the end of the run interrupts.
inline constexpr Round kUnfinishedRound = ~Round{0};

/// What passed an uplink or downlink during a node's round.
struct AccessRow {
  NodeId node = 0;
  Round round = 0;
  bool uplink = false;
  std::uint64_t queued = 0;   ///< uplink: messages accepted
  std::uint64_t passed = 0;   ///< uplink: transmitted; downlink: delivered
  std::uint64_t dropped = 0;  ///< uplink: flushed, or its node left
  Bytes passed_bytes = 0;
  Hops hops{};  ///< only where a timeline is asked for
};

/// `node` of the averaged model of all nodes.
inline constexpr NodeId kAveragedModel = ~NodeId{0};

struct EvaluationRow {
  Time time{};
  NodeId node = 0;
  Round round = 0;  ///< finished rounds
  Evaluation result;
};

/// Totals of one access link, link or pair server at the end of a run. What it has accepted is passed,
/// dropped, lost or still there.
struct LinkRow {
  enum class Kind : std::uint8_t { uplink, downlink, link, pair_server };

  Kind kind = Kind::link;
  NodeId from = 0;
  NodeId to = 0;
  double rate = 0;   ///< bit/s at the start of the run; 0: no rate of its own
  Traffic accepted;  ///< again for each retransmission
  Time busy{};
  Traffic passed;     ///< uplink, pair server: transmitted; link: come out of it; downlink: delivered
  Traffic dropped;    ///< flushed, or because the node was away
  Traffic absent;     ///< downlink: of the dropped, those that came while the node was away; link: its host was lost
  Traffic lost;       ///< on a link
  Traffic under_way;  ///< at the end of the run
  std::uint64_t longest_queue = 0;
};

/// Under fair sharing, at the end of a run: for how long what passed this access link or link used the whole of it.
/// Only the fair switch knows that of links whose rows others report.
struct BusyRow {
  LinkRow::Kind kind = LinkRow::Kind::link;
  NodeId from = 0;
  NodeId to = 0;
  Time busy{};
};
struct BusyRows {
  std::vector<BusyRow> rows;
};

/// At the end of a run: a fragment that was waiting, and whose message it was waiting for.
struct WaitRow {
  NodeId node = 0;
  std::vector<NodeId> awaited;
};

// ---- messages -----------------------------------------------------------------------------------

/// To nodes and the recorder: the run begins. From a node to its fragments: here is your part of the initial model.
struct Begin {};
struct Start {
  SharedValues initial;
};
/// Clock to node: the first round begins.
struct StartRound {
  Time at{};
};
/// Clock to node: the computed round has reached its emulated end.
struct LocalStepsDone {
  Time at{};
};
/// Node to fragment: what the local steps made of the fragment.
struct Trained {
  Round round = 0;
  SharedValues values;
  Time at{};
};
/// Fragment to node: new values, if there are any, and whether the next round may use them.
struct FragmentState {
  FragmentId fragment = 0;
  SharedValues values;
  bool starts_round = false;
  std::uint64_t mixed = 0;
  std::uint64_t staleness_sum = 0;
  std::uint64_t missed = 0;
  Time at{};
};
/// Fragment to its node's uplink: queue these, after dropping what is unsent if `flush`. Each fragment
/// says one of these when it has been trained, be it empty.
struct Outgoing {
  FragmentId fragment = 0;
  bool after_training = false;
  bool flush = false;
  std::vector<TransferPtr> transfers;
  Time at{};
};
/// Clock to uplink: everything queued at this instant is there, start serving.
struct Serve {
  Time at{};
};
/// Clock to fragment: its protocol has waited long enough.
struct WaitOver {
  std::uint64_t wait = 0;  ///< which of its waits
  Time at{};
};
/// Clock to access link: the node leaves.
struct Leave {
  Time at{};
};
/// Clock to access link or pair server: the service in progress has come to its end, unless it was withdrawn.
struct Served {
  TransferPtr transfer;
  Time at{};
};
/// Uplink or pair server to the next: the first byte leaves at `begin`, the last at `end`.
struct Departing {
  TransferPtr transfer;
  Time begin{};
  Time end{};
  LaneRoom room{};  ///< until the link has sent it, if that is to another part
};
/// Link (through the clock) to downlink: the head is here, the tail will be at `tail` or is due.
struct Arriving {
  TransferPtr transfer;
  Time tail{};
  Time at{};
  Credit credit{};
};
/// Clock to downlink: time to take up a message whose head came before.
struct TakeUp {
  TransferPtr transfer;
  Time tail{};
  Time at{};
};
/// Uplink to pair server to link, and through the clock to downlink: dropped while being transmitted, it will not
/// arrive. The downlink hears of it when the last of its bytes that have left come in.
struct Withdrawn {
  TransferPtr transfer;
  Time unserved{};  ///< how long its transmission would have gone on
  Time at{};
};
/// Clock to link: the last byte of a message that is lost has left the sender. Link to uplink, for a timeline: the
/// same.
struct Lost {
  TransferPtr transfer;
  Time at{};
};
/// Link to uplink: lost; to be transmitted again at `retry`.
struct Unacknowledged {
  TransferPtr transfer;
  Time retry{};
};
/// Clock to uplink: time to transmit it again.
struct Retry {
  TransferPtr transfer;
  Time at{};
};
/// Uplink to link: it will not be transmitted again.
struct GivenUp {
  TransferPtr transfer;
  Time at{};
};
/// Uplink to fair switch: transmit these.
struct Enter {
  std::vector<TransferPtr> transfers;
  Time at{};
};
/// Uplink to pair server or fair switch: drop what of this fragment (of all of them, if none is named) is
/// not transmitted yet.
struct DropUnsent {
  NodeId node = 0;
  std::optional<FragmentId> fragment;
  Time at{};
};
/// Pair server or fair switch to uplink: the last byte has left.
struct Transmitted {
  TransferPtr transfer;
  Time begin{};
  Time at{};
};
/// The same, of what a flush has dropped.
struct Dropped {
  struct Message {
    TransferPtr transfer;
    std::optional<Time> begin;  ///< of its transmission, if it had begun
  };
  std::vector<Message> messages;
  Time at{};
};
/// Pair server to uplink, which has withdrawn it: the message was being transmitted here as well.
struct Interrupted {
  TransferPtr transfer;
  Time begin{};
  Time at{};
};
/// Clock to fair switch: a transfer may be through.
struct TransferDue {
  Time at{};
};
/// Clock to fair switch: the rate of an uplink or downlink changes.
struct RateChange {
  NodeId node = 0;
  bool uplink = false;
  Time at{};
};
/// Clock to fair switch: the rate of a pair's own link changes.
struct PairRateChange {
  NodeId from = 0;
  NodeId to = 0;
  Time at{};
};
/// Downlink to fragment.
struct Delivered {
  TransferPtr transfer;
  Time at{};
  Credit credit{};  ///< where nothing in between has kept the message
};
/// To uplink, its gate or pair server, which had to wait: there may be room on the way to another part again.
struct Proceed {
  Time at{};
};
/// To the recorder, behind messages from another part: let go of it when they have been taken.
struct Taken {
  Credit credit;
};
/// To the recorder: these nodes are gone for good.
struct NodesGone {
  std::vector<NodeId> nodes;
};
/// Node to its access links: a round is over, tell the recorder what passed.
struct RoundEnded {
  Round round = 0;
  Time at{};
};
/// Recorder, ahead of time and through the clock, to node: evaluate your model as it stands now, at `time`.
struct Evaluate {
  Time time{};
};
/// Clock to node, clock to recorder: the evaluation is computed.
struct Evaluated {
  Time time{};
};
/// Recorder, ahead of time and through the clock, to node: evaluate, too, your model as it stood at the moments between
/// these two evaluations, if they are two, and keep none for that any more.
struct EvaluateBetween {
  Time after{};
  Time before{};
  Time at{};
};
/// Clock to node: that is computed.
struct EvaluatedBetween {};
/// Node to recorder: the model that was evaluated, for the average over nodes.
struct ModelSnapshot {
  NodeId node = 0;
  Round round = 0;
  SharedValues model;
  Time time{};  ///< of the evaluation
};
/// To everyone at the end of a run: report totals and quit.
struct Finish {};

using RecorderActor =
    caf::typed_actor<caf::reacts_to<Begin>, caf::reacts_to<RoundRow>, caf::reacts_to<AccessRow>,
                     caf::reacts_to<LinkRow>, caf::reacts_to<BusyRows>, caf::reacts_to<EvaluationRow>,
                     caf::reacts_to<WaitRow>, caf::reacts_to<ModelSnapshot>, caf::reacts_to<Evaluated>,
                     caf::reacts_to<NodesGone>, caf::reacts_to<Taken>, caf::reacts_to<Finish>>;
using NodeActor =
    caf::typed_actor<caf::reacts_to<Begin>, caf::reacts_to<StartRound>, caf::reacts_to<LocalStepsDone>,
                     caf::reacts_to<FragmentState>, caf::reacts_to<Evaluate>, caf::reacts_to<Evaluated>,
                     caf::reacts_to<EvaluateBetween>, caf::reacts_to<EvaluatedBetween>, caf::reacts_to<Finish>>;
using FragmentActor = caf::typed_actor<caf::reacts_to<Start>, caf::reacts_to<Trained>, caf::reacts_to<Delivered>,
                                       caf::reacts_to<WaitOver>, caf::reacts_to<Finish>>;
/// An uplink as those see it who use it.
using UplinkEntry = caf::typed_actor<caf::reacts_to<Outgoing>, caf::reacts_to<Proceed>, caf::reacts_to<RoundEnded>,
                                     caf::reacts_to<Finish>>;
using UplinkActor =
    caf::typed_actor<caf::reacts_to<Outgoing>, caf::reacts_to<Serve>, caf::reacts_to<Served>,
                     caf::reacts_to<Transmitted>, caf::reacts_to<Dropped>, caf::reacts_to<Unacknowledged>,
                     caf::reacts_to<Retry>, caf::reacts_to<Proceed>, caf::reacts_to<Leave>, caf::reacts_to<RoundEnded>,
                     caf::reacts_to<Interrupted>, caf::reacts_to<Lost>, caf::reacts_to<Finish>>;
using PairServerActor = caf::typed_actor<caf::reacts_to<Departing>, caf::reacts_to<Served>, caf::reacts_to<Proceed>,
                                         caf::reacts_to<Withdrawn>, caf::reacts_to<DropUnsent>, caf::reacts_to<Finish>>;
using FairSwitchActor = caf::typed_actor<caf::reacts_to<Begin>, caf::reacts_to<Enter>, caf::reacts_to<DropUnsent>,
                                         caf::reacts_to<TransferDue>, caf::reacts_to<RateChange>,
                                         caf::reacts_to<PairRateChange>, caf::reacts_to<Finish>>;
using LinkActor = caf::typed_actor<caf::reacts_to<Departing>, caf::reacts_to<Withdrawn>, caf::reacts_to<Lost>,
                                   caf::reacts_to<GivenUp>, caf::reacts_to<Finish>>;
using DownlinkActor =
    caf::typed_actor<caf::reacts_to<Arriving>, caf::reacts_to<TakeUp>, caf::reacts_to<Withdrawn>,
                     caf::reacts_to<Served>, caf::reacts_to<Leave>, caf::reacts_to<RoundEnded>, caf::reacts_to<Finish>>;

}  // namespace tardigrad

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::RoundRow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::AccessRow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::EvaluationRow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::LinkRow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::BusyRows)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::WaitRow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Begin)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::StartRound)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::LocalStepsDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Trained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::FragmentState)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Outgoing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::WaitOver)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Serve)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Leave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Served)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Departing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Arriving)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::TakeUp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Withdrawn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Unacknowledged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Retry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::GivenUp)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Enter)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::DropUnsent)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Transmitted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Dropped)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Interrupted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::TransferDue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::RateChange)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::PairRateChange)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Delivered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Proceed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Taken)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::NodesGone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::RoundEnded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Evaluate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Evaluated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::EvaluateBetween)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::EvaluatedBetween)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::ModelSnapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Finish)
