#include "scenarios/src/drawing/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace tardigrad {

namespace {

/// A step of digit * 10^power.
struct Step {
  double digit = 1;
  int power = 0;

  /// i times the step, rounded once: 3 * 0.1 would be 0.30000000000000004.
  double times(double i) const {
    return power < 0 ? i * digit / std::pow(10.0, -power) : i * digit * std::pow(10.0, power);
  }
};

/// Within a billionth of a step a number counts as its multiple.
constexpr double kInexact = 1e-9;

double first_multiple(double low, const Step& step) { return std::ceil(low / step.times(1) - kInexact); }
double last_multiple(double high, const Step& step) { return std::floor(high / step.times(1) + kInexact); }

Step finest_step(double low, double high, std::size_t most) {
  const double length = high - low;
  for (int power = static_cast<int>(std::floor(std::log10(length / static_cast<double>(most)))) - 1;; ++power) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      const Step step{digit, power};
      if (last_multiple(high, step) - first_multiple(low, step) + 1 <= static_cast<double>(most)) return step;
    }
  }
}

/// "12,000", "0.25": with so many decimal places.
std::string number_text(double value, int places) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), places);
  const std::size_t whole = std::min(text.find('.'), text.size());
  for (std::size_t i = whole; i > 3; i -= 3) text.insert(i - 3, ",");
  return value < 0 ? "\u2212" + text : text;
}

/// With as many places as the number needs, at most nine.
std::string own_text(double value) {
  const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + kInexact));
  return number_text(value, std::clamp(-power, 0, 9));
}

/// Those digits times powers of ten, each `stride`th power.
std::vector<double> powers_of_ten(double low, double high, const std::vector<double>& digits, int stride) {
  std::vector<double> found;
  const double least = low * (1 - kInexact);
  const double most = high * (1 + kInexact);
  for (int power = static_cast<int>(std::floor(std::log10(low))); power <= std::ceil(std::log10(high)); ++power) {
    if (power % stride != 0) continue;
    for (const double digit : digits) {
      const double value = Step{digit, power}.times(1);
      if (value >= least && value <= most) found.push_back(value);
    }
  }
  return found;
}

}  // namespace

Ticks linear_ticks(double low, double high, std::size_t most) {
  if (!std::isfinite(low) || !std::isfinite(high) || low > high) return {};
  if (low == high) return {{low}, {fmt::format("{:.4g}", low)}};
  const Step step = finest_step(low, high, std::max<std::size_t>(2, most));
  Ticks ticks;
  const double first = first_multiple(low, step);
  const double count = last_multiple(high, step) - first + 1;
  for (int i = 0; i < count; ++i) {
    ticks.at.push_back(step.times(first + i) + 0.0);  // no negative zero
    ticks.texts.push_back(number_text(ticks.at.back(), std::max(0, -step.power)));
  }
  return ticks;
}

Ticks log_ticks(double low, double high, std::size_t most) {
  if (!(low > 0) || !(low < high) || !std::isfinite(high)) return {};
  std::vector<double> at = powers_of_ten(low, high, {1, 2, 5}, 1);
  for (int stride = 1; at.size() > std::max<std::size_t>(2, most); ++stride) at = powers_of_ten(low, high, {1}, stride);
  if (at.size() < 2) return linear_ticks(low, high, most);
  Ticks ticks{std::move(at), {}};
  for (const double value : ticks.at) ticks.texts.push_back(own_text(value));
  return ticks;
}

std::vector<double> small_log_ticks(double low, double high) {
  constexpr double most_decades = 4;
  if (!(low > 0) || !(low < high) || std::log10(high / low) > most_decades) return {};
  return powers_of_ten(low, high, {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1);
}

}  // namespace tardigrad
