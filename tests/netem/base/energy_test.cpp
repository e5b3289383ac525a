#include "netem/base/energy.hpp"

#include <doctest/doctest.h>

namespace tardigrad {

TEST_CASE("a node's energy in closed form: powers by time, and so much a byte") {
  const PowerDraw draw{2, 7, 1e-6, 3e-6};
  CHECK(joules(draw, {100}) == doctest::Approx(200));               // idle
  CHECK(joules(draw, {100, 100}) == doctest::Approx(700));          // busy throughout
  CHECK(joules(draw, {100, 30}) == doctest::Approx(140 + 210));     // both
  CHECK(joules(draw, {0, 0, 1'000'000}) == doctest::Approx(1));     // bytes alone
  CHECK(joules(draw, {0, 0, 0, 1'000'000}) == doctest::Approx(3));  // and received
  CHECK(joules(draw, {100, 30, 1'000'000, 1'000'000}) == doctest::Approx(354));
  CHECK(joules({}, {100, 30, 1'000'000, 1'000'000}) == 0);
}

TEST_CASE("what draws something counts, whatever it is") {
  CHECK_FALSE(PowerDraw{}.counts());
  CHECK(PowerDraw{1}.counts());
  CHECK(PowerDraw{0, 1}.counts());
  CHECK(PowerDraw{0, 0, 1e-12}.counts());
  CHECK(PowerDraw{0, 0, 0, 1e-12}.counts());
}

}  // namespace tardigrad
