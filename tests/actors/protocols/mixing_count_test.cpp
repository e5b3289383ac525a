#include "actors/protocols/mixing_count.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

TEST_CASE("a received model is as stale as it is behind its receiver, one ahead is not stale") {
  MixingCount count;
  CHECK(count.is_zero());
  CHECK(count.mean_staleness() == 0);
  count.add(7, 4);
  count.add(7, 9);
  count.add(7, 6);
  CHECK_FALSE(count.is_zero());
  CHECK(count.mixed == 3);
  CHECK(count.staleness_sum == 4);
  CHECK(count.staleness_max == 3);
  CHECK(count.mean_staleness() == doctest::Approx(4.0 / 3));
}

TEST_CASE("counts add up, the oldest model is the oldest of both") {
  MixingCount count;
  count.add(5, 1);
  MixingCount other;
  other.add(5, 4);
  other.missed = 2;
  count += other;
  CHECK(count.mixed == 2);
  CHECK(count.staleness_sum == 5);
  CHECK(count.staleness_max == 4);
  CHECK(count.missed == 2);
  MixingCount only_missed;
  only_missed.missed = 1;
  CHECK_FALSE(only_missed.is_zero());
}
