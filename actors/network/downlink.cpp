#include "actors/network/downlink.hpp"

#include <caf/send.hpp>
#include <utility>

#include "actors/learning/fragment.hpp"
#include "actors/message_fields.hpp"

namespace tardigrad {

Downlink::Downlink(caf::actor_config& config, const Settings& settings, Clock& clock,
                   std::shared_ptr<const FragmentActor[]> fragments, RecorderActor recorder)
    : PassiveActor(config, clock),
      node_(settings.node),
      reported_rate_(settings.reported),
      fragments_(std::move(fragments)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::downlink, settings.node)),
      absence_events_(EntityId(EntityKind::absence, settings.node, 1)),
      rule_(settings.rate, settings.absence),
      log_(settings.timeline, Hop::Place::downlink) {
  rule_.begin(*this);
}

void Downlink::receive(const caf::type_erased_tuple& message) {
  if (const auto* due = as<Wake>(message)) {
    return rule_.wake(static_cast<DownlinkWake>(due->why), due->transfer, due->at, *this);
  }
  if (const auto* arriving = as<Arriving>(message)) return arrive(*arriving);
  if (const auto* withdrawn = as<Withdrawn>(message)) return withdraw(*withdrawn);
  if (const auto* ended = as<RoundEnded>(message)) return report_round(ended->round);
  if (as<Finish>(message)) finish();
}

void Downlink::persist(ActorArchive& archive) {
  archive(events_, absence_events_, rule_, received_at_last_round_, delays_);
}

void Downlink::arrive(const Arriving& arriving) {
  // The emulated network holds up what is not delivered at once, and such a message stays here without its credit.
  credit_ = arriving.credit;
  rule_.arrive(arriving.transfer, arriving.tail, arriving.at, *this);
  credit_.reset();
}

void Downlink::withdraw(const Withdrawn& withdrawn) {
  const auto is_it = [&](const TransferPtr& other) { return is_same(*other, *withdrawn.transfer); };
  rule_.withdraw(is_it, withdrawn.at, *this);
}

void Downlink::wake(Time at, DownlinkWake why, const TransferPtr& transfer) {
  EventSource& events = why == DownlinkWake::leave ? absence_events_ : events_;
  Upcoming upcoming;
  if (why == DownlinkWake::served) upcoming = {transfer.get(), nullptr, this};
  clock().schedule(at, events.next(), this, Wake{static_cast<std::uint8_t>(why), transfer, {}}, upcoming);
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

void Downlink::deliver(const TransferPtr& transfer, Time begin, Time end, Time now) {
  log_.passed(Hop::Place::downlink, *transfer, begin, end);
  delays_.add(now - transfer->sent);
  caf::anon_send(fragments_[transfer->fragment], Delivered{transfer, now, credit_});
}

void Downlink::cut(const TransferPtr& transfer, Time begin, Time now) {
  log_.cut(Hop::Place::downlink, *transfer, begin, now);
}

void Downlink::dropped(const TransferPtr& transfer, Time now) { log_.dropped(*transfer, now); }

void Downlink::report_round(Round round) {
  const Traffic received = rule_.passed().since(received_at_last_round_);
  caf::anon_send(recorder_, AccessRow{node_, round, false, 0, received.messages, 0, received.bytes, log_.take()});
  received_at_last_round_ = rule_.passed();
}

void Downlink::report_totals() {
  if (const auto* current = rule_.current()) log_.under_way(*current->item, current->begin);
  LinkRow row{rule_.count()};
  row.kind = LinkRow::Kind::downlink;
  row.from = row.to = node_;
  row.rate = reported_rate_;
  row.delays = std::move(delays_);
  caf::anon_send(recorder_, row);
}

void Downlink::finish() {
  report_totals();
  report_round(kUnfinishedRound);
  quit();
  fragments_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
