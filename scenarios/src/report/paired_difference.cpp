#include "scenarios/src/report/paired_difference.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {

namespace {

/// The probability of Student's distribution between -t and t, t = tan(angle) * sqrt(degrees): Abramowitz and
/// Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4, where each term follows from the one
/// before.
double share_within(double angle, std::size_t degrees) {
  const double pi = std::acos(-1.0);
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1;
  double sum = 0;
  for (std::size_t k = odd ? 1 : 0; k + 2 <= degrees; k += 2) {
    sum += term;
    term *= cosine * cosine * static_cast<double>(k + 1) / static_cast<double>(k + 2);
  }
  return odd ? 2 / pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

double student_t_95(std::size_t degrees_of_freedom) {
  double low = 0;
  double high = std::acos(0.0);
  for (int step = 0; step < 60; ++step) {
    const double angle = (low + high) / 2;
    (share_within(angle, degrees_of_freedom) < 0.95 ? low : high) = angle;
  }
  return std::tan(low) * std::sqrt(static_cast<double>(degrees_of_freedom));
}

std::optional<ConfidenceInterval> confidence_interval(const std::vector<double>& differences) {
  if (differences.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(differences.size());
  const double mean = mean_of(differences);
  double squares = 0;
  for (const double difference : differences) squares += (difference - mean) * (difference - mean);
  const double margin = student_t_95(differences.size() - 1) * std::sqrt(squares / (count - 1) / count);
  return ConfidenceInterval{mean - margin, mean + margin};
}

PairedDifference paired_difference(const std::vector<double>& differences, double resolution) {
  PairedDifference result;
  result.seeds = differences.size();
  result.resolution = resolution;
  if (differences.empty()) return result;
  result.mean = mean_of(differences);
  result.interval = confidence_interval(differences);
  const bool by_chance = result.interval && result.interval->low <= 0 && result.interval->high >= 0;
  result.is_told = !by_chance && result.mean != 0 && std::abs(result.mean) >= resolution;
  return result;
}

}  // namespace tardigrad
