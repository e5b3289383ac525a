#include "actors/network/serial_uplink.hpp"

#include <utility>

#include "actors/message_fields.hpp"
#include "actors/network/link.hpp"

namespace tardigrad {

SerialUplink::SerialUplink(caf::actor_config& config, const Settings& settings)
    : Uplink(config, settings, Hop::Place::pair), server_(settings.rate) {}

void SerialUplink::persist(ActorArchive& archive) {
  Uplink::persist(archive);
  archive(server_, at_own_rates_);
  if (!archive.loads()) return;
  server_.for_each([&](Outbound& message) {
    const bool is_right = message.transfer && links().has(message.transfer->to);
    is_right ? void(message.way = &link_to(message.transfer->to)) : archive.fields().fail();
  });
}

void SerialUplink::enqueue(const TransferPtr& transfer, Time) { server_.enqueue(outbound(transfer), transfer->size); }

void SerialUplink::transmit(Time now) {
  ReservedRoom room;
  while (may_set_out(room)) {
    const auto* service = server_.start_next(now);
    if (!service) return;
    const auto& [transfer, way] = service->item;
    send(way->link, Departing{transfer, service->begin, service->end, std::move(room)});
    if (service->end <= now) {
      complete_service();
      continue;
    }
    Upcoming upcoming;
    if (const Outbound* next = server_.next()) upcoming = {next->transfer.get(), next->way, this};
    clock().schedule(service->end, next_event(), this, Served{transfer, {}}, upcoming);
  }
}

bool SerialUplink::may_set_out(ReservedRoom& room) {
  return server_.busy() || !server_.next() || find_room(*server_.next()->transfer, room);
}

void SerialUplink::finish_service(const Served& served) {
  if (!server_.busy() || server_.current().item.transfer != served.transfer) return;  // withdrawn meanwhile
  complete_service();
  transmit(served.at);
}

void SerialUplink::complete_service() {
  const auto [message, size, begin, end] = server_.complete();
  log().passed(Hop::Place::uplink, *message.transfer, begin, end);
  if (!links().has_own_rates() || !message.way->applies_rate) return count_passed(size);
  ++message.way->at_own_rate;
  at_own_rates_.add(size);
}

caf::actor_control_block* SerialUplink::receiver(const void* way) const {
  return control_block(static_cast<const LinkDirectory::Entry*>(way)->link);
}

const void* SerialUplink::beyond(const caf::abstract_actor& link) const { return static_cast<const Link&>(link).end(); }

void SerialUplink::note_transmitted(const Transmitted& transmitted) { take_back(*transmitted.transfer); }

void SerialUplink::take_back(const Transfer& transfer) {
  at_own_rates_.take_back(transfer.size);
  --link_to(transfer.to).at_own_rate;
}

void SerialUplink::drop_untransmitted(std::optional<FragmentId> fragment, Time now) {
  withdraw(fragment, now);
  if (!links().has_own_rates()) return;
  for (const auto& [to, way] : links().all()) {
    if (way->at_own_rate > 0) tell_own_rate(*way, now, DropUnsent{node(), fragment, {}});
  }
}

void SerialUplink::withdraw(std::optional<FragmentId> fragment, Time now) {
  const auto is_unsent = [&](const Outbound& message) { return !fragment || message.transfer->fragment == *fragment; };
  for (const auto& [message, cut] : server_.withdraw(now, is_unsent)) {
    const auto& [transfer, way] = message;
    if (cut) {
      count_cut(*transfer, Hop::Place::uplink, cut->begin, now);
      if (way->applies_rate) {
        tell_own_rate(*way, now, Withdrawn{transfer, cut->unserved, {}});
      } else {
        send(way->link, Withdrawn{transfer, cut->unserved, now});
      }
    } else {
      count_dropped(*transfer, now);
    }
  }
}

template <class Message>
void SerialUplink::tell_own_rate(const LinkDirectory::Entry& way, Time now, Message message) {
  clock().schedule(now, next_event(), way.link, std::move(message));
}

Traffic SerialUplink::untransmitted() const {
  const auto [messages, bytes] = server_.present();
  Traffic sum = at_own_rates_;
  return sum += Traffic{messages, bytes};
}

void SerialUplink::complete(LinkRow& row) {
  if (server_.busy()) log().under_way(*server_.current().item.transfer, server_.current().begin);
  row.busy = server_.busy_time();
  row.longest_queue = server_.longest_queue();
}

}  // namespace tardigrad
