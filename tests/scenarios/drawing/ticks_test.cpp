#include "scenarios/src/drawing/ticks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace tardigrad;

namespace {

using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("linear ticks are multiples of 1, 2 or 5 times a power of ten, as finely as there may be") {
  CHECK(linear_ticks(0, 100, 6).at == Numbers{0, 20, 40, 60, 80, 100});
  CHECK(linear_ticks(0, 100, 5).at == Numbers{0, 50, 100});
  CHECK(linear_ticks(0, 99, 5).at == Numbers{0, 20, 40, 60, 80});
  CHECK(linear_ticks(3, 11, 4).at == Numbers{4, 6, 8, 10});
  CHECK(linear_ticks(-1, 1, 5).texts == Texts{"\u22121.0", "\u22120.5", "0.0", "0.5", "1.0"});
  CHECK(linear_ticks(0, 40'000, 5).texts == Texts{"0", "10,000", "20,000", "30,000", "40,000"});
}

TEST_CASE("ticks of tenths are the numbers themselves, not sums of inexact steps") {
  const Ticks ticks = linear_ticks(0, 0.7, 9);
  CHECK(ticks.at == Numbers{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7});
  CHECK(ticks.texts == Texts{"0.0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7"});
}

TEST_CASE("of no range of linear ticks are there more than asked for, or none, and all are within") {
  for (double low = -7.3; low < 8; low += 1.7) {
    for (double length = 1e-9; length < 1e12; length *= 3.7) {
      for (std::size_t most = 2; most < 10; ++most) {
        const Ticks ticks = linear_ticks(low, low + length, most);
        CAPTURE(low);
        CAPTURE(length);
        CHECK(ticks.at.size() <= most);
        CHECK(ticks.at.size() == ticks.texts.size());
        for (const double at : ticks.at) CHECK(std::abs(at - low - length / 2) <= (0.5 + 1e-8) * length + 1e-14);
      }
    }
  }
  CHECK(linear_ticks(0, std::numeric_limits<double>::infinity(), 5).at.empty());
  CHECK(linear_ticks(2, 1, 5).at.empty());
  CHECK(linear_ticks(2, 2, 5).at == Numbers{2});
}

TEST_CASE("logarithmic ticks are 1, 2, 5 of every decade, or decades alone where these are too many") {
  CHECK(log_ticks(1, 100, 9).at == Numbers{1, 2, 5, 10, 20, 50, 100});
  CHECK(log_ticks(1, 100, 5).at == Numbers{1, 10, 100});
  CHECK(log_ticks(0.02, 3, 9).texts == Texts{"0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"});
  CHECK(log_ticks(1, 1e8, 5).texts == Texts{"1", "100", "10,000", "1,000,000", "100,000,000"});
  CHECK(log_ticks(6, 9, 5).at == Numbers{6, 7, 8, 9});  // of 1, 2, 5 there is none
  CHECK(log_ticks(0, 9, 5).at.empty());
  CHECK(log_ticks(9, 9, 5).at.empty());
}

TEST_CASE("small logarithmic ticks are whole multiples of powers of ten, over few decades") {
  CHECK(small_log_ticks(7, 30) == Numbers{7, 8, 9, 10, 20, 30});
  CHECK(small_log_ticks(1, 1e5).empty());
}
