/// The units used everywhere in tardigrad: time, sizes, rates, and the numbers of nodes.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <ratio>

namespace tardigrad {

/// A point in emulated time (since the start of the run) or a stretch of it, in whole picoseconds:
/// exact sums, no rounding that depends on the order of additions, and 106 days of range.
using Time = std::chrono::duration<std::int64_t, std::pico>;

/// Later than every event; a quarter of the range, so that sums do not overflow.
inline constexpr Time kNever{std::numeric_limits<std::int64_t>::max() / 4};

/// A size in bytes as encoded, header included.
using Bytes = std::uint64_t;

/// The number of a node: 0 .. node count - 1.
using NodeId = std::uint32_t;
inline constexpr NodeId kMostNodes = 1'000'000;  ///< of a run

/// The number of a fragment of the model: 0 .. K - 1.
using FragmentId = std::uint32_t;

/// The number of local rounds that a node has finished; also the stamp of a message's values.
using Round = std::uint32_t;

/// A transmission rate. 1 Mbps is 1,000,000 bit/s.
struct BitsPerSecond {
  double value = 0;

  friend constexpr bool operator==(BitsPerSecond a, BitsPerSecond b) { return a.value == b.value; }
  friend constexpr bool operator!=(BitsPerSecond a, BitsPerSecond b) { return a.value != b.value; }
  friend constexpr bool operator<(BitsPerSecond a, BitsPerSecond b) { return a.value < b.value; }
};

/// Rounds to the nearest picosecond; `kNever` where the value does not fit (or is not a number).
inline Time from_seconds(double seconds) {
  const double picoseconds = seconds * 1e12;
  if (!(std::abs(picoseconds) < static_cast<double>(kNever.count()))) return kNever;
  return Time(static_cast<std::int64_t>(std::llround(picoseconds)));
}

inline double to_seconds(Time time) { return static_cast<double>(time.count()) * 1e-12; }

/// The time that `size` bytes occupy a link of this rate; `kNever` for a rate of zero.
inline Time transfer_time(Bytes size, BitsPerSecond rate) {
  if (!(rate.value > 0)) return kNever;
  return from_seconds(static_cast<double>(size) * 8.0 / rate.value);
}

}  // namespace tardigrad
