#include "netem/files/unix_time.hpp"

namespace tardigrad {

std::optional<UnixTimeUnit> unit_of_unix_time(double number) {
  constexpr double kEarliest = 1e8;  // in seconds
  for (const UnixTimeUnit& unit : {UnixTimeUnit{"seconds", 1}, UnixTimeUnit{"milliseconds", 1e3},
                                   UnixTimeUnit{"microseconds", 1e6}, UnixTimeUnit{"nanoseconds", 1e9}}) {
    if (number >= kEarliest * unit.in_a_second && number < kLatestUnixTime * unit.in_a_second) return unit;
  }
  return std::nullopt;
}

}  // namespace tardigrad
