/// An axis: from numbers to places on the page.
#pragma once

#include <string>
#include <vector>

#include "scenarios/src/drawing/drawing.hpp"
#include "scenarios/src/drawing/ticks.hpp"

namespace tardigrad {

struct Axis {
  std::string title;
  double low = 0;
  double high = 1;      ///< greater than `low`
  bool is_log = false;  ///< then `low` is above 0

  /// How far along the axis a number is: 0 at `low`, 1 at `high`.
  double share(double value) const;
};

/// As many ticks as have room below an axis of that length without touching one another.
Ticks horizontal_ticks(const Axis& axis, double length, double text_size, const TextWidth& width_of);

/// The same beside an upright axis.
Ticks vertical_ticks(const Axis& axis, double length, double text_size);

}  // namespace tardigrad
