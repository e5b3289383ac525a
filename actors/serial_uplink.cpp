#include "actors/serial_uplink.hpp"

#include <utility>

#include "actors/message_fields.hpp"

namespace tardigrad {

SerialUplink::SerialUplink(caf::actor_config& config, const Settings& settings)
    : Uplink(config, settings, Hop::Place::pair), server_(settings.rate) {}

void SerialUplink::persist(StageArchive& archive) {
  Uplink::persist(archive);
  archive(server_, at_pair_servers_);
}

void SerialUplink::enqueue(const TransferPtr& transfer, Time) { server_.enqueue(transfer, transfer->size); }

void SerialUplink::transmit(Time now) {
  LaneRoom room;
  while (may_set_out(room)) {
    const auto* service = server_.start_next(now);
    if (!service) return;
    pass_on(service->item->to, Departing{service->item, service->begin, service->end, std::move(room)});
    if (service->end <= now) {
      complete_service();
      continue;
    }
    Upcoming upcoming;
    if (const TransferPtr* next = server_.next()) upcoming = {control_block(link_to((*next)->to).link), next->get()};
    clock().schedule(service->end, next_event(), this, Served{service->item, {}}, upcoming);
  }
}

bool SerialUplink::may_set_out(LaneRoom& room) {
  return server_.busy() || !server_.next() || find_room(**server_.next(), room);
}

void SerialUplink::finish_service(const Served& served) {
  if (!server_.busy() || server_.current().item != served.transfer) return;  // withdrawn meanwhile
  complete_service();
  transmit(served.at);
}

void SerialUplink::complete_service() {
  const auto [transfer, size, begin, end] = server_.complete();
  log().passed(Hop::Place::uplink, *transfer, begin, end);
  if (!links().has_pair_servers() || !link_to(transfer->to).pair_server) return count_passed(*transfer);
  ++link_to(transfer->to).at_pair_server;
  at_pair_servers_.add(*transfer);
}

void SerialUplink::note_transmitted(const Transmitted& transmitted) { take_back(*transmitted.transfer); }

void SerialUplink::take_back(const Transfer& transfer) {
  at_pair_servers_.take_back(transfer);
  --link_to(transfer.to).at_pair_server;
}

void SerialUplink::drop_untransmitted(std::optional<FragmentId> fragment, Time now) {
  withdraw(fragment, now);
  if (!links().has_pair_servers()) return;
  for (const auto& link : links().all()) {
    if (link.at_pair_server > 0) send(link.pair_server, DropUnsent{node(), fragment, now});
  }
}

void SerialUplink::withdraw(std::optional<FragmentId> fragment, Time now) {
  const auto is_unsent = [&](const TransferPtr& transfer) { return !fragment || transfer->fragment == *fragment; };
  for (const auto& [transfer, cut] : server_.withdraw(now, is_unsent)) {
    if (cut) {
      count_cut(*transfer, Hop::Place::uplink, cut->begin, now);
      pass_on(transfer->to, Withdrawn{transfer, cut->unserved, now});
    } else {
      count_dropped(*transfer, now);
    }
  }
}

template <class Message>
void SerialUplink::pass_on(NodeId to, Message message) {
  const auto& link = link_to(to);
  if (link.pair_server) {
    send(link.pair_server, std::move(message));
  } else {
    send(link.link, std::move(message));
  }
}

Traffic SerialUplink::untransmitted() const {
  const auto [messages, bytes] = server_.present();
  Traffic sum = at_pair_servers_;
  return sum += Traffic{messages, bytes};
}

void SerialUplink::complete(LinkRow& row) {
  if (server_.busy()) log().under_way(*server_.current().item, server_.current().begin);
  row.busy = server_.busy_time();
  row.longest_queue = server_.longest_queue();
}

}  // namespace tardigrad
