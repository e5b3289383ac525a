#include <utility>

#include "actors/access_link.hpp"
#include "runtime/prefetch.hpp"

namespace tardigrad {

Downlink::Downlink(caf::actor_config& config, NodeId node, BitsPerSecond rate, Clock& clock,
                   std::shared_ptr<const std::vector<FragmentActor>> fragments, RecorderActor recorder)
    : DownlinkActor::base(config),
      node_(node),
      clock_(clock),
      fragments_(std::move(fragments)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::downlink, node)),
      server_(rate) {}

Downlink::behavior_type Downlink::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Arriving& arriving) { announce(arriving); },
      [this](const TakeUp& now) { take_up(now.transfer, now.at); },
      [this](const Withdrawn& withdrawn) { withdraw(withdrawn); },
      [this](const Served& served) { finish_service(served); },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Finish&) {
        report_totals();
        quit();
      },
  };
}

void Downlink::announce(const Arriving& arriving) {
  const TransferPtr& transfer = arriving.transfer;
  const Time at = take_up_time(arriving.at, arriving.tail, transfer->size, server_.profile());
  if (at <= arriving.at) {
    take_up(transfer, arriving.at);
  } else {
    clock_.schedule(at, events_.next(), this, TakeUp{transfer, {}});
  }
}

void Downlink::take_up(const TransferPtr& transfer, Time now) {
  if (!forgotten_.empty() && forgotten_.erase(transfer) > 0) return;
  server_.enqueue(transfer, transfer->size);
  serve(now);
}

void Downlink::withdraw(const Withdrawn& withdrawn) {
  const TransferPtr& transfer = withdrawn.transfer;
  withdrawn_.add(*transfer);
  if (!forgotten_.empty() && forgotten_.erase(transfer) > 0) return;
  const auto is_it = [&](const TransferPtr& other) { return other == transfer; };
  if (server_.withdraw(withdrawn.at, is_it).empty()) {
    forgotten_.insert(transfer);
  } else {
    serve(withdrawn.at);
  }
}

void Downlink::serve(Time now) {
  if (const auto* service = server_.start_next(now)) {
    clock_.schedule(service->end, events_.next(), this, Served{service->item, {}});
  }
}

void Downlink::finish_service(const Served& served) {
  const TransferPtr& transfer = served.transfer;
  if (!server_.busy() || server_.current().item != transfer) return;  // withdrawn meanwhile
  const FragmentActor& fragment = (*fragments_)[transfer->fragment];
  prefetch_actor(fragment);
  server_.complete();
  serve(served.at);
  if (transfer->fate.decide()) {
    received_.add(*transfer);
    send(fragment, Delivered{transfer, served.at});
  } else {
    forgotten_.insert(transfer);
  }
}

void Downlink::report_round(Round round) {
  const Traffic received = received_.since(received_at_last_round_);
  send(recorder_, AccessRow{node_, round, false, 0, received.messages, 0, received.bytes});
  received_at_last_round_ = received_;
}

void Downlink::report_totals() {
  send(recorder_,
       LinkRow{LinkRow::Kind::downlink, node_, node_, server_.rate().value, received_.messages, received_.bytes,
               server_.busy_time(), server_.longest_queue(), withdrawn_.messages, withdrawn_.bytes});
}

void Downlink::on_exit() {
  fragments_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
