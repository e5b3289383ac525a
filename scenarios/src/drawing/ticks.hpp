/// Where the ticks of an axis stand, and what is written at them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tardigrad {

/// Numbers in ascending order, and as many texts.
struct Ticks {
  std::vector<double> at;
  std::vector<std::string> texts;
};

/// The multiples of a step within [low, high]: the finest step of 1, 2 or 5 times a power of ten of which there are at
/// most `most`, which is at least 2. With low = high it is that number alone, if it is a multiple of a step.
Ticks linear_ticks(double low, double high, std::size_t most);

/// For a logarithmic axis, 0 < low < high: 1, 2 and 5 times powers of ten; where these would be more than `most`,
/// powers of ten, or of a hundred, and so on. As on a linear axis where only one of these would be within.
Ticks log_ticks(double low, double high, std::size_t most);

/// Places for small ticks without texts between those of a logarithmic axis: all whole multiples of powers of ten. None
/// over more than four decades.
std::vector<double> small_log_ticks(double low, double high);

}  // namespace tardigrad
