#include "models/training/learning_rate_schedule.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tardigrad {
namespace {

using Kind = LearningRateSchedule::Kind;

std::vector<double> first_rates(const LearningRateSchedule& schedule, double base, Round rounds) {
  std::vector<double> rates;
  for (Round round = 0; round < rounds; ++round) rates.push_back(schedule.rate_in(round, 0, base));
  return rates;
}

TEST_CASE("without a schedule the learning rate is the scenario's, to the last bit") {
  for (const double rate : first_rates({}, 0.1, 5)) CHECK(rate == 0.1);
}

TEST_CASE("a step schedule multiplies the rate every so many rounds") {
  LearningRateSchedule schedule;
  schedule.kind = Kind::step;
  schedule.every = 3;
  schedule.factor = 0.5;
  CHECK(first_rates(schedule, 0.8, 8) == std::vector<double>{0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2, 0.2});
}

TEST_CASE("a cosine schedule falls from the rate over their mean to the final one, and stays there") {
  LearningRateSchedule schedule;
  schedule.kind = Kind::cosine;
  schedule.rounds = 4;
  schedule.final_rate = 0.1;
  CHECK(schedule.rate_in(0, 0, 0.5) == doctest::Approx(0.5));
  CHECK(schedule.rate_in(1, 0, 0.5) == doctest::Approx(0.1 + 0.4 * 0.8535533906));
  CHECK(schedule.rate_in(2, 0, 0.5) == doctest::Approx(0.3));
  CHECK(schedule.rate_in(4, 0, 0.5) == 0.1);
  CHECK(schedule.rate_in(1000, 0, 0.5) == 0.1);
}

TEST_CASE("warming up, the rate grows linearly to that of the schedule") {
  LearningRateSchedule schedule;
  schedule.warm_up = 3;
  const std::vector<double> rates = first_rates(schedule, 0.8, 5);
  for (Round round = 0; round < 3; ++round) CHECK(rates[round] == doctest::Approx(0.2 * (round + 1)));
  CHECK(rates[3] == 0.8);
  CHECK(rates[4] == 0.8);

  schedule.kind = Kind::step;
  schedule.every = 2;
  schedule.factor = 0.5;
  CHECK(schedule.rate_in(2, 0, 0.8) == doctest::Approx(0.75 * 0.4));
  CHECK(schedule.rate_in(4, 0, 0.8) == 0.2);
}

TEST_CASE("a schedule may count steps, whatever the rounds are") {
  LearningRateSchedule schedule;
  schedule.unit = "steps";
  schedule.kind = Kind::step;
  schedule.every = 100;
  schedule.factor = 0.5;
  schedule.warm_up = 4;
  CHECK(schedule.rate_in(7, 0, 0.8) == doctest::Approx(0.8 / 5));
  CHECK(schedule.rate_in(0, 3, 0.8) == doctest::Approx(0.8 * 4 / 5));
  CHECK(schedule.rate_in(0, 99, 0.8) == 0.8);
  CHECK(schedule.rate_in(0, 100, 0.8) == 0.4);
  CHECK(schedule.rate_in(0, 250, 0.8) == 0.2);
  // Counts that a round's number could not hold.
  CHECK(schedule.rate_in(0, std::uint64_t{1} << 40, 0.8) == doctest::Approx(0));
}

}  // namespace
}  // namespace tardigrad
