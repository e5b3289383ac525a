#include <algorithm>
#include <utility>

#include "actors/access_link.hpp"
#include "actors/link.hpp"

namespace tardigrad {

Uplink::Uplink(caf::actor_config& config, NodeId node, BitsPerSecond rate, Time latency, Clock& clock,
               DownlinkDirectory downlinks, RecorderActor recorder)
    : UplinkActor::base(config),
      node_(node),
      latency_(latency),
      clock_(clock),
      downlinks_(std::move(downlinks)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::uplink, node)),
      server_(rate) {}

Uplink::behavior_type Uplink::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Outgoing& outgoing) { queue(outgoing); },
      [this](const Serve&) {
        serve_scheduled_ = false;
        serve();
      },
      [this](const Served& served) { finish_service(served.transfer); },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Finish&) {
        report_totals();
        quit();
      },
  };
}

void Uplink::queue(const Outgoing& outgoing) {
  if (outgoing.flush) flush(outgoing.fragment);
  for (const TransferPtr& transfer : outgoing.transfers) {
    total_.queued.add(*transfer);
    accepted_.push_back(transfer);
  }
  // The clock comes back to this instant when all fragments of the node have spoken: only then is
  // the order known in which to queue what they sent.
  if (serve_scheduled_) return;
  serve_scheduled_ = true;
  clock_.schedule(clock_.now(), events_.next(), this, Serve{});
}

void Uplink::flush(FragmentId fragment) {
  const auto of_fragment = [&](const TransferPtr& transfer) { return transfer->fragment == fragment; };
  const TransferPtr in_service = server_.busy() ? server_.current().item : nullptr;
  const Time unserved = server_.busy() ? server_.current().end - clock_.now() : Time{};
  for (const TransferPtr& gone : server_.withdraw(clock_.now(), of_fragment)) {
    total_.dropped.add(*gone);
    if (gone == in_service) send(link_to(gone->to), Withdrawn{gone, unserved});
  }
}

void Uplink::queue_accepted() {
  std::stable_sort(accepted_.begin(), accepted_.end(), [](const TransferPtr& a, const TransferPtr& b) {
    return std::tie(a->order, a->fragment) < std::tie(b->order, b->fragment);
  });
  for (TransferPtr& transfer : accepted_) {
    const Bytes size = transfer->size;
    server_.enqueue(std::move(transfer), size);
  }
  accepted_.clear();
}

void Uplink::serve() {
  if (!accepted_.empty()) queue_accepted();
  if (const auto* service = server_.start_next(clock_.now())) {
    send(link_to(service->item->to), Departing{service->item, service->begin, service->end});
    clock_.schedule(service->end, events_.next(), this, Served{service->item});
  }
}

void Uplink::finish_service(const TransferPtr& transfer) {
  if (!server_.busy() || server_.current().item != transfer) return;  // withdrawn meanwhile
  server_.complete();
  total_.sent.add(*transfer);
  serve();
}

void Uplink::report_round(Round round) {
  const Traffic sent = total_.sent.since(at_last_round_.sent);
  send(recorder_, AccessRow{node_, round, true, total_.queued.since(at_last_round_.queued).messages, sent.messages,
                            total_.dropped.since(at_last_round_.dropped).messages, sent.bytes});
  at_last_round_ = total_;
}

void Uplink::report_totals() {
  send(recorder_,
       LinkRow{LinkRow::Kind::uplink, node_, node_, server_.rate().value, total_.sent.messages, total_.sent.bytes,
               server_.busy_time(), server_.longest_queue(), total_.dropped.messages, total_.dropped.bytes});
  for (auto& [node, link] : links_) send(link, Finish{});
}

const LinkActor& Uplink::link_to(NodeId node) {
  LinkActor& link = links_[node];
  if (!link) link = home_system().spawn<Link>(node_, node, latency_, std::ref(clock_), (*downlinks_)[node], recorder_);
  return link;
}

void Uplink::on_exit() {
  links_.clear();
  downlinks_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
