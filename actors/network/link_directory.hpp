/// The links of one sender, by receiver.
#pragma once

#include <caf/actor_system.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "actors/actor_archive.hpp"
#include "actors/messages.hpp"
#include "netem/emulated_network.hpp"
#include "runtime/clock/clock.hpp"

namespace tardigrad {

/// Every node's downlink. Filled in before the first message, never changed after.
using DownlinkDirectory = std::shared_ptr<const std::vector<DownlinkActor>>;

/// Settings that the links of a run share.
struct LinkSettings {
  const EmulatedNetwork& network;
  std::uint64_t seed = 0;
  Clock& clock;
  DownlinkDirectory downlinks;
  RecorderActor recorder;
  bool has_flow_control = false;  ///< true if messages to other parts wait for room
  bool timeline = false;          ///< true if uplinks report every message to the recorder, and are told of losses
};

/// Spawns links at their first use: most pairs of a large complete graph never exchange a message.
class LinkDirectory {
 public:
  struct Entry {
    LinkActor link;
    bool applies_rate = false;            ///< true if the pair has a rate of its own, and sharing is serial
    std::uint64_t at_own_rate = 0;        ///< number of messages handed over to the own rate and not transmitted yet
    FlowControl* flow_control = nullptr;  ///< the room for which messages on this link wait at the uplink
  };

  struct Place {
    NodeId to = 0;
    Entry* entry = nullptr;
  };

  LinkDirectory(NodeId from, LinkSettings settings);

  /// `sender` is the uplink to which this directory belongs. Valid as long as the directory.
  Entry& to(NodeId node, caf::actor_system& system, const UplinkActor& sender);
  /// True if links can lead there.
  bool is_node(NodeId node) const { return node < settings_.downlinks->size(); }
  const std::vector<Place>& all() const { return places_; }
  bool has_flow_control() const { return settings_.has_flow_control; }
  /// True if any link used so far applies a rate of its own.
  bool has_own_rates() const { return has_own_rates_; }
  /// Tells all links to report and quit.
  void finish(UplinkActor::base& sender);
  /// Includes the state of the links.
  void persist(ActorArchive& archive, caf::actor_system& system, const UplinkActor& sender);

 private:
  /// The index of the node among the places, or the index at which it belongs.
  std::size_t place_of(NodeId node) const;
  Entry& spawn(NodeId node, caf::actor_system& system, const UplinkActor& sender);
  FlowControl* flow_control_to(NodeId node) const;

  NodeId from_;
  LinkSettings settings_;
  std::vector<Place> places_;  ///< links used so far, by receiver
  std::deque<Entry> entries_;  ///< in order of their first use
  bool has_own_rates_ = false;
};

}  // namespace tardigrad
