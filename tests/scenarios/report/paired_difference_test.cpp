#include "scenarios/src/report/paired_difference.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tardigrad;

TEST_CASE("the quantiles are those of tables of Student's t") {
  const std::vector<std::pair<std::size_t, double>> table{{1, 12.7062},  {2, 4.30265},   {3, 3.18245},  {4, 2.77645},
                                                          {5, 2.57058},  {9, 2.26216},   {10, 2.22814}, {30, 2.04227},
                                                          {99, 1.98422}, {1000, 1.96234}};
  for (const auto& [degrees, t] : table) {
    INFO(degrees);
    CHECK(student_t_95(degrees) == doctest::Approx(t).epsilon(1e-5));
  }
}

TEST_CASE("the interval is the mean's, as wide as t and the standard error say") {
  CHECK_FALSE(confidence_interval({}));
  CHECK_FALSE(confidence_interval({3}));
  // Mean 2, deviation 1: 4.30265 / sqrt(3) to either side.
  const auto interval = confidence_interval({1, 2, 3});
  REQUIRE(interval);
  CHECK(interval->low == doctest::Approx(2 - 2.484138));
  CHECK(interval->high == doctest::Approx(2 + 2.484138));
}

TEST_CASE("several seeds tell a difference that is always there, not one that comes and goes") {
  CHECK(paired_difference({5.0, 5.5, 6.0}, 0).is_told);
  CHECK(paired_difference({-5.0, -5.5, -6.0}, 0).is_told);
  CHECK_FALSE(paired_difference({9.0, -3.0, 1.0}, 0).is_told);
  // Both of two are above 0, and yet it may be chance.
  CHECK_FALSE(paired_difference({1.0, 2.0}, 0).is_told);
  CHECK(paired_difference({2.0, 2.0}, 0).is_told);
}

TEST_CASE("what is closer than measurements can tell is told by no number of seeds") {
  CHECK_FALSE(paired_difference({0.5, 0.5, 0.5}, 2).is_told);
  CHECK_FALSE(paired_difference({1.9}, 2).is_told);
  CHECK(paired_difference({2.0}, 2).is_told);
  CHECK_FALSE(paired_difference({0.0}, 0).is_told);
  CHECK_FALSE(paired_difference({}, 0).is_told);
  CHECK(paired_difference({1.0, 3.0}, 0).mean == 2);
}
