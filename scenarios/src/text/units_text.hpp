/// Durations and rates as people write them: a decimal number and a unit, "2ms", "60 Mbps".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "netem/base/units.hpp"

namespace tardigrad {

/// The quantity, or one sentence about the expected form.
template <class T>
struct QuantityResult {
  std::optional<T> value;
  std::string error;
};

/// The longest duration in a scenario: the sum of two is less than `kNever`.
inline constexpr Time kLongestDuration = std::chrono::hours(24 * 13);
static_assert(kLongestDuration < kNever / 2);
inline constexpr BitsPerSecond kHighestRate{1e15};
/// In place of an access link's rate: it holds nothing up.
inline constexpr const char* kUnlimitedText = "unlimited";

/// The units in which durations and rates are written: "ns, us, ms, s, min or h".
std::string duration_units();
std::string rate_units();

/// ns, us, ms, s, min, h; from 0 to `kLongestDuration`. Exact to the picosecond, smaller digits are cut off.
QuantityResult<Time> parse_duration(std::string_view text);
/// bps, kbps, Mbps, Gbps, Tbps, decimal, also as Mb/s or, in letters of any size, Mbit/s or Mbit; MB/s, MBps and
/// Mbyte/s are bytes a second, eight times as much, Mi and the like powers of two. From 0 to `kHighestRate`. What may
/// be bits or bytes, as mbps, is neither.
QuantityResult<BitsPerSecond> parse_rate(std::string_view text);

/// In the largest unit that divides the duration, "800s", "1500ms"; below a nanosecond "0.25ns". Parsing it
/// gives the same duration.
std::string duration_text(Time duration);
/// In the largest unit that is not larger than the rate, "1.5Gbps". Parsing it gives the same rate.
std::string rate_text(BitsPerSecond rate);
/// Sizes for readers, rounded to four digits: "359.3 kB".
std::string size_text(double bytes);
/// Energies for readers, rounded to four digits: "3.6 kJ".
std::string energy_text(double joules);
/// 89834 as "89,834".
std::string grouped(double whole_number);

}  // namespace tardigrad
