/// The links of one sender, by receiver.
#pragma once

#include <caf/actor_system.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "actors/messages.hpp"
#include "actors/stage_archive.hpp"
#include "netem/emulated_network.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// Where every node's downlink is. Filled in before the first message, never changed after.
using DownlinkDirectory = std::shared_ptr<const std::vector<DownlinkActor>>;

/// What the links of a run share.
struct LinkSettings {
  const EmulatedNetwork& network;
  std::uint64_t seed = 0;
  Clock& clock;
  DownlinkDirectory downlinks;
  RecorderActor recorder;
  bool has_lanes = false;  ///< messages to other parts wait for room
  bool timeline = false;   ///< uplinks tell the recorder of every message, and are told which are lost
};

/// Spawns links when they are first used: most pairs of a large complete graph never talk.
class LinkDirectory {
 public:
  struct Entry {
    LinkActor link;
    PairServerActor pair_server;       ///< null unless the pair has a rate of its own and sharing is serial
    std::uint64_t at_pair_server = 0;  ///< messages handed over to it and not transmitted yet
    Lane* lane = nullptr;              ///< what messages to it wait for before they set out
  };

  struct Place {
    NodeId to = 0;
    Entry* entry = nullptr;
  };

  LinkDirectory(NodeId from, LinkSettings settings);

  /// `sender` is the uplink that this belongs to. Valid as long as this.
  Entry& to(NodeId node, caf::actor_system& system, const UplinkActor& sender);
  /// Whether there is a link to it, so far.
  bool has(NodeId node) const;
  const std::vector<Place>& all() const { return places_; }
  bool has_lanes() const { return settings_.has_lanes; }
  /// Whether there is one among those used so far.
  bool has_pair_servers() const { return has_pair_servers_; }
  /// Has all links report and quit.
  void finish(UplinkActor::base& sender);
  /// With the links themselves.
  void persist(StageArchive& archive, caf::actor_system& system, const UplinkActor& sender);

 private:
  /// Where it is or belongs among the places.
  std::size_t place_of(NodeId node) const;
  Entry& spawn(NodeId node, caf::actor_system& system, const UplinkActor& sender);
  Lane* lane_to(NodeId node) const;

  NodeId from_;
  LinkSettings settings_;
  std::vector<Place> places_;  ///< of those used so far, by receiver
  std::deque<Entry> entries_;  ///< as they were used first
  bool has_pair_servers_ = false;
};

}  // namespace tardigrad
