/// The target of a scenario's nodes.
#pragma once

namespace tardigrad {

enum class Figure { accuracy, loss };

/// At least this accuracy, or at most this loss.
struct Target {
  Figure figure = Figure::accuracy;
  double value = 0;

  bool is_reached_by(double measured) const {
    return figure == Figure::accuracy ? measured >= value : measured <= value;
  }
  bool operator==(const Target& other) const { return figure == other.figure && value == other.value; }
  bool operator!=(const Target& other) const { return !(*this == other); }
};

}  // namespace tardigrad
