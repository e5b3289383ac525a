#include "scenarios/src/drawing/axis.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {

namespace {

Ticks ticks_of(const Axis& axis, std::size_t most) {
  return axis.is_log ? log_ticks(axis.low, axis.high, most) : linear_ticks(axis.low, axis.high, most);
}

/// Texts in the middle below their ticks, with half a text's size of room between them.
bool have_room(const Ticks& ticks, const Axis& axis, double length, double size, const TextWidth& width_of) {
  double end = -length;
  for (std::size_t i = 0; i < ticks.at.size(); ++i) {
    const double at = length * axis.share(ticks.at[i]);
    const double half = width_of(ticks.texts[i], size) / 2;
    if (at - half < end) return false;
    end = at + half + size / 2;
  }
  return true;
}

}  // namespace

double Axis::share(double value) const {
  return is_log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
}

Ticks horizontal_ticks(const Axis& axis, double length, double text_size, const TextWidth& width_of) {
  constexpr std::size_t most = 9;
  constexpr std::size_t least = 2;
  for (std::size_t count = most; count > least; --count) {
    Ticks ticks = ticks_of(axis, count);
    if (have_room(ticks, axis, length, text_size, width_of)) return ticks;
  }
  return ticks_of(axis, least);
}

Ticks vertical_ticks(const Axis& axis, double length, double text_size) {
  constexpr double lines_a_tick = 1.4;
  return ticks_of(axis, static_cast<std::size_t>(std::clamp(length / (lines_a_tick * text_size), 2.0, 7.0)));
}

}  // namespace tardigrad
