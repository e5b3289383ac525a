#include "actors/network/link.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "actors/message_fields.hpp"

namespace tardigrad {

namespace {

const Foresight* foresight_of(const DownlinkActor& downlink, Sharing sharing) {
  if (sharing != Sharing::fair) return nullptr;
  return dynamic_cast<const Foresight*>(caf::actor_cast<caf::abstract_actor*>(downlink));
}

}  // namespace

Link::Link(caf::actor_config& config, NodeId from, NodeId to, const std::shared_ptr<const LinkModel>& model,
           const LinkSettings& settings, UplinkActor uplink)
    : PassiveActor(config, settings.clock),
      downlink_((*settings.downlinks)[to]),
      far_downlink_(FarActor::from(caf::actor_cast<caf::strong_actor_ptr>(downlink_))),
      foresight_(foresight_of(downlink_, settings.network.sharing)),
      events_(EntityId(EntityKind::link, from, to)),
      latency_(std::shared_ptr<const Latency>(model, &model->latency), settings.seed, from, to),
      timeout_(model->loss.timeout),
      uplink_(std::move(uplink)),
      tells_losses_(settings.timeline),
      recorder_(settings.recorder) {
  if (model->loss.loses()) losses_ = std::make_unique<Losses>(Losses{PairLoss(model->loss, settings.seed, from, to)});
  total_.from = from;
  total_.to = to;
  // Under serial sharing the pair server reports this rate.
  if (model->rate && settings.network.sharing == Sharing::fair) total_.rate = model->rate->at(Time{}).value;
}

void Link::receive(const caf::type_erased_tuple& message) {
  if (const auto* departing = as<Departing>(message)) return depart(*departing);
  if (const auto* withdrawn = as<Withdrawn>(message)) return withdraw(*withdrawn);
  if (const auto* lost = as<Lost>(message)) return lose(lost->transfer, lost->at);
  if (const auto* given_up = as<GivenUp>(message)) return give_up(given_up->transfer, given_up->at);
  if (as<Finish>(message)) finish();
}

void Link::Waiting::persist(StateArchive& archive) {
  archive(transfer, transmissions_left, arrives, sending, through, begin, end);
}

void Link::persist(ActorArchive& archive) {
  archive(events_, latency_, passing_, last_.size, last_.begin, last_.head, total_);
  if (losses_) archive(losses_->draws, losses_->waiting);
}

void Link::depart(const Departing& departing) {
  total_.accepted.add(*departing.transfer);
  total_.busy += departing.end - departing.begin;
  settle(departing.begin);
  if (losses_) return transmit(*losses_, departing);
  pass(departing.transfer, departing.begin, departing.end);
}

void Link::transmit(Losses& losses, const Departing& departing) {
  const auto& [transfer, begin, end, room] = departing;
  Waiting* own = find(transfer);
  if (own == nullptr) {
    const Passage passage = losses.draws.next();
    if (losses.waiting.empty() && passage.transmissions == 1 && passage.arrives) return pass(transfer, begin, end);
    own = &losses.waiting.emplace_back(Waiting{transfer, passage.transmissions, passage.arrives});
  }
  --own->transmissions_left;
  own->sending = true;
  if (own->transmissions_left > 0 || !own->arrives) {
    clock().schedule(end, events_.next(), this, Lost{transfer, {}});
    return;
  }
  own->through = true;
  own->begin = begin;
  own->end = end;
  let_pass(losses, begin);
}

void Link::pass(TransferPtr transfer, Time begin, Time end) {
  if (far_downlink_ && far_downlink_->is_lost()) {
    total_.dropped.add(*transfer);
    total_.absent.add(*transfer);
    return;
  }
  const Arrival arrival = latency_.pass(begin, end);
  if (last_.size > 0) passing_.push_back({last_.size, last_.head});
  last_ = {transfer->size, begin, arrival.head};
  const Transfer* content = transfer.get();
  clock().schedule(arrival.head, events_.next(), downlink_, Arriving{std::move(transfer), arrival.tail, {}},
                   {content, nullptr, foresight_});
}

void Link::let_pass(Losses& losses, Time now) {
  auto first = losses.waiting.begin();
  for (; first != losses.waiting.end() && first->through; ++first) {
    const Time begin = std::max(first->begin, now);
    pass(std::move(first->transfer), begin, begin + (first->end - first->begin));
  }
  losses.waiting.erase(losses.waiting.begin(), first);
}

void Link::lose(const TransferPtr& transfer, Time now) {
  Waiting* own = find(transfer);
  if (own == nullptr) return;  // withdrawn meanwhile
  total_.lost.add(*transfer);
  if (tells_losses_) caf::anon_send(uplink_, Lost{transfer, now});
  own->sending = false;
  if (own->transmissions_left > 0) {
    caf::anon_send(uplink_, Unacknowledged{transfer, now + timeout_});
    return;
  }
  give_up(transfer, now);
}

void Link::withdraw(const Withdrawn& withdrawn) {
  const TransferPtr& transfer = withdrawn.transfer;
  settle(withdrawn.at);
  total_.busy -= withdrawn.unserved;
  if (find(transfer) != nullptr) {
    total_.dropped.add(*transfer);
    give_up(transfer, withdrawn.at);
    return;
  }
  latency_.cut(withdrawn.unserved);
  // Only the last message can be affected: the sender transmits one after the other.
  const Time end = last_.head + (std::max(withdrawn.at, last_.begin) - last_.begin);
  clock().schedule(end, events_.next(), downlink_, Withdrawn{transfer, withdrawn.unserved, {}});
}

void Link::give_up(const TransferPtr& transfer, Time now) {
  const Waiting* own = find(transfer);
  if (own == nullptr) return;
  losses_->waiting.erase(losses_->waiting.begin() + (own - losses_->waiting.data()));
  let_pass(*losses_, now);
}

Link::Waiting* Link::find(const TransferPtr& transfer) {
  if (!losses_) return nullptr;
  for (Waiting& waiting : losses_->waiting) {
    if (waiting.transfer == transfer) return &waiting;
  }
  return nullptr;
}

void Link::settle(Time now) {
  if (!passing_.empty()) {
    const auto under_way = std::partition_point(passing_.begin(), passing_.end(),
                                                [&](const Passing& passing) { return passing.head <= now; });
    for (auto passed = passing_.begin(); passed != under_way; ++passed) total_.passed.add(passed->size);
    passing_.erase(passing_.begin(), under_way);
  }
  if (last_.size == 0 || last_.head > now) return;
  total_.passed.add(last_.size);
  last_.size = 0;
}

void Link::report() {
  settle(clock().now());
  for (const Passing& passing : passing_) total_.under_way.add(passing.size);
  if (last_.size > 0) total_.under_way.add(last_.size);
  if (losses_) {
    for (const Waiting& waiting : losses_->waiting) {
      if (waiting.sending) total_.under_way.add(*waiting.transfer);
    }
  }
  caf::anon_send(recorder_, total_);
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
