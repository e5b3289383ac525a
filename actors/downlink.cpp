#include "actors/downlink.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

Downlink::Downlink(caf::actor_config& config, const Settings& settings, Clock& clock,
                   std::shared_ptr<const std::vector<FragmentActor>> fragments, RecorderActor recorder)
    : DownlinkActor::base(config),
      absence_(settings.absence),
      clock_(clock),
      fragments_(std::move(fragments)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::downlink, settings.node)),
      absence_events_(EntityId(EntityKind::absence, settings.node, 1)),
      server_(settings.rate) {
  total_.kind = LinkRow::Kind::downlink;
  total_.from = total_.to = settings.node;
  total_.rate = settings.reported;
}

Downlink::behavior_type Downlink::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  schedule_leaving(Time{});
  return {
      [this](const Arriving& arriving) {
        credit_ = arriving.credit;
        announce(arriving);
        credit_.reset();  // what stays here, the emulated network holds up
      },
      [this](const Served& served) { finish_service(served); },
      [this](const TakeUp& due) {
        const auto own = std::find(announced_.begin(), announced_.end(), due.transfer);
        if (own == announced_.end()) return;  // withdrawn meanwhile, or the node has left
        announced_.erase(own);
        take_up(due.transfer, due.tail, due.at);
      },
      [this](const Withdrawn& withdrawn) { withdraw(withdrawn); },
      [this](const Leave& leaving) { leave(leaving.at); },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Finish&) {
        report_totals();
        quit();
      },
  };
}

void Downlink::announce(const Arriving& arriving) {
  const TransferPtr& transfer = arriving.transfer;
  total_.accepted.add(*transfer);
  if (absence_.away_at(arriving.at)) {
    drop_for_absence(transfer);
    return;
  }
  const Time at = take_up_time(arriving.at, arriving.tail, transfer->size, server_.profile());
  if (at <= arriving.at) return take_up(transfer, arriving.tail, arriving.at);
  announced_.push_back(transfer);
  clock_.schedule(at, events_.next(), this, TakeUp{transfer, arriving.tail, {}});
}

void Downlink::take_up(const TransferPtr& transfer, Time tail, Time now) {
  server_.enqueue(transfer, transfer->size, tail);
  serve(now);
}

void Downlink::withdraw(const Withdrawn& withdrawn) {
  // What it speaks of may have been dropped already, because the node has left.
  const auto is_it = [&](const TransferPtr& other) { return is_same(*other, *withdrawn.transfer); };
  const auto own = std::find_if(announced_.begin(), announced_.end(), is_it);
  if (own != announced_.end()) {
    announced_.erase(own);
    total_.dropped.add(*withdrawn.transfer);
  } else if (!server_.withdraw(withdrawn.at, is_it).empty()) {
    total_.dropped.add(*withdrawn.transfer);
    serve(withdrawn.at);
  }
}

void Downlink::serve(Time now) {
  while (const auto* service = server_.start_next(now)) {
    if (service->end <= now) {
      deliver(server_.complete().item, now);
      continue;
    }
    const Transfer* transfer = service->item.get();
    clock_.schedule(service->end, events_.next(), this, Served{service->item, {}},
                    {control_block((*fragments_)[transfer->fragment]), transfer});
  }
}

void Downlink::finish_service(const Served& served) {
  const TransferPtr& transfer = served.transfer;
  if (!server_.busy() || server_.current().item != transfer) return;  // withdrawn meanwhile
  server_.complete();
  serve(served.at);
  deliver(transfer, served.at);
}

void Downlink::deliver(const TransferPtr& transfer, Time now) {
  total_.passed.add(*transfer);
  send((*fragments_)[transfer->fragment], Delivered{transfer, now, credit_});
}

void Downlink::leave(Time now) {
  auto gone = server_.withdraw(now, [](const TransferPtr&) { return true; });
  gone.insert(gone.end(), announced_.begin(), announced_.end());
  announced_.clear();
  for (const TransferPtr& transfer : gone) drop_for_absence(transfer);
  schedule_leaving(now);
}

void Downlink::drop_for_absence(const TransferPtr& transfer) {
  total_.dropped.add(*transfer);
  total_.absent.add(*transfer);
}

void Downlink::schedule_leaving(Time now) {
  const Time leaving = absence_.next_leaving(now);
  if (leaving != kNever) clock_.schedule(leaving, absence_events_.next(), this, Leave{});
}

void Downlink::report_round(Round round) {
  const Traffic received = total_.passed.since(received_at_last_round_);
  send(recorder_, AccessRow{total_.from, round, false, 0, received.messages, 0, received.bytes});
  received_at_last_round_ = total_.passed;
}

void Downlink::report_totals() {
  const auto [messages, bytes] = server_.present();
  total_.under_way = {messages, bytes};
  for (const TransferPtr& transfer : announced_) total_.under_way.add(*transfer);
  total_.busy = server_.busy_time();
  total_.longest_queue = server_.longest_queue();
  send(recorder_, total_);
}

void Downlink::on_exit() {
  fragments_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
