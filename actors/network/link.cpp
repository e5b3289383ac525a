#include "actors/network/link.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/message_fields.hpp"
#include "actors/network/room_request.hpp"

namespace tardigrad {

namespace {

const Foresight* foresight_of(const DownlinkActor& downlink, Sharing sharing) {
  if (sharing != Sharing::fair) return nullptr;
  return dynamic_cast<const Foresight*>(caf::actor_cast<caf::abstract_actor*>(downlink));
}

}  // namespace

Link::Link(caf::actor_config& config, NodeId from, NodeId to, const std::shared_ptr<const LinkModel>& model,
           const LinkSettings& settings, UplinkActor uplink, FlowControl* flow_control)
    : PassiveActor(config, settings.clock),
      from_(from),
      to_(to),
      downlink_((*settings.downlinks)[to]),
      far_downlink_(FarActor::from(caf::actor_cast<caf::strong_actor_ptr>(downlink_))),
      foresight_(foresight_of(downlink_, settings.network.sharing)),
      events_(EntityId(EntityKind::link, from, to)),
      rule_(model, settings.network.sharing == Sharing::serial, settings.seed, from, to),
      uplink_(std::move(uplink)),
      tells_losses_(settings.timeline),
      recorder_(settings.recorder) {
  if (model->rate) rate_ = model->rate->at(Time{}).value;
  if (rule_.applies_rate()) {
    own_rate_ = std::make_unique<OwnRate>(OwnRate{EventSource(EntityId(EntityKind::own_rate, from, to)), flow_control});
  }
}

void Link::receive(const caf::type_erased_tuple& message) {
  if (far_downlink_ && far_downlink_->is_lost()) rule_.sever();
  if (const auto* departing = as<Departing>(message)) {
    return rule_.depart(departing->transfer, departing->begin, departing->end, *this);
  }
  if (const auto* due = as<Wake>(message)) {
    return rule_.wake(static_cast<LinkWake>(due->why), due->transfer, due->at, *this);
  }
  if (const auto* withdrawn = as<Withdrawn>(message)) {
    return rule_.withdraw(withdrawn->transfer, withdrawn->unserved, withdrawn->at, *this);
  }
  if (const auto* order = as<DropUnsent>(message)) return drop_unsent(*order);
  if (const auto* given_up = as<GivenUp>(message)) return rule_.give_up(given_up->transfer, given_up->at, *this);
  if (const auto* now = as<Proceed>(message)) return rule_.proceed(now->at, *this);
  if (as<Finish>(message)) finish();
}

void Link::persist(ActorArchive& archive) {
  archive(events_, rule_);
  if (own_rate_) archive(own_rate_->events);
}

void Link::drop_unsent(const DropUnsent& order) {
  const auto concerned = [&](const TransferPtr& transfer) {
    return !order.fragment || transfer->fragment == *order.fragment;
  };
  rule_.drop_unsent(concerned, order.at, *this);
}

void Link::arrive(const TransferPtr& transfer, Time head, Time tail) {
  clock().schedule(head, events_.next(), downlink_, Arriving{transfer, tail, {}},
                   {transfer.get(), nullptr, foresight_});
}

void Link::cut_short(const TransferPtr& transfer, Time unserved, Time at) {
  clock().schedule(at, events_.next(), downlink_, Withdrawn{transfer, unserved, {}});
}

void Link::wake(Time at, LinkWake why, const TransferPtr& transfer) {
  EventSource& events = why == LinkWake::served ? own_rate_->events : events_;
  clock().schedule(at, events.next(), this, Wake{static_cast<std::uint8_t>(why), transfer, {}});
}

void Link::lost(const TransferPtr& transfer, Time now) {
  if (tells_losses_) caf::anon_send(uplink_, Lost{transfer, now});
}

void Link::retransmit(const TransferPtr& transfer, Time at) { caf::anon_send(uplink_, Unacknowledged{transfer, at}); }

std::optional<ReservedRoom> Link::room_for(const TransferPtr& transfer) {
  if (!own_rate_->flow_control) return ReservedRoom();
  const EntityId self(EntityKind::own_rate, from_, to_);
  // The uplink is told when there is room: a link that tells another, on one thread, could wait for itself.
  auto room = enter(*own_rate_->flow_control, wire_bytes(*transfer), self, uplink_, clock());
  return room ? std::optional(std::move(room)) : std::nullopt;
}

void Link::transmitted(const TransferPtr& transfer, Time begin, Time now) {
  caf::anon_send(uplink_, Transmitted{transfer, begin, now});
}

void Link::interrupted(const TransferPtr& transfer, Time begin, Time now) {
  caf::anon_send(uplink_, Interrupted{transfer, begin, now});
}

void Link::dropped(std::vector<DroppedMessage<TransferPtr>> messages, Time now) {
  caf::anon_send(uplink_, Dropped{std::move(messages), now});
}

void Link::report() {
  LinkRow row{rule_.count(clock().now())};
  row.from = from_;
  row.to = to_;
  row.rate = rate_;
  caf::anon_send(recorder_, row);
}

void Link::finish() {
  report();
  quit();
  uplink_ = nullptr;
  downlink_ = nullptr;
  far_downlink_ = nullptr;
  recorder_ = nullptr;
}

}  // namespace tardigrad
