/// Figures for readers: ranges and counts.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

namespace tardigrad {

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value);
};

/// To four digits.
std::string rounded(double value);

/// "5 s", or "5 to 7 s" if the ends differ as written.
std::string range_text(const Range& range, const std::string& unit = "", std::string (*write)(double) = rounded);

/// "1 node", "1,000 nodes".
std::string count_of(std::size_t number, const std::string& noun);

}  // namespace tardigrad
