#include "actors/network/uplink_proxy.hpp"

#include <utility>

#include "actors/network/room_request.hpp"

namespace tardigrad {

namespace {

std::uint64_t wire_bytes(const std::variant<Outgoing, RoundEnded>& message) {
  std::uint64_t bytes = 0;
  if (const auto* outgoing = std::get_if<Outgoing>(&message)) {
    for (const TransferPtr& transfer : outgoing->transfers) bytes += wire_bytes(*transfer);
  }
  return bytes;
}

}  // namespace

UplinkProxy::UplinkProxy(caf::actor_config& config, NodeId node, Clock& clock, UplinkActor uplink)
    : UplinkEntry::base(config),
      node_(node),
      clock_(clock),
      uplink_(std::move(uplink)),
      events_(EntityId(EntityKind::uplink_proxy, node)) {
  if (const FarActor* far = FarActor::from(caf::actor_cast<caf::strong_actor_ptr>(uplink_)))
    flow_control_ = far->flow_control();
}

UplinkProxy::behavior_type UplinkProxy::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Outgoing& outgoing) {
        if (outgoing.flush) drop_waiting(outgoing.fragment);
        waiting_.emplace_back(outgoing);
        hand_on();
      },
      [this](const Proceed&) { hand_on(); },
      [this](const RoundEnded& ended) {
        waiting_.emplace_back(ended);
        hand_on();
      },
      // The part that made the uplink tells it.
      [this](const Finish&) { quit(); },
  };
}

void UplinkProxy::drop_waiting(FragmentId fragment) {
  for (auto& message : waiting_) {
    auto* outgoing = std::get_if<Outgoing>(&message);
    if (outgoing && outgoing->fragment == fragment) outgoing->transfers.clear();
  }
}

void UplinkProxy::hand_on() {
  for (ReservedRoom room; !waiting_.empty() && find_room(wire_bytes(waiting_.front()), room); waiting_.pop_front()) {
    std::visit([this](const auto& message) { clock_.schedule(message.at, events_.next(), uplink_, message); },
               waiting_.front());
  }
}

bool UplinkProxy::find_room(std::uint64_t bytes, ReservedRoom& room) {
  if (!flow_control_) return true;
  room = enter(*flow_control_, bytes, EntityId(EntityKind::uplink_proxy, node_), UplinkEntry(this), clock_);
  return room != nullptr;
}

void UplinkProxy::on_exit() {
  uplink_ = nullptr;
  waiting_.clear();
}

}  // namespace tardigrad
