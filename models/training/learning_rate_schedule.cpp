#include "models/training/learning_rate_schedule.hpp"

#include <cmath>

namespace tardigrad {
namespace {

constexpr double kPi = 3.14159265358979323846;

double decayed(const LearningRateSchedule& schedule, Round round, double base) {
  switch (schedule.kind) {
    case LearningRateSchedule::Kind::step:
      return base * std::pow(schedule.factor, round / schedule.every);
    case LearningRateSchedule::Kind::cosine: {
      if (round >= schedule.rounds) return schedule.final_rate;
      const double part = static_cast<double>(round) / schedule.rounds;
      return schedule.final_rate + (base - schedule.final_rate) * (1 + std::cos(kPi * part)) / 2;
    }
    case LearningRateSchedule::Kind::constant:
      break;
  }
  return base;
}

}  // namespace

double LearningRateSchedule::rate_in(Round round, double base) const {
  const double rate = decayed(*this, round, base);
  return round < warm_up ? rate * (round + 1.0) / (warm_up + 1.0) : rate;
}

}  // namespace tardigrad
