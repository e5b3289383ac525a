/// UNIX times as logs have them.
#pragma once

#include <optional>

namespace tardigrad {

/// In seconds, in the year 2286: a larger number is in another unit.
inline constexpr double kLatestUnixTime = 1e10;

struct UnixTimeUnit {
  const char* name;    ///< "milliseconds"
  double in_a_second;  ///< 1000
};

/// The unit in which a number is a UNIX time of the years from 1973 to 2286; there is at most one. Nothing if
/// there is none.
std::optional<UnixTimeUnit> unit_of_unix_time(double number);

}  // namespace tardigrad
