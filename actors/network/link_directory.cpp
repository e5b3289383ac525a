#include "actors/network/link_directory.hpp"

#include <utility>

#include "actors/network/link.hpp"
#include "actors/search_by_node.hpp"

namespace tardigrad {

LinkDirectory::LinkDirectory(NodeId from, LinkSettings settings) : from_(from), settings_(std::move(settings)) {}

LinkDirectory::Entry& LinkDirectory::to(NodeId node, caf::actor_system& system, const UplinkActor& sender) {
  const std::size_t place = place_of(node);
  if (place == places_.size() || places_[place].to != node) {
    places_.insert(places_.begin() + static_cast<std::ptrdiff_t>(place), {node, &spawn(node, system, sender)});
  }
  return *places_[place].entry;
}

std::size_t LinkDirectory::place_of(NodeId node) const {
  return search_by_node(places_, node, settings_.network.access.size(), [](const Place& known) { return known.to; });
}

LinkDirectory::Entry& LinkDirectory::spawn(NodeId node, caf::actor_system& system, const UplinkActor& sender) {
  Entry& entry = entries_.emplace_back();
  const auto model = settings_.network.link(from_, node);
  FlowControl* flow_control = flow_control_to(node);
  entry.link = make_passive<LinkActor, Link>(system, from_, node, model, settings_, sender, flow_control);
  entry.applies_rate = model->rate && settings_.network.sharing == Sharing::serial;
  has_own_rates_ |= entry.applies_rate;
  if (!entry.applies_rate) entry.flow_control = flow_control;
  return entry;
}

FlowControl* LinkDirectory::flow_control_to(NodeId node) const {
  const FarActor* far = FarActor::from(caf::actor_cast<caf::strong_actor_ptr>((*settings_.downlinks)[node]));
  return far ? far->flow_control() : nullptr;
}

void LinkDirectory::persist(ActorArchive& archive, caf::actor_system& system, const UplinkActor& sender) {
  std::vector<NodeId> used;
  for (const Place& place : places_) used.push_back(place.to);
  archive(used);
  for (const NodeId node : used) {
    if (!is_node(node)) return archive.fields().fail();
    Entry& entry = to(node, system, sender);
    archive(entry.at_own_rate);
    archive.enter(entry.link);
  }
}

void LinkDirectory::finish(UplinkActor::base& sender) {
  for (const Place& place : places_) sender.send(place.entry->link, Finish{});
  places_.clear();
  entries_.clear();
  settings_.downlinks.reset();
  settings_.recorder = nullptr;
}

}  // namespace tardigrad
