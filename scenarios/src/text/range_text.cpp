#include "scenarios/src/text/range_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {

void Range::add(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

std::string rounded(double value) { return fmt::format("{:.4g}", value); }

std::string range_text(const Range& range, const std::string& unit, std::string (*write)(double)) {
  const std::string low = write(range.low);
  const std::string high = write(range.high);
  return (low == high ? low : low + " to " + high) + unit;
}

std::string count_of(std::size_t number, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(static_cast<double>(number)), noun, number == 1 ? "" : "s");
}

}  // namespace tardigrad
