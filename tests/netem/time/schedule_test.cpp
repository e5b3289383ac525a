#include "netem/time/schedule.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "netem/time/node_absence.hpp"

using namespace tardigrad;

namespace {

constexpr Time s(std::int64_t count) { return std::chrono::seconds(count); }

bool same(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Interval& x, const Interval& y) { return x.begin == y.begin && x.end == y.end; });
}

double total(const std::vector<Interval>& intervals) {
  Time sum{};
  for (const Interval& interval : intervals) sum += interval.end - interval.begin;
  return to_seconds(sum);
}

}  // namespace

TEST_CASE("a factor holds during its intervals and nowhere else") {
  const auto factor = during({{s(200), s(300)}, {s(100), s(150)}}, 0.1);
  CHECK(factor.at(s(0)) == 1);
  CHECK(factor.at(s(100)) == 0.1);
  CHECK(factor.at(s(150)) == 1);
  CHECK(factor.at(s(299)) == 0.1);
  CHECK(factor.at(s(300)) == 1);
}

TEST_CASE("intervals that overlap or touch count once") {
  const auto factor = during({{s(0), s(10)}, {s(5), s(7)}, {s(10), s(12)}, {s(20), s(20)}}, 0.5);
  CHECK(factor.at(s(6)) == 0.5);
  CHECK(factor.next_change(s(0)) == s(12));
  CHECK(factor.next_change(s(12)) == kNever);
}

TEST_CASE("an interval without end has none") {
  const auto factor = during({{s(5), kNever}}, 0);
  CHECK(factor.at(s(1'000'000)) == 0);
  CHECK_FALSE(factor.recovers());
  CHECK(during({}, 0).recovers());
}

TEST_CASE("an on-off process is on for the share of time that its means say") {
  const OnOff process{s(3), s(9)};
  double on = 0;
  std::size_t stays = 0;
  for (std::uint64_t node = 0; node < 200; ++node) {
    const auto intervals = on_intervals(process, s(1000), RandomStream(1, Purpose::test, node));
    on += total(intervals);
    stays += intervals.size();
  }
  CHECK(on / 200'000 == doctest::Approx(0.25).epsilon(0.03).scale(0));
  CHECK(on / static_cast<double>(stays) == doctest::Approx(3).epsilon(0.03).scale(0));
}

TEST_CASE("an on-off process is as likely on at the start as at any later moment") {
  const OnOff process{s(3), s(9)};
  int on_at_start = 0;
  for (std::uint64_t node = 0; node < 4000; ++node) {
    const auto intervals = on_intervals(process, s(1), RandomStream(2, Purpose::test, node));
    if (!intervals.empty() && intervals.front().begin == s(0)) ++on_at_start;
  }
  CHECK(on_at_start == doctest::Approx(1000).epsilon(0.08).scale(0));
}

TEST_CASE("stays are apart, ascending, within the run, and the same for the same seed") {
  const OnOff process{s(1), s(2)};
  for (std::uint64_t node = 0; node < 50; ++node) {
    const auto intervals = on_intervals(process, s(100), RandomStream(3, Purpose::test, node));
    Time free{};
    for (const Interval& interval : intervals) {
      CHECK(interval.begin >= free);
      CHECK(interval.end >= interval.begin);
      free = interval.end;
    }
    CHECK(free <= s(100));
    CHECK(same(intervals, on_intervals(process, s(100), RandomStream(3, Purpose::test, node))));
    CHECK_FALSE(same(intervals, on_intervals(process, s(100), RandomStream(4, Purpose::test, node))));
  }
}

TEST_CASE("a longer run continues a shorter one's stays") {
  const OnOff process{s(1), s(2)};
  const RandomStream stream(5, Purpose::test);
  const auto short_run = on_intervals(process, s(50), stream);
  const auto long_run = on_intervals(process, s(100), stream);
  REQUIRE(short_run.size() > 5);
  REQUIRE(long_run.size() > short_run.size());
  for (std::size_t i = 0; i + 1 < short_run.size(); ++i) {
    CHECK(short_run[i].begin == long_run[i].begin);
    CHECK(short_run[i].end == long_run[i].end);
  }
}

TEST_CASE("stays too short to keep are refused") {
  CHECK_THROWS_AS(on_intervals({Time(1), s(1)}, s(1), RandomStream(1, Purpose::test)), std::invalid_argument);
  CHECK_THROWS_AS(on_intervals({s(1), Time(0)}, s(1), RandomStream(1, Purpose::test)), std::invalid_argument);
}

TEST_CASE("a node is away in its intervals and tells when it comes and goes") {
  const NodeAbsence absence({{s(10), s(20)}, {s(30), kNever}});
  CHECK_FALSE(absence.away_at(s(9)));
  CHECK(absence.away_at(s(10)));
  CHECK_FALSE(absence.away_at(s(20)));
  CHECK(absence.away_at(s(31)));
  CHECK(absence.next_change(s(0)) == s(10));
  CHECK(absence.next_change(s(10)) == s(20));
  CHECK(absence.next_change(s(30)) == kNever);
  CHECK_FALSE(absence.returns());
  CHECK(absence.ever());
  CHECK(absence.presence().at(s(15)) == 0);
}

TEST_CASE("a node without absence is always there") {
  CHECK_FALSE(NodeAbsence().ever());
  CHECK_FALSE(NodeAbsence().away_at(s(5)));
  CHECK(NodeAbsence().next_change(s(5)) == kNever);
  const NodeAbsence always({{s(0), kNever}});
  CHECK(always.ever());
  CHECK(always.away_at(s(0)));
}

TEST_CASE("drawn absences differ from node to node, repeat with the seed and end with the run") {
  const OnOff away{s(5), s(45)};
  double share = 0;
  for (NodeId node = 0; node < 200; ++node) {
    const NodeAbsence absence = NodeAbsence::drawn(away, s(1000), 7, node);
    const NodeAbsence again = NodeAbsence::drawn(away, s(1000), 7, node);
    const NodeAbsence other = NodeAbsence::drawn(away, s(1000), 7, node + 1);
    CHECK(absence.next_change(s(0)) == again.next_change(s(0)));
    CHECK(absence.next_change(s(0)) != other.next_change(s(0)));
    CHECK_FALSE(absence.away_at(s(1000)));
    CHECK(absence.returns());
    share += 1 - absence.presence().integral(s(0), s(1000)) / 1000;
  }
  CHECK(share / 200 == doctest::Approx(0.1).epsilon(0.1).scale(0));
}
