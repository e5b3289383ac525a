#include "scenarios/src/check/lone_transfer.hpp"

#include <algorithm>

namespace tardigrad {
namespace {

/// The times of a message's first and last byte at one place.
struct Passing {
  Time head;
  Time tail;
};

Passing delayed(const Passing& passing, const LinkModel& link, Time jitter) {
  if (passing.tail >= kNever) return {kNever, kNever};
  const Time head = std::min(kNever, passing.head + from_seconds(link.latency.base.at(passing.head)) + jitter);
  return {head, std::min(kNever, head + (passing.tail - passing.head))};
}

/// The message's times behind a link of this rate that was idle before.
Passing served(const RateProfile& rate, const Passing& entering, Bytes size) {
  const Time begin = rate.end_of(entering.head, 0);
  if (begin >= kNever || entering.tail >= kNever) return {kNever, kNever};
  const Time as_late_as_possible = rate.latest_begin(entering.tail, size, begin);
  return {begin, std::max(rate.end_of(as_late_as_possible, size), rate.end_of(entering.tail, 0))};
}

Time serial_arrival(const Way& way, Time sent, Bytes size, Time jitter) {
  Passing passing = served(way.uplink, {sent, sent}, size);
  if (way.link->rate) passing = served(*way.link->rate, passing, size);
  return served(way.downlink, delayed(passing, *way.link, jitter), size).tail;
}

/// The time at which the last byte has passed all links at once.
Time fair_transmission(const Way& way, Time sent, Bytes size) {
  const RateProfile& link = way.link->rate ? *way.link->rate : way.uplink;
  double bits = 8.0 * static_cast<double>(size);
  Time at = sent;
  while (at < kNever) {
    const double rate = std::min({way.uplink.at(at).value, link.at(at).value, way.downlink.at(at).value});
    const Time change =
        std::min({kNever, way.uplink.next_change(at), link.next_change(at), way.downlink.next_change(at)});
    const double until_change = rate * to_seconds(change - at);
    if (rate > 0 && bits <= until_change) return at + from_seconds(bits / rate);
    bits -= until_change;
    at = change;
  }
  return kNever;
}

}  // namespace

Way way_between(const EmulatedNetwork& network, NodeId from, NodeId to) {
  return {network.access[from].uplink, network.link(from, to), network.access[to].downlink};
}

Time lone_arrival(const Way& way, Sharing sharing, Time sent, Bytes size, Time jitter) {
  if (sharing == Sharing::serial) return serial_arrival(way, sent, size, jitter);
  const Time through = fair_transmission(way, sent, size);
  return delayed({through, through}, *way.link, jitter).head;
}

}  // namespace tardigrad
