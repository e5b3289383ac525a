#include "models/training/learning_rate_schedule.hpp"

#include <cmath>

namespace tardigrad {
namespace {

constexpr double kPi = 3.14159265358979323846;

double decayed(const LearningRateSchedule& schedule, std::uint64_t count, double base) {
  switch (schedule.kind) {
    case LearningRateSchedule::Kind::step:
      return base * std::pow(schedule.factor, count / schedule.every);
    case LearningRateSchedule::Kind::cosine: {
      if (count >= schedule.rounds) return schedule.final_rate;
      const double part = static_cast<double>(count) / schedule.rounds;
      return schedule.final_rate + (base - schedule.final_rate) * (1 + std::cos(kPi * part)) / 2;
    }
    case LearningRateSchedule::Kind::constant:
      break;
  }
  return base;
}

}  // namespace

double LearningRateSchedule::rate_in(Round round, std::uint64_t step, double base) const {
  const std::uint64_t count = unit == "steps" ? step : round;
  const double rate = decayed(*this, count, base);
  return count < warm_up ? rate * (static_cast<double>(count) + 1) / (warm_up + 1.0) : rate;
}

const std::vector<NamedKind<LearningRateSchedule>>& schedule_kinds() {
  using Option = KindOption<LearningRateSchedule>;
  using Family = LearningRateSchedule::Kind;
  constexpr double kMostRounds = 1e9;
  static const Option warm_up =
      Option("warm_up", &LearningRateSchedule::warm_up, "rounds in which the rate grows to its value")
          .within(0, kMostRounds)
          .brief();
  static const Option unit =
      Option("unit", &LearningRateSchedule::unit, "what is meant by rounds here").one_of({"rounds", "steps"}).brief();
  static const std::vector<NamedKind<LearningRateSchedule>> kinds = {
      {"constant", Family::constant, "the same rate in all rounds", {warm_up, unit}},
      {"step",
       Family::step,
       "multiplied by a factor every so many rounds",
       {Option("every", &LearningRateSchedule::every, "rounds").within(1, kMostRounds).required("every = 100"),
        Option("factor", &LearningRateSchedule::factor, "multiplies the rate").within(0, 1), warm_up, unit}},
      {"cosine",
       Family::cosine,
       "half a cosine from the rate down to a final one",
       {Option("rounds", &LearningRateSchedule::rounds, "rounds until then")
            .within(1, kMostRounds)
            .required("rounds = 500"),
        Option("final", &LearningRateSchedule::final_rate, "the rate from then on, at most the learning rate")
            .within(0, 1e6),
        warm_up, unit}},
  };
  return kinds;
}

}  // namespace tardigrad
