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

const std::vector<NamedKind<LearningRateSchedule>>& schedule_kinds() {
  using Option = KindOption<LearningRateSchedule>;
  using Family = LearningRateSchedule::Kind;
  constexpr double kMostRounds = 1e9;
  static const Option warm_up =
      Option("warm_up", &LearningRateSchedule::warm_up, "rounds in which the rate grows to its value")
          .within(0, kMostRounds)
          .brief();
  static const std::vector<NamedKind<LearningRateSchedule>> kinds = {
      {"constant", Family::constant, "the same rate in all rounds", {warm_up}},
      {"step",
       Family::step,
       "multiplied by a factor every so many rounds",
       {Option("every", &LearningRateSchedule::every, "rounds").within(1, kMostRounds).required("every = 100"),
        Option("factor", &LearningRateSchedule::factor, "multiplies the rate").within(0, 1), warm_up}},
      {"cosine",
       Family::cosine,
       "half a cosine from the rate down to a final one",
       {Option("rounds", &LearningRateSchedule::rounds, "rounds until then")
            .within(1, kMostRounds)
            .required("rounds = 500"),
        Option("final", &LearningRateSchedule::final_rate, "the rate from then on, at most the learning rate")
            .within(0, 1e6),
        warm_up}},
  };
  return kinds;
}

}  // namespace tardigrad
