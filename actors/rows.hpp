/// What a run reports about itself, on its way to the recorder and from there to the results. Rows know no actor.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "actors/protocols/mixing_count.hpp"
#include "models/learners/learner.hpp"
#include "netem/base/units.hpp"
#include "netem/link/delay_counts.hpp"
#include "netem/link/link_count.hpp"

namespace tardigrad {

/// One node's finished round: training from `begin` to `trained`, waiting until `end`. In an unfinished round
/// the times that have not come are `kNever`.
struct RoundRow {
  NodeId node = 0;
  Round round = 0;
  Time begin{};
  Time trained{};
  Time end{};
  double training_loss = 0;
  std::uint32_t steps = 0;  ///< local steps done
  MixingCount mixing{};
};

/// An entry of the timeline: the fate of a message at one place on its way.
struct Hop {
  enum class Place : std::uint8_t {
    uplink,         ///< one message at a time
    shared_uplink,  ///< several at once, under fair sharing
    pair,           ///< the dedicated link of an ordered pair
    downlink
  };
  enum class Fate : std::uint8_t {
    passed,
    under_way,  ///< at the end of the run
    cut,        ///< dropped at `end`, during its service
    dropped,    ///< dropped at `end`, before its service
    lost        ///< lost at `end`
  };

  Place place = Place::uplink;
  Fate fate = Fate::passed;
  NodeId peer = 0;  ///< the receiver; at a downlink the sender
  FragmentId fragment = 0;
  Round round = 0;  ///< of the message
  Bytes size = 0;
  std::uint64_t number = 0;  ///< of the message
  Time begin{};              ///< begin of its service, if that had begun
  Time end{};
};
/// Null for none.
using Hops = std::shared_ptr<const std::vector<Hop>>;

/// Stands for the round that the end of the run interrupts.
inline constexpr Round kUnfinishedRound = ~Round{0};

/// The traffic of an uplink or downlink during a node's round.
struct AccessRow {
  NodeId node = 0;
  Round round = 0;
  bool uplink = false;
  std::uint64_t queued = 0;   ///< uplink: messages accepted
  std::uint64_t passed = 0;   ///< uplink: transmitted; downlink: delivered
  std::uint64_t dropped = 0;  ///< uplink: flushed, or its node left
  Bytes passed_bytes = 0;
  Hops hops{};  ///< only with a timeline
};

/// `node` of the averaged model of all nodes that train.
inline constexpr NodeId kAveragedModel = ~NodeId{0};
/// `node` of the first server's model, in evaluations that the recorder passes on.
inline constexpr NodeId kServerModel = kAveragedModel - 1;

struct EvaluationRow {
  Time time{};
  NodeId node = 0;
  Round round = 0;  ///< number of finished rounds
  Evaluation result;
};

/// Totals of one access link or link at the end of a run.
struct LinkRow : LinkCount {
  enum class Kind : std::uint8_t { uplink, downlink, link };

  Kind kind = Kind::link;
  NodeId from = 0;
  NodeId to = 0;
  double rate = 0;  ///< bit/s at the start of the run; 0: no rate of its own
  /// Downlinks: of the messages delivered, from their fragment's sending on.
  DelayCounts delays{};
};

/// Fair sharing only, at the end of a run: the time for which traffic used the whole of this access link or
/// link. Only the fair switch knows this; others report the rows of the links.
struct BusyRow {
  LinkRow::Kind kind = LinkRow::Kind::link;
  NodeId from = 0;
  NodeId to = 0;
  Time busy{};
};
struct BusyRows {
  std::vector<BusyRow> rows;
};

/// At the end of a run: a fragment that was waiting, and the nodes whose messages it was waiting for.
struct WaitRow {
  NodeId node = 0;
  std::vector<NodeId> awaited;
};

}  // namespace tardigrad
