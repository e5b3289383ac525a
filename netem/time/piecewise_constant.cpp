#include "netem/time/piecewise_constant.hpp"

#include <cmath>
#include <stdexcept>

namespace tardigrad {
namespace {

/// What accumulates in a picosecond counts as nothing: otherwise rounding could put an end or a begin on the
/// wrong side of an outage.
constexpr double kPicosecond = 1e-12;

void check(const std::vector<PiecewiseConstant::Step>& steps, Time period) {
  if (steps.empty() || steps.front().begin != Time{}) throw std::invalid_argument("the first step begins at zero");
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Time end = i + 1 < steps.size() ? steps[i + 1].begin : period;
    if (steps[i].begin >= end) throw std::invalid_argument("steps go forward in time");
    if (!std::isfinite(steps[i].value) || steps[i].value < 0) {
      throw std::invalid_argument("a step's value is a finite number, not negative");
    }
  }
}

}  // namespace

PiecewiseConstant PiecewiseConstant::held(const std::vector<Step>& steps) { return from_steps(steps, kNever); }

PiecewiseConstant PiecewiseConstant::looped(const std::vector<Step>& steps, Time period) {
  return from_steps(steps, period);
}

PiecewiseConstant PiecewiseConstant::from_steps(const std::vector<Step>& steps, Time period) {
  check(steps, period);
  auto shape = std::make_shared<Shape>();
  shape->period = period;
  for (const Step& step : steps) {
    if (shape->steps.empty() || step.value != shape->steps.back().value) shape->steps.push_back(step);
  }
  PiecewiseConstant made(shape->steps.front().value);
  if (shape->steps.size() == 1) return made;
  shape->steps.shrink_to_fit();
  made.shape_ = shape;
  if (period != kNever) shape->whole = made.integral(Time{}, period);
  return made;
}

double PiecewiseConstant::highest() const {
  if (is_constant()) return value_;
  double highest = 0;
  for (const Step& step : shape_->steps) highest = std::max(highest, step.value);
  return highest;
}

double PiecewiseConstant::lowest() const {
  if (is_constant()) return value_;
  double lowest = shape_->steps.front().value;
  for (const Step& step : shape_->steps) lowest = std::min(lowest, step.value);
  return lowest;
}

bool PiecewiseConstant::recovers() const {
  // A loop has at least two values, so one of them is above zero.
  return is_constant() ? value_ > 0 : is_looped() || shape_->steps.back().value > 0;
}

PiecewiseConstant::Stretch PiecewiseConstant::stretch_at(Time time) const {
  const std::vector<Step>& steps = shape_->steps;
  time = std::max(time, Time{});
  const Time lap = is_looped() ? time - time % shape_->period : Time{};
  const auto next = std::upper_bound(steps.begin(), steps.end(), time - lap,
                                     [](Time phase, const Step& step) { return phase < step.begin; });
  const Time end = next == steps.end() ? shape_->period : next->begin;
  return {lap + std::prev(next)->begin, lap + end, std::prev(next)->value};
}

double PiecewiseConstant::integral(Time begin, Time end) const {
  if (is_constant()) return value_ * to_seconds(end - begin);
  double sum = 0;
  for (Time at = begin; at < end;) {
    const Stretch stretch = stretch_at(at);
    const Time until = std::min(end, stretch.end);
    sum += stretch.value * to_seconds(until - at);
    at = until;
  }
  return sum;
}

Time PiecewiseConstant::walk_to(Time begin, double amount) const {
  double remaining = amount;
  Time at = begin;
  if (is_looped() && remaining > 2 * shape_->whole) {  // skips all but the last laps
    const double laps = std::floor(remaining / shape_->whole) - 1;
    if (laps > static_cast<double>((kNever - at) / shape_->period)) return kNever;
    remaining -= laps * shape_->whole;
    at += static_cast<std::int64_t>(laps) * shape_->period;
  }
  double forgiven = 0;
  while (at < kNever) {
    const Stretch stretch = stretch_at(at);
    const double room = stretch.value * to_seconds(stretch.end - at);
    forgiven = std::max(forgiven, stretch.value * kPicosecond);
    if (stretch.value > 0 && remaining <= room + forgiven) {
      return std::min(stretch.end, at + from_seconds(remaining / stretch.value));
    }
    remaining -= room;
    at = stretch.end;
  }
  return kNever;
}

Time PiecewiseConstant::walk_back(Time end, double amount, Time not_before) const {
  if (end >= kNever) return std::max(not_before, kNever);
  double remaining = amount;
  double forgiven = 0;
  for (Time at = end; at > not_before;) {
    const Stretch stretch = stretch_at(at - Time(1));
    const double room = stretch.value * to_seconds(at - stretch.begin);
    forgiven = std::max(forgiven, stretch.value * kPicosecond);
    if (stretch.value > 0 && remaining <= room + forgiven) {
      return std::max({not_before, stretch.begin, at - from_seconds(remaining / stretch.value)});
    }
    remaining -= room;
    at = stretch.begin;
  }
  return not_before;
}

PiecewiseConstant PiecewiseConstant::scaled(double factor) const {
  if (is_constant()) return PiecewiseConstant(value_ * factor);
  std::vector<Step> steps = shape_->steps;
  for (Step& step : steps) step.value *= factor;
  return from_steps(steps, shape_->period);
}

PiecewiseConstant product(const PiecewiseConstant& a, const PiecewiseConstant& b, Time until) {
  if (a.is_constant()) return b.scaled(a.at(Time{}));
  if (b.is_constant()) return a.scaled(b.at(Time{}));
  const Time end = a.is_looped() || b.is_looped() ? until : kNever;
  std::vector<PiecewiseConstant::Step> steps;
  for (Time at{}; at < end; at = std::min(a.next_change(at), b.next_change(at))) {
    steps.push_back({at, a.at(at) * b.at(at)});
  }
  if (end != kNever) steps.push_back({end, a.recovers() && b.recovers() ? a.highest() * b.highest() : 0});
  return PiecewiseConstant::held(steps);
}

}  // namespace tardigrad
