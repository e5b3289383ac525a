#include "actors/network/pair_server.hpp"

#include <utility>

#include "actors/message_fields.hpp"
#include "actors/network/room_request.hpp"

namespace tardigrad {

PairServer::PairServer(caf::actor_config& config, NodeId from, NodeId to, RateProfile rate, Clock& clock,
                       LinkActor link, UplinkActor uplink, RecorderActor recorder, FlowControl* flow_control)
    : PairServerActor::base(config),
      clock_(clock),
      link_(std::move(link)),
      uplink_(std::move(uplink)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::pair_server, from, to)),
      flow_control_(flow_control),
      server_(std::move(rate)) {
  total_.kind = LinkRow::Kind::pair_server;
  total_.from = from;
  total_.to = to;
  total_.rate = server_.rate().value;
}

PairServer::behavior_type PairServer::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const Departing& departing) { accept(departing); },
      [this](const Served& served) { finish_service(served); },
      [this](const Proceed& now) { serve(now.at); },
      [this](const Withdrawn& withdrawn) { withdraw(withdrawn); },
      [this](const DropUnsent& order) { drop_unsent(order); },
      [this](const Finish&) {
        report();
        quit();
      },
  };
}

void PairServer::persist(ActorArchive& archive) { archive(events_, server_, total_); }

void PairServer::accept(const Departing& departing) {
  total_.accepted.add(*departing.transfer);
  server_.enqueue(departing.transfer, departing.transfer->size, departing.end);
  serve(departing.begin);
}

void PairServer::serve(Time now) {
  if (server_.busy() || !server_.next()) return;
  ReservedRoom room;
  if (flow_control_) {
    const EntityId self(EntityKind::pair_server, total_.from, total_.to);
    room = enter(*flow_control_, wire_bytes(**server_.next()), self, PairServerActor(this), clock_);
    if (!room) return;
  }
  const auto* service = server_.start_next(now);
  clock_.schedule(service->end, events_.next(), this, Served{service->item, {}});
  send(link_, Departing{service->item, service->begin, service->end, std::move(room)});
}

void PairServer::finish_service(const Served& served) {
  if (!server_.busy() || server_.current().item != served.transfer) return;  // withdrawn meanwhile
  const Time begin = server_.complete().begin;
  total_.passed.add(*served.transfer);
  send(uplink_, Transmitted{served.transfer, begin, served.at});
  serve(served.at);
}

void PairServer::withdraw(const Withdrawn& withdrawn) {
  const auto is_it = [&](const TransferPtr& transfer) { return transfer == withdrawn.transfer; };
  for (const auto& [transfer, begin] : take_out(withdrawn.at, is_it)) {
    if (begin) send(uplink_, Interrupted{transfer, *begin, withdrawn.at});
  }
}

void PairServer::drop_unsent(const DropUnsent& order) {
  auto gone = take_out(
      order.at, [&](const TransferPtr& transfer) { return !order.fragment || transfer->fragment == *order.fragment; });
  if (!gone.empty()) send(uplink_, Dropped{std::move(gone), order.at});
}

template <class Condition>
std::vector<Dropped::Message> PairServer::take_out(Time now, const Condition& condition) {
  std::vector<Dropped::Message> gone;
  for (auto& [transfer, cut] : server_.withdraw(now, condition)) {
    total_.dropped.add(*transfer);
    if (cut) send(link_, Withdrawn{transfer, cut->unserved, now});
    gone.push_back({std::move(transfer), cut ? std::optional(cut->begin) : std::nullopt});
  }
  serve(now);
  return gone;
}

void PairServer::report() {
  const auto [messages, bytes] = server_.present();
  total_.under_way = {messages, bytes};
  total_.busy = server_.busy_time();
  total_.longest_queue = server_.longest_queue();
  send(recorder_, total_);
}

void PairServer::on_exit() {
  link_ = nullptr;
  uplink_ = nullptr;
  recorder_ = nullptr;
}

}  // namespace tardigrad
