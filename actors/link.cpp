#include "actors/link.hpp"

#include <utility>

namespace tardigrad {

Link::Link(caf::actor_config& config, NodeId from, NodeId to, Time latency, Clock& clock, DownlinkActor downlink,
           RecorderActor recorder)
    : LinkActor::base(config),
      from_(from),
      to_(to),
      latency_(latency),
      clock_(clock),
      downlink_(std::move(downlink)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::link, from, to)) {
  total_.from = from;
  total_.to = to;
}

Link::behavior_type Link::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](Departing& departing) {
        total_.messages += 1;
        total_.bytes += departing.transfer->size;
        total_.busy += departing.end - departing.begin;
        clock_.schedule(departing.begin + latency_, events_.next(), downlink_,
                        Arriving{std::move(departing.transfer), departing.end + latency_, {}});
      },
      [this](const Withdrawn& withdrawn) {
        total_.messages -= 1;
        total_.bytes -= withdrawn.transfer->size;
        total_.busy -= withdrawn.unserved;
        total_.dropped_messages += 1;
        total_.dropped_bytes += withdrawn.transfer->size;
        send(downlink_, withdrawn);
      },
      [this](const Finish&) {
        send(recorder_, total_);
        quit();
      },
  };
}

void Link::on_exit() {
  downlink_ = nullptr;
  recorder_ = nullptr;
}

}  // namespace tardigrad
