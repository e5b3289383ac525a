#include "actors/network/uplink.hpp"

#include <algorithm>
#include <utility>

#include "actors/message_fields.hpp"
#include "actors/network/room_request.hpp"

namespace tardigrad {

Uplink::Uplink(caf::actor_config& config, const Settings& settings, Hop::Place beyond)
    : UplinkActor::base(config),
      node_(settings.node),
      absence_(settings.absence),
      clock_(settings.links.clock),
      recorder_(settings.links.recorder),
      events_(EntityId(EntityKind::uplink, settings.node)),
      absence_events_(EntityId(EntityKind::absence, settings.node, 0)),
      links_(settings.node, settings.links),
      order_(settings.fragments),
      log_(settings.links.timeline, Hop::Place::uplink),
      beyond_(beyond) {
  total_.kind = LinkRow::Kind::uplink;
  total_.from = total_.to = node_;
  total_.rate = settings.rate.at(Time{}).value;
}

Uplink::behavior_type Uplink::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  schedule_leaving(Time{});
  return {
      [this](const Served& served) { finish_service(served); },
      [this](const Transmitted& transmitted) {
        count_passed(transmitted.transfer->size);
        log_.passed(beyond_, *transmitted.transfer, transmitted.begin, transmitted.at);
        note_transmitted(transmitted);
      },
      [this](const Outgoing& outgoing) { accept(outgoing); },
      [this](const Serve& now) {
        serve_scheduled_ = false;
        serve(now.at);
      },
      [this](const Dropped& dropped) {
        for (const auto& [transfer, begin] : dropped.messages) {
          begin ? count_cut(*transfer, beyond_, *begin, dropped.at) : count_dropped(*transfer, dropped.at);
          take_back(*transfer);
        }
      },
      [this](const Unacknowledged& lost) {
        unacknowledged_.push_back(lost.transfer);
        clock_.schedule(lost.retry, events_.next(), this, Retry{lost.transfer, {}});
      },
      [this](const Retry& due) { retry(due); },
      [this](const Proceed& now) {
        transmit(now.at);
        for (const auto& [to, way] : links_.all()) {
          if (way->at_own_rate > 0) send(way->link, now);
        }
      },
      [this](const Leave& leave) {
        for (const TransferPtr& transfer : order_.take()) count_dropped(*transfer, leave.at);
        drop(std::nullopt, leave.at);
        schedule_leaving(leave.at);
      },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Interrupted& cut) { log_.cut(beyond_, *cut.transfer, cut.begin, cut.at); },
      [this](const Lost& lost) { log_.lost(*lost.transfer, lost.at); },
      [this](const Finish&) {
        report_totals();
        report_round(kUnfinishedRound);
        quit();
      },
  };
}

void Uplink::persist(ActorArchive& archive) {
  archive(events_, absence_events_, order_, serve_wanted_, serve_scheduled_, unacknowledged_, total_,
          at_last_round_.accepted, at_last_round_.passed, at_last_round_.dropped);
  links_.persist(archive, home_system(), this);
}

void Uplink::accept(const Outgoing& outgoing) {
  if (outgoing.flush) drop(outgoing.fragment, outgoing.at);
  const bool away = absence_.away_at(outgoing.at);
  for (const TransferPtr& transfer : outgoing.transfers) {
    total_.accepted.add(transfer->size);
    if (away) {
      count_dropped(*transfer, outgoing.at);
    } else {
      order_.add(transfer);
    }
  }
  serve_wanted_ |= outgoing.flush || !outgoing.transfers.empty();
  if (outgoing.after_training && !order_.heard()) return;
  if (!serve_wanted_ || serve_scheduled_) return;
  // The clock returns to this instant after the other events of it.
  serve_wanted_ = false;
  serve_scheduled_ = true;
  clock_.schedule(outgoing.at, events_.next(), this, Serve{});
}

void Uplink::drop(std::optional<FragmentId> fragment, Time now) {
  const auto concerned = [&](const TransferPtr& transfer) { return !fragment || transfer->fragment == *fragment; };
  const auto kept = std::stable_partition(unacknowledged_.begin(), unacknowledged_.end(),
                                          [&](const TransferPtr& transfer) { return !concerned(transfer); });
  for (auto gone = kept; gone != unacknowledged_.end(); ++gone) send(link_to((*gone)->to).link, GivenUp{*gone, now});
  unacknowledged_.erase(kept, unacknowledged_.end());
  drop_untransmitted(fragment, now);
}

void Uplink::serve(Time now) {
  for (const TransferPtr& transfer : order_.take()) enqueue(transfer, now);
  transmit(now);
}

void Uplink::retry(const Retry& retry) {
  const auto own = std::find(unacknowledged_.begin(), unacknowledged_.end(), retry.transfer);
  if (own == unacknowledged_.end()) return;  // given up meanwhile
  unacknowledged_.erase(own);
  total_.accepted.add(retry.transfer->size);
  enqueue(retry.transfer, retry.at);
  transmit(retry.at);
}

bool Uplink::find_room(const Transfer& transfer, ReservedRoom& room) {
  if (!links_.has_flow_control()) return true;
  FlowControl* flow_control = link_to(transfer.to).flow_control;
  if (!flow_control) return true;
  room = enter(*flow_control, wire_bytes(transfer), EntityId(EntityKind::uplink, node_), UplinkActor(this), clock_);
  return room != nullptr;
}

void Uplink::count_dropped(const Transfer& transfer, Time now) {
  total_.dropped.add(transfer.size);
  log_.dropped(transfer, now);
}

void Uplink::count_cut(const Transfer& transfer, Hop::Place place, Time begin, Time now) {
  total_.dropped.add(transfer.size);
  log_.cut(place, transfer, begin, now);
}

void Uplink::schedule_leaving(Time now) {
  const Time leaving = absence_.next_leaving(now);
  if (leaving != kNever) clock_.schedule(leaving, absence_events_.next(), this, Leave{});
}

void Uplink::report_round(Round round) {
  const Traffic passed = total_.passed.since(at_last_round_.passed);
  send(recorder_,
       AccessRow{node_, round, true, total_.accepted.since(at_last_round_.accepted).messages, passed.messages,
                 total_.dropped.since(at_last_round_.dropped).messages, passed.bytes, log_.take()});
  at_last_round_ = {total_.accepted, total_.passed, total_.dropped};
}

void Uplink::report_totals() {
  total_.under_way = untransmitted();
  for (const TransferPtr& transfer : order_.added()) total_.under_way.add(transfer->size);
  complete(total_);
  send(recorder_, total_);
}

void Uplink::on_exit() {
  links_.finish(*this);
  recorder_ = nullptr;
}

}  // namespace tardigrad
