#include "actors/network/downlink.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <utility>

#include "actors/learning/fragment.hpp"
#include "actors/message_fields.hpp"

namespace tardigrad {

Downlink::Downlink(caf::actor_config& config, const Settings& settings, Clock& clock,
                   std::shared_ptr<const FragmentActor[]> fragments, RecorderActor recorder)
    : PassiveActor(config, clock),
      absence_(settings.absence),
      fragments_(std::move(fragments)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::downlink, settings.node)),
      absence_events_(EntityId(EntityKind::absence, settings.node, 1)),
      server_(settings.rate),
      log_(settings.timeline, Hop::Place::downlink) {
  total_.kind = LinkRow::Kind::downlink;
  total_.from = total_.to = settings.node;
  total_.rate = settings.reported;
  schedule_leaving(Time{});
}

void Downlink::receive(const caf::type_erased_tuple& message) {
  if (const auto* served = as<Served>(message)) return finish_service(*served);
  if (const auto* arriving = as<Arriving>(message)) return announce(*arriving);
  if (const auto* due = as<TakeUp>(message)) return take_up(*due);
  if (const auto* withdrawn = as<Withdrawn>(message)) return withdraw(*withdrawn);
  if (const auto* ended = as<RoundEnded>(message)) return report_round(ended->round);
  if (const auto* leaving = as<Leave>(message)) return leave(leaving->at);
  if (as<Finish>(message)) finish();
}

void Downlink::persist(ActorArchive& archive) {
  archive(events_, absence_events_, server_, announced_, total_, received_at_last_round_);
}

void Downlink::announce(const Arriving& arriving) {
  const TransferPtr& transfer = arriving.transfer;
  total_.accepted.add(transfer->size);
  if (absence_.away_at(arriving.at)) {
    log_.dropped(*transfer, arriving.at);
    drop_for_absence(transfer);
    return;
  }
  const Time at = take_up_time(arriving.at, arriving.tail, transfer->size, server_.profile());
  if (at <= arriving.at) {
    credit_ = arriving.credit;
    take_up(transfer, arriving.tail, arriving.at);
    credit_.reset();
    return;
  }
  // The emulated network holds up messages that stay here.
  announced_.push_back(transfer);
  clock().schedule(at, events_.next(), this, TakeUp{transfer, arriving.tail, {}});
}

void Downlink::take_up(const TakeUp& due) {
  const auto own = std::find(announced_.begin(), announced_.end(), due.transfer);
  if (own == announced_.end()) return;  // withdrawn meanwhile, or the node has left
  announced_.erase(own);
  take_up(due.transfer, due.tail, due.at);
}

void Downlink::take_up(const TransferPtr& transfer, Time tail, Time now) {
  server_.enqueue(transfer, transfer->size, tail);
  serve(now);
}

void Downlink::withdraw(const Withdrawn& withdrawn) {
  // The message may have been dropped already, because the node has left.
  const auto is_it = [&](const TransferPtr& other) { return is_same(*other, *withdrawn.transfer); };
  for (const TransferPtr& transfer : take_out(withdrawn.at, is_it)) total_.dropped.add(transfer->size);
  serve(withdrawn.at);
}

template <class Condition>
std::vector<TransferPtr> Downlink::take_out(Time now, const Condition& condition) {
  std::vector<TransferPtr> gone;
  for (auto& [transfer, cut] : server_.withdraw(now, condition)) {
    cut ? log_.cut(Hop::Place::downlink, *transfer, cut->begin, now) : log_.dropped(*transfer, now);
    gone.push_back(std::move(transfer));
  }
  const auto kept = std::stable_partition(announced_.begin(), announced_.end(),
                                          [&](const TransferPtr& transfer) { return !condition(transfer); });
  for (auto transfer = kept; transfer != announced_.end(); ++transfer) {
    log_.dropped(**transfer, now);
    gone.push_back(std::move(*transfer));
  }
  announced_.erase(kept, announced_.end());
  return gone;
}

void Downlink::serve(Time now) {
  while (const auto* service = server_.start_next(now)) {
    if (service->end <= now) {
      deliver(server_.complete(), now);
      continue;
    }
    clock().schedule(service->end, events_.next(), this, Served{service->item, {}},
                     {service->item.get(), nullptr, this});
  }
}

const void* Downlink::clue(const void* transfer) const {
  return fragments_.get() + static_cast<const Transfer*>(transfer)->fragment;
}

caf::actor_control_block* Downlink::receiver(const void* place_of_fragment) const {
  return control_block(*static_cast<const FragmentActor*>(place_of_fragment));
}

const void* Downlink::beyond(const caf::abstract_actor& fragment) const {
  return static_cast<const Fragment&>(fragment).protocol();
}

void Downlink::finish_service(const Served& served) {
  const TransferPtr& transfer = served.transfer;
  if (!server_.busy() || server_.current().item != transfer) return;  // withdrawn meanwhile
  const auto service = server_.complete();
  serve(served.at);
  deliver(service, served.at);
}

void Downlink::deliver(const SerialServer<TransferPtr>::Service& service, Time now) {
  const TransferPtr& transfer = service.item;
  total_.passed.add(transfer->size);
  log_.passed(Hop::Place::downlink, *transfer, service.begin, service.end);
  caf::anon_send(fragments_[transfer->fragment], Delivered{transfer, now, credit_});
}

void Downlink::leave(Time now) {
  for (const TransferPtr& transfer : take_out(now, [](const TransferPtr&) { return true; })) {
    drop_for_absence(transfer);
  }
  schedule_leaving(now);
}

void Downlink::drop_for_absence(const TransferPtr& transfer) {
  total_.dropped.add(transfer->size);
  total_.absent.add(transfer->size);
}

void Downlink::schedule_leaving(Time now) {
  const Time leaving = absence_.next_leaving(now);
  if (leaving != kNever) clock().schedule(leaving, absence_events_.next(), this, Leave{});
}

void Downlink::report_round(Round round) {
  const Traffic received = total_.passed.since(received_at_last_round_);
  caf::anon_send(recorder_, AccessRow{total_.from, round, false, 0, received.messages, 0, received.bytes, log_.take()});
  received_at_last_round_ = total_.passed;
}

void Downlink::report_totals() {
  if (server_.busy()) log_.under_way(*server_.current().item, server_.current().begin);
  const auto [messages, bytes] = server_.present();
  total_.under_way = {messages, bytes};
  for (const TransferPtr& transfer : announced_) total_.under_way.add(transfer->size);
  total_.busy = server_.busy_time();
  total_.longest_queue = server_.longest_queue();
  caf::anon_send(recorder_, total_);
}

void Downlink::finish() {
  report_totals();
  report_round(kUnfinishedRound);
  quit();
  fragments_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
