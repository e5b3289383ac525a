#include "actors/network/uplink.hpp"

#include <utility>

#include "actors/message_fields.hpp"
#include "actors/network/link.hpp"
#include "actors/network/room_request.hpp"

namespace tardigrad {

void Outbound::persist(StateArchive& archive) { archive(transfer); }

Uplink::Uplink(caf::actor_config& config, const Settings& settings)
    : UplinkActor::base(config),
      node_(settings.node),
      rate_(settings.rate.at(Time{}).value),
      clock_(settings.links.clock),
      recorder_(settings.links.recorder),
      switch_(settings.fair_switch),
      events_(EntityId(EntityKind::uplink, settings.node)),
      absence_events_(EntityId(EntityKind::absence, settings.node, 0)),
      links_(settings.node, settings.links),
      rule_(settings.fragments, settings.absence, switch_ ? std::nullopt : std::optional(settings.rate)),
      log_(settings.links.timeline, Hop::Place::uplink) {}

Uplink::behavior_type Uplink::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  rule_.begin(*this);
  return {
      [this](const Wake& due) { wake_rule(due); },
      [this](const Transmitted& transmitted) { take(transmitted); },
      [this](const Outgoing& outgoing) { accept(outgoing); },
      [this](const Dropped& dropped) { take(dropped); },
      [this](const Unacknowledged& lost) { rule_.lose({lost.transfer}, lost.retry, *this); },
      [this](const Proceed& now) { proceed(now.at); },
      [this](const Leave& now) { rule_.leave(now.at, *this); },
      [this](const RoundEnded& ended) { report_round(ended.round); },
      [this](const Interrupted& cut) { log_.cut(beyond_here(), *cut.transfer, cut.begin, cut.at); },
      [this](const Lost& lost) { log_.lost(*lost.transfer, lost.at); },
      [this](const Finish&) {
        report_totals();
        report_round(kUnfinishedRound);
        quit();
      },
  };
}

void Uplink::persist(ActorArchive& archive) {
  archive(events_, absence_events_, rule_, at_last_round_.accepted, at_last_round_.passed, at_last_round_.dropped);
  links_.persist(archive, home_system(), this);
  if (!archive.loads()) return;
  rule_.for_each([&](const Outbound& message) {
    if (!message.transfer || !links_.is_node(message.transfer->to)) archive.fields().fail();
  });
}

void Uplink::wake_rule(const Wake& due) {
  const auto why = static_cast<UplinkWake>(due.why);
  if (why == UplinkWake::serve && !switch_) {
    for (Outbound& message : rule_.accepted()) message.way = &link_to(message.transfer->to);
  }
  rule_.wake(why, {due.transfer}, due.at, *this);
}

void Uplink::accept(const Outgoing& outgoing) {
  if (outgoing.flush) rule_.flush(outgoing.fragment, outgoing.at, *this);
  for (const TransferPtr& transfer : outgoing.transfers) rule_.accept({transfer}, outgoing.at, *this);
  rule_.serve_soon(outgoing.after_training, outgoing.at, *this);
}

void Uplink::take(const Transmitted& transmitted) {
  const TransferPtr& transfer = transmitted.transfer;
  log_.passed(beyond_here(), *transfer, transmitted.begin, transmitted.at);
  if (!switch_) --link_to(transfer->to).at_own_rate;
  rule_.transmitted({transfer}, transmitted.at, *this);
}

void Uplink::take(const Dropped& dropped) {
  for (const auto& [transfer, begin] : dropped.messages) {
    begin ? log_.cut(beyond_here(), *transfer, *begin, dropped.at) : log_.dropped(*transfer, dropped.at);
    if (!switch_) --link_to(transfer->to).at_own_rate;
    rule_.dropped({transfer}, dropped.at, *this);
  }
}

void Uplink::proceed(Time now) {
  rule_.proceed(now, *this);
  for (const auto& [to, way] : links_.all()) {
    if (way->at_own_rate > 0) send(way->link, Proceed{now});
  }
}

void Uplink::wake(Time at, UplinkWake why, const Outbound& message) {
  EventSource& events = why == UplinkWake::leave ? absence_events_ : events_;
  Upcoming upcoming;
  const Outbound* next = why == UplinkWake::served ? rule_.next() : nullptr;
  if (next && next->way) upcoming = {next->transfer.get(), next->way, this};
  clock_.schedule(at, events.next(), this, Wake{static_cast<std::uint8_t>(why), message.transfer, {}}, upcoming);
}

caf::actor_control_block* Uplink::receiver(const void* way) const {
  return control_block(static_cast<const LinkDirectory::Entry*>(way)->link);
}

const void* Uplink::beyond(const caf::abstract_actor& link) const { return static_cast<const Link&>(link).end(); }

std::optional<ReservedRoom> Uplink::room_for(const Outbound& message) {
  if (!links_.has_flow_control()) return ReservedRoom();
  FlowControl* flow_control = way_of(message).flow_control;
  if (!flow_control) return ReservedRoom();
  const EntityId self(EntityKind::uplink, node_);
  auto room = enter(*flow_control, wire_bytes(*message.transfer), self, UplinkActor(this), clock_);
  return room ? std::optional(std::move(room)) : std::nullopt;
}

void Uplink::depart(const Outbound& message, Time begin, Time end) {
  send(way_of(message).link, Departing{message.transfer, begin, end});
}

void Uplink::withdraw(const Outbound& message, Time unserved, Time now) {
  const LinkDirectory::Entry& way = way_of(message);
  const Withdrawn withdrawn{message.transfer, unserved, now};
  way.applies_rate ? tell_own_rate(way, now, withdrawn) : send(way.link, withdrawn);
}

void Uplink::give_up(const Outbound& message, Time now) { send(way_of(message).link, GivenUp{message.transfer, now}); }

void Uplink::hand_over(const std::vector<Outbound>& messages, Time now) {
  Enter entering{{}, now};
  entering.transfers.reserve(messages.size());
  for (const Outbound& message : messages) entering.transfers.push_back(message.transfer);
  send(switch_, std::move(entering));
}

void Uplink::drop_handed_over(std::optional<FragmentId> fragment, Time now) {
  const DropUnsent order{node_, fragment, now};
  if (switch_) return send(switch_, order);
  for (const auto& [to, way] : links_.all()) {
    if (way->at_own_rate > 0) tell_own_rate(*way, now, order);
  }
}

bool Uplink::served(const Outbound& message, Time begin, Time end) {
  log_.passed(Hop::Place::uplink, *message.transfer, begin, end);
  if (!links_.has_own_rates() || !way_of(message).applies_rate) return false;
  ++way_of(message).at_own_rate;
  return true;
}

void Uplink::cut(const Outbound& message, Time begin, Time now) {
  log_.cut(Hop::Place::uplink, *message.transfer, begin, now);
}

void Uplink::dropped(const Outbound& message, Time now) { log_.dropped(*message.transfer, now); }

void Uplink::report_round(Round round) {
  const LinkCount& count = rule_.so_far();
  const Traffic passed = count.passed.since(at_last_round_.passed);
  send(recorder_, AccessRow{node_, round, true, count.accepted.since(at_last_round_.accepted).messages, passed.messages,
                            count.dropped.since(at_last_round_.dropped).messages, passed.bytes, log_.take()});
  at_last_round_ = {count.accepted, count.passed, count.dropped};
}

void Uplink::report_totals() {
  if (const auto* current = rule_.current()) log_.under_way(*current->item.transfer, current->begin);
  LinkRow row{rule_.count()};
  row.kind = LinkRow::Kind::uplink;
  row.from = row.to = node_;
  row.rate = rate_;
  send(recorder_, row);
}

void Uplink::on_exit() {
  links_.finish(*this);
  recorder_ = nullptr;
  switch_ = nullptr;
}

}  // namespace tardigrad
