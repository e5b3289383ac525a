#include "actors/protocols/low_communication/steps_by_speed.hpp"

#include <doctest/doctest.h>

namespace tardigrad {

TEST_CASE("dynamic local updates: slower nodes do fewer steps, one at least, and the fastest all") {
  const std::vector<double> seconds = {0.01, 0.02, 0.03, 0.008, 1e9};
  CHECK(steps_by_speed(seconds, 3, 20) == 20);
  CHECK(steps_by_speed(seconds, 0, 20) == 16);
  CHECK(steps_by_speed(seconds, 1, 20) == 8);
  CHECK(steps_by_speed(seconds, 2, 20) == 5);  // 5.33
  CHECK(steps_by_speed(seconds, 4, 20) == 1);
  CHECK(steps_by_speed({0.008 * 3, 0.008}, 0, 9) == 3);  // 2.9999... but for rounding
  CHECK(steps_by_speed({0, 0}, 0, 9) == 9);
  CHECK(steps_by_speed({}, 0, 9) == 9);
}

}  // namespace tardigrad
