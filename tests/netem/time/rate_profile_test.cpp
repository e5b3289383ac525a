#include "netem/time/rate_profile.hpp"

#include <doctest/doctest.h>

#include "netem/base/random_stream.hpp"
#include "netem/link/serial_server.hpp"
#include "netem/time/schedule.hpp"

using namespace tardigrad;

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

RateProfile mbps(const std::vector<std::pair<Time, double>>& steps) {
  std::vector<PiecewiseConstant::Step> bits;
  for (const auto& [begin, rate] : steps) bits.push_back({begin, rate * 1e6});
  return RateProfile(PiecewiseConstant::held(bits));
}

constexpr Bytes kMegabit = 125'000;

}  // namespace

TEST_CASE("a constant profile gives the very picoseconds of the plain rate") {
  RandomStream random(1, Purpose::test);
  for (int i = 0; i < 10'000; ++i) {
    const BitsPerSecond rate{1e6 * (0.1 + 1000 * random.uniform())};
    const RateProfile profile = rate;
    const Time begin = from_seconds(1000 * random.uniform());
    const Bytes size = random.below(10'000'000);
    CHECK(profile.end_of(begin, size) == begin + transfer_time(size, rate));
    CHECK(profile.latest_begin(begin + ms(900'000), size, Time{}) == begin + ms(900'000) - transfer_time(size, rate));
  }
}

TEST_CASE("a transfer that meets no change takes the same picoseconds as at a constant rate") {
  RandomStream random(2, Purpose::test);
  const RateProfile profile = mbps({{ms(0), 7.3}, {ms(5'000), 61.1}, {ms(1'000'000), 3}});
  for (int i = 0; i < 1000; ++i) {
    const Time begin = ms(5'000) + from_seconds(500 * random.uniform());
    const Bytes size = random.below(10'000'000);
    CHECK(profile.end_of(begin, size) == begin + transfer_time(size, profile.at(begin)));
  }
}

TEST_CASE("the remaining bytes of a transfer in progress go at the new rate") {
  const RateProfile profile = mbps({{ms(0), 10}, {ms(50), 1}});
  CHECK(profile.end_of(ms(0), kMegabit) == ms(50 + 500));  // half of it at a tenth of the rate
  const RateProfile faster = mbps({{ms(0), 1}, {ms(500), 10}});
  CHECK(faster.end_of(ms(0), kMegabit) == ms(500 + 50));
}

TEST_CASE("a transfer waits out an outage and goes on where it was") {
  const RateProfile profile = mbps({{ms(0), 10}, {ms(50), 0}, {ms(1000), 10}});
  CHECK(profile.end_of(ms(0), kMegabit) == ms(1050));
  CHECK(profile.recovers());
  CHECK_FALSE(mbps({{ms(0), 10}, {ms(50), 0}}).recovers());
  CHECK_FALSE(RateProfile(BitsPerSecond{0}).recovers());
}

TEST_CASE("factors multiply the rate") {
  const RateProfile usual = BitsPerSecond{60e6};
  const RateProfile slowed =
      usual.scaled(during({{ms(100), ms(200)}}, 0.1), ms(1000)).scaled(during({{ms(150), ms(300)}}, 0.5), ms(1000));
  CHECK(slowed.at(ms(99)) == BitsPerSecond{60e6});
  CHECK(slowed.at(ms(100)).value == doctest::Approx(6e6));
  CHECK(slowed.at(ms(150)).value == doctest::Approx(3e6));
  CHECK(slowed.at(ms(200)).value == doctest::Approx(30e6));
  CHECK(slowed.at(ms(300)) == BitsPerSecond{60e6});
  CHECK(slowed.next_change(ms(0)) == ms(100));
  CHECK(slowed.next_change(ms(300)) == kNever);
}

TEST_CASE("a server whose rate falls serves what it is serving more slowly, and what comes after it") {
  SerialServer<int> server(mbps({{ms(0), 10}, {ms(50), 1}}));
  server.enqueue(1, kMegabit);
  server.enqueue(2, kMegabit);
  CHECK(server.start_next(ms(0))->end == ms(550));
  server.complete();
  CHECK(server.start_next(ms(550))->end == ms(1550));
  CHECK(server.rate() == BitsPerSecond{10e6});
  CHECK(server.profile().at(ms(60)) == BitsPerSecond{1e6});
}

TEST_CASE("a downlink takes a message up so that it ends with its tail, through changes of its own rate") {
  const RateProfile downlink = mbps({{ms(0), 100}, {ms(95), 10}});
  // 50,000 bits pass in the last 5 ms at 10 Mbps; the other 950,000 took 9.5 ms before that.
  const Time at = take_up_time(ms(2), ms(100), kMegabit, downlink);
  CHECK(at == ms(95) - std::chrono::microseconds(9500));
  CHECK(downlink.end_of(at, kMegabit) == ms(100));
  CHECK(take_up_time(ms(90), ms(100), kMegabit, downlink) == ms(90));
}

TEST_CASE("a downlink that is out when the tail comes takes the message up before the outage") {
  const RateProfile downlink = mbps({{ms(0), 100}, {ms(50), 0}, {ms(200), 100}});
  CHECK(take_up_time(ms(2), ms(100), kMegabit, downlink) == ms(40));
  CHECK(take_up_time(ms(45), ms(100), kMegabit, downlink) == ms(45));  // and ends after it
}
