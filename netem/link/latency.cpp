#include "netem/link/latency.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

PairLatency::PairLatency(std::shared_ptr<const Latency> latency, std::uint64_t seed, NodeId from, NodeId to)
    : latency_(std::move(latency)), seed_(seed), pair_(pair_entity(from, to)) {}

Arrival PairLatency::pass(Time begin, Time end) {
  const Time delay = from_seconds(latency_->base.at(begin)) + draw();
  const Time head = std::min(kNever, std::max(begin + delay, last_tail_));
  last_tail_ = std::min(kNever, head + (end - begin));
  return {head, last_tail_};
}

Time PairLatency::draw() {
  if (latency_->jitter.is_constant()) return latency_->jitter.mean;
  RandomStream stream(seed_, Purpose::latency_jitter, pair_, messages_++);
  return latency_->jitter.draw(stream);
}

}  // namespace tardigrad
