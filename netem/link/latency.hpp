/// The latency of a link's messages, and the order in which they leave the link.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"
#include "netem/time/distribution.hpp"
#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

/// Encodes an ordered pair as the entity of a RandomStream.
constexpr std::uint64_t pair_entity(NodeId from, NodeId to) { return std::uint64_t{from} << 32 | to; }

/// One-way latency: `base` at the moment at which a message's head enters the link, plus a draw of `jitter` for
/// every message. For a latency that is itself normal or lognormal, `base` is zero.
struct Latency {
  Latency(Time constant = {}) : base(to_seconds(constant)) {}
  Latency(PiecewiseConstant base_seconds, Distribution drawn) : base(std::move(base_seconds)), jitter(drawn) {}

  PiecewiseConstant base;  ///< in seconds
  Distribution jitter;     ///< none by default

  /// A lower bound of every message's latency.
  Time least() const { return from_seconds(base.lowest()) + jitter.least(); }
};

/// The times at which a message's first and last byte leave a link.
struct Arrival {
  Time head;
  Time tail;
};

/// The latency of one ordered pair. First in, first out: no byte overtakes an earlier one, however late that
/// is. The draw of the n-th message depends on seed, pair and n only.
class PairLatency {
 public:
  /// Many pairs may share one law.
  PairLatency(std::shared_ptr<const Latency> latency, std::uint64_t seed, NodeId from, NodeId to);
  PairLatency(Latency latency, std::uint64_t seed, NodeId from, NodeId to)
      : PairLatency(std::make_shared<const Latency>(std::move(latency)), seed, from, to) {}

  /// The arrival of the next message, whose first byte enters at `begin` and whose last byte enters at `end`.
  /// Where `end` is not known yet, pass `begin` for it: then only the heads keep their order.
  Arrival pass(Time begin, Time end);
  /// The last message was cut short: its last bytes, `unserved` long, never entered.
  void cut(Time unserved) { last_tail_ -= unserved; }

  void persist(StateArchive& archive) { archive(messages_, last_tail_); }

 private:
  Time draw();

  std::shared_ptr<const Latency> latency_;
  std::uint64_t seed_;
  std::uint64_t pair_;
  std::uint64_t messages_ = 0;
  Time last_tail_{};
};

}  // namespace tardigrad
