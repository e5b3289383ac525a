#include <algorithm>
#include <utility>

#include "actors/access_link.hpp"
#include "actors/link.hpp"
#include "runtime/prefetch.hpp"

namespace tardigrad {

Uplink::Uplink(caf::actor_config& config, NodeId node, FragmentId fragments, BitsPerSecond rate, Time latency,
               Clock& clock, DownlinkDirectory downlinks, RecorderActor recorder)
    : UplinkActor::base(config),
      node_(node),
      fragments_(fragments),
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
      [this](const Serve& now) {
        serve_scheduled_ = false;
        serve(now.at);
      },
      [this](const Served& served) { finish_service(served); },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Finish&) {
        report_totals();
        quit();
      },
  };
}

void Uplink::queue(const Outgoing& outgoing) {
  if (outgoing.flush) flush(outgoing.fragment, outgoing.at);
  for (const TransferPtr& transfer : outgoing.transfers) {
    total_.queued.add(*transfer);
    accepted_.push_back(transfer);
  }
  serve_wanted_ |= outgoing.flush || !outgoing.transfers.empty();
  // Only when all fragments of the node have spoken is the order known in which to queue what they
  // sent. The clock then comes back to this instant for what others may have caused in it.
  if (outgoing.after_training) {
    if (++heard_fragments_ < fragments_) return;
    heard_fragments_ = 0;
  }
  if (!serve_wanted_ || serve_scheduled_) return;
  serve_wanted_ = false;
  serve_scheduled_ = true;
  clock_.schedule(outgoing.at, events_.next(), this, Serve{});
}

void Uplink::flush(FragmentId fragment, Time now) {
  TransferPtr in_service;
  Time unserved{};
  if (server_.busy()) {
    in_service = server_.current().item;
    unserved = server_.current().end - std::max(now, server_.current().begin);
  }
  const auto is_unsent = [&](const TransferPtr& transfer) {
    return transfer->fragment == fragment && (transfer != in_service || transfer->fate.decide());
  };
  for (const TransferPtr& gone : server_.withdraw(now, is_unsent)) {
    total_.dropped.add(*gone);
    if (gone == in_service) send(link_to(gone->to), Withdrawn{gone, unserved, now});
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

void Uplink::serve(Time now) {
  if (!accepted_.empty()) queue_accepted();
  if (const auto* service = server_.start_next(now)) {
    const LinkActor& link = link_to(service->item->to);
    prefetch_actor(link);
    clock_.schedule(service->end, events_.next(), this, Served{service->item, {}});
    send(link, Departing{service->item, service->begin, service->end});
  }
}

void Uplink::finish_service(const Served& served) {
  if (!server_.busy() || server_.current().item != served.transfer) return;  // withdrawn meanwhile
  server_.complete();
  total_.sent.add(*served.transfer);
  serve(served.at);
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
}

const LinkActor& Uplink::link_to(NodeId node) {
  auto place = std::lower_bound(links_.begin(), links_.end(), node,
                                [](const auto& link, NodeId wanted) { return link.first < wanted; });
  if (place == links_.end() || place->first != node) {
    place = links_.emplace(
        place, node,
        home_system().spawn<Link>(node_, node, latency_, std::ref(clock_), (*downlinks_)[node], recorder_));
  }
  return place->second;
}

void Uplink::on_exit() {
  for (auto& [node, link] : links_) send(link, Finish{});
  links_.clear();
  downlinks_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
