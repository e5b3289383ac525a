#include "netem/base/units.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace tardigrad;

TEST_CASE("six GN-LeNet models take 0.287 s at 60 Mbps and five times that at 12 Mbps") {
  // 89,834 parameters of 4 bytes each.
  CHECK(transfer_time(6ULL * 89834 * 4, BitsPerSecond{60e6}) == Time(287'468'800'000));
  CHECK(transfer_time(6ULL * 89834 * 4, BitsPerSecond{12e6}) == Time(1'437'344'000'000));
}

TEST_CASE("nothing ever crosses a link of rate zero") {
  CHECK(transfer_time(1, BitsPerSecond{0}) == kNever);
  CHECK(transfer_time(1, BitsPerSecond{-1}) == kNever);
  CHECK(transfer_time(1, BitsPerSecond{std::nan("")}) == kNever);
}

TEST_CASE("seconds that do not fit become never") {
  CHECK(from_seconds(1e30) == kNever);
  CHECK(from_seconds(-1e30) == kNever);
  CHECK(from_seconds(std::nan("")) == kNever);
  CHECK(from_seconds(INFINITY) == kNever);
  CHECK(kNever + kNever > kNever);
}

TEST_CASE("seconds round to the nearest picosecond and back") {
  CHECK(from_seconds(1.5e-12) == Time(2));
  CHECK(from_seconds(0.002) == Time(2'000'000'000));
  CHECK(to_seconds(Time(2'000'000'000)) == doctest::Approx(0.002).epsilon(1e-15));
}
