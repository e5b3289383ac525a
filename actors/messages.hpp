/// The messages of the actors, and their typed interfaces. A wrong message does not compile. Everything here
/// stays within one process.
///
/// In most messages `at` is the time of the event that caused them. Actors use this time, never the time at
/// which they handle the message. Links and downlinks are passive: they handle a message on the sender's
/// thread, and answer through mailboxes and the clock. The most frequent message of an actor comes first in its
/// behaviour: CAF compares the types one after the other.
///
///     node --Start, Trained--> fragment --Outgoing--> uplink --Departing--> link --Arriving--> downlink
///     node <--FragmentState--  fragment <------------------------Delivered-----------------------'
///     node, uplink, downlink, link --rows--> recorder
///
/// Under fair sharing, uplinks hand their messages to the fair switch instead of transmitting them. The fair switch,
/// and the link of a pair with a rate of its own, report Transmitted or Dropped to the uplink.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/protocols/mixing_count.hpp"
#include "actors/rows.hpp"
#include "models/learners/learner.hpp"
#include "models/values.hpp"
#include "netem/base/units.hpp"
#include "netem/link/dropped_message.hpp"
#include "runtime/hosts/flow_control.hpp"

namespace tardigrad {

/// Flow-control credit of a message from another host. Destroying it returns the bytes to the sender's window.
using Credit = std::shared_ptr<void>;

/// One message of a protocol on its way from a fragment to the same fragment at another node.
struct Transfer {
  NodeId from = 0;
  NodeId to = 0;
  FragmentId fragment = 0;
  std::uint8_t kind = 0;
  Round round = 0;
  /// The size as encoded, header included, that the links are charged.
  Bytes size = 0;
  /// The number of the message among its fragment's messages: identifies it everywhere.
  std::uint64_t number = 0;
  /// Among messages that a node queues at one instant, lower goes first.
  std::uint64_t order = 0;
  SharedValues values;
  SharedBytes encoded;
  Time sent{};  ///< queued by its fragment
};

inline bool is_same(const Transfer& a, const Transfer& b) {
  return a.number == b.number && a.from == b.from && a.fragment == b.fragment;
}

/// Immutable once sent. Its address identifies it at its sender.
using TransferPtr = std::shared_ptr<const Transfer>;

// ---- messages -----------------------------------------------------------------------------------

/// To nodes and the recorder: the run begins. From a node to its fragments: a part of the initial model.
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
/// Node to fragment: the fragment's values after the local steps.
struct Trained {
  Round round = 0;
  SharedValues values;
  std::uint32_t steps = 0;
  double learning_rates = 0;  ///< of these steps, summed
  Time at{};
};
/// Fragment to node: new values, if there are any, whether the next round may use them, and what is asked of it then.
struct FragmentState {
  FragmentId fragment = 0;
  SharedValues values;
  bool starts_round = false;
  LocalWork work{};
  MixingCount mixing{};
  Time at{};
};
/// Fragment to its node's uplink: queue these messages, after dropping unsent ones if `flush`. Each fragment
/// sends one of these after its training, even if it is empty.
struct Outgoing {
  FragmentId fragment = 0;
  bool after_training = false;
  bool flush = false;
  std::vector<TransferPtr> transfers;
  Time at{};
};
/// Clock to fragment: its protocol has waited long enough.
struct WaitOver {
  std::uint64_t wait = 0;  ///< the number of the wait
  Time at{};
};
/// To an uplink: its node is gone with its host.
struct Leave {
  Time at{};
};
/// Clock to uplink, link or downlink: the moment for which its rule has asked.
struct Wake {
  std::uint8_t why = 0;  ///< defined by the rule
  TransferPtr transfer;
  Time at{};
};
/// Uplink to link: the first byte leaves at `begin`, the last at `end`.
struct Departing {
  TransferPtr transfer;
  Time begin{};
  Time end{};
};
/// Link (through the clock) to downlink: the head has arrived; the tail arrives at `tail`.
struct Arriving {
  TransferPtr transfer;
  Time tail{};
  Time at{};
  Credit credit{};
};
/// Uplink to link (through the clock to one with a rate of its own), and through the clock to downlink: the message was
/// dropped during its transmission and will not arrive. The downlink is told when the last of the transmitted bytes
/// arrive.
struct Withdrawn {
  TransferPtr transfer;
  Time unserved{};  ///< the rest of its transmission
  Time at{};
};
/// Link to uplink, for a timeline: the last byte of a message that is lost has left the sender.
struct Lost {
  TransferPtr transfer;
  Time at{};
};
/// Link to uplink: lost; to be transmitted again at `retry`.
struct Unacknowledged {
  TransferPtr transfer;
  Time retry{};
};
/// Uplink to link: the message will not be transmitted again.
struct GivenUp {
  TransferPtr transfer;
  Time at{};
};
/// Uplink to fair switch: transmit these messages.
struct Enter {
  std::vector<TransferPtr> transfers;
  Time at{};
};
/// Uplink to link (through the clock) or fair switch: drop the messages of this fragment (of all, if none is named)
/// that are not transmitted yet.
struct DropUnsent {
  NodeId node = 0;
  std::optional<FragmentId> fragment;
  Time at{};
};
/// Link or fair switch to uplink: the last byte has left.
struct Transmitted {
  TransferPtr transfer;
  Time begin{};
  Time at{};
};
/// Link or fair switch to uplink: the messages were dropped by a flush.
struct Dropped {
  std::vector<DroppedMessage<TransferPtr>> messages;
  Time at{};
};
/// Link to uplink, which has withdrawn the message: it was being transmitted at the own rate as well.
struct Interrupted {
  TransferPtr transfer;
  Time begin{};
  Time at{};
};
/// Clock to fair switch: a transfer may be complete.
struct TransferDue {
  Time at{};
};
/// Clock to fair switch: the rate of an uplink or downlink changes.
struct RateChange {
  NodeId node = 0;
  bool uplink = false;
  Time at{};
};
/// Clock to fair switch: the rate of a pair's dedicated link changes.
struct PairRateChange {
  NodeId from = 0;
  NodeId to = 0;
  Time at{};
};
/// Downlink to fragment: a message has arrived.
struct Delivered {
  TransferPtr transfer;
  Time at{};
  Credit credit{};  ///< if nothing in between has kept the message
};
/// To an uplink or its proxy that had to wait, and from the uplink to links: there may be room on the way to another
/// part again.
struct Proceed {
  Time at{};
};
/// To the recorder, behind messages from another part: releases their credit when they have been handled.
struct Taken {
  Credit credit;
};
/// To the recorder: these nodes are gone for good.
struct NodesGone {
  std::vector<NodeId> nodes;
};
/// Node to its access links: a round is over, report its traffic to the recorder.
struct RoundEnded {
  Round round = 0;
  Time at{};
};
/// Recorder, ahead of time and through the clock, to node: evaluate the present model at `time`.
struct Evaluate {
  Time time{};
};
/// Clock to node, clock to recorder: the evaluation is computed.
struct Evaluated {
  Time time{};
};
/// Recorder, ahead of time and through the clock, to node: evaluate also the models at the moments between
/// these two evaluations, if they are two, and release them.
struct EvaluateBetween {
  Time after{};
  Time before{};
  Time at{};
};
/// Clock to node: these evaluations are computed.
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
/// The interface of an uplink for its users.
using UplinkEntry = caf::typed_actor<caf::reacts_to<Outgoing>, caf::reacts_to<Proceed>, caf::reacts_to<RoundEnded>,
                                     caf::reacts_to<Finish>>;
using UplinkActor = caf::typed_actor<caf::reacts_to<Outgoing>, caf::reacts_to<Wake>, caf::reacts_to<Transmitted>,
                                     caf::reacts_to<Dropped>, caf::reacts_to<Unacknowledged>, caf::reacts_to<Proceed>,
                                     caf::reacts_to<Leave>, caf::reacts_to<RoundEnded>, caf::reacts_to<Interrupted>,
                                     caf::reacts_to<Lost>, caf::reacts_to<Finish>>;
using FairSwitchActor = caf::typed_actor<caf::reacts_to<Begin>, caf::reacts_to<Enter>, caf::reacts_to<DropUnsent>,
                                         caf::reacts_to<TransferDue>, caf::reacts_to<RateChange>,
                                         caf::reacts_to<PairRateChange>, caf::reacts_to<Finish>>;
using LinkActor = caf::typed_actor<caf::reacts_to<Departing>, caf::reacts_to<Wake>, caf::reacts_to<Withdrawn>,
                                   caf::reacts_to<DropUnsent>, caf::reacts_to<GivenUp>, caf::reacts_to<Proceed>,
                                   caf::reacts_to<Finish>>;
using DownlinkActor = caf::typed_actor<caf::reacts_to<Arriving>, caf::reacts_to<Wake>, caf::reacts_to<Withdrawn>,
                                       caf::reacts_to<RoundEnded>, caf::reacts_to<Finish>>;

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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Leave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Wake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Departing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Arriving)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Withdrawn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::Unacknowledged)
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
