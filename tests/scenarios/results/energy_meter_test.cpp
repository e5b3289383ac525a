#include "scenarios/src/results/energy_meter.hpp"

#include <doctest/doctest.h>

namespace tardigrad {
namespace {

using std::chrono::seconds;

const PowerDraw kDraw{2, 7, 1e-3, 3e-3};

RoundRecord round_of(NodeId node, int begin_s, int trained_s, int end_s, Bytes sent, Bytes received) {
  RoundRecord record;
  record.round.node = node;
  record.round.begin = seconds(begin_s);
  record.round.trained = trained_s < 0 ? kNever : seconds(trained_s);
  record.round.end = end_s < 0 ? kNever : seconds(end_s);
  record.uplink.passed_bytes = sent;
  record.downlink.passed_bytes = received;
  return record;
}

LinkRow access_link(LinkRow::Kind kind, NodeId node, Bytes bytes) {
  LinkRow row;
  row.kind = kind;
  row.from = row.to = node;
  row.passed.bytes = bytes;
  return row;
}

}  // namespace

TEST_CASE("a round takes, beyond idling, the power of its local steps and its bytes") {
  const std::vector<NodeAbsence> present(2);
  EnergyMeter meter({kDraw, kDraw}, present);
  CHECK(meter.add(round_of(1, 10, 14, 20, 1000, 500)) == doctest::Approx((7 - 2) * 4 + 1 + 1.5));
  CHECK(meter.idle_joules(seconds(20)) == doctest::Approx(2 * 2 * 20));
}

TEST_CASE("a node's energy has the round that the end interrupts, and all bytes of its access links") {
  const std::vector<NodeAbsence> present(3);
  EnergyMeter meter({kDraw, kDraw, kDraw}, present);
  meter.add(round_of(0, 0, 4, 10, 1000, 500));
  meter.add_unfinished(round_of(0, 10, -1, -1, 0, 0));  // still computing at 13 s
  meter.add_unfinished(round_of(1, 5, 8, -1, 0, 0));    // waiting since 8 s
  meter.add_unfinished(round_of(2, 0, -1, -1, 0, 0));   // its host was lost at 6 s
  meter.add(access_link(LinkRow::Kind::uplink, 0, 3000));
  meter.add(access_link(LinkRow::Kind::downlink, 1, 2000));
  meter.add(access_link(LinkRow::Kind::link, 1, 1'000'000));
  meter.add(access_link(LinkRow::Kind::uplink, 3, 1'000'000));  // a server's
  const auto rows = meter.rows({seconds(13), seconds(13), seconds(6)});
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].use.busy_s == doctest::Approx(7));
  CHECK(rows[0].joules == doctest::Approx(2 * 6 + 7 * 7 + 3));
  CHECK(rows[1].use.busy_s == doctest::Approx(3));
  CHECK(rows[1].joules == doctest::Approx(2 * 10 + 7 * 3 + 6));
  CHECK(rows[2].use.present_s == doctest::Approx(6));
  CHECK(rows[2].joules == doctest::Approx(7 * 6));
}

TEST_CASE("a node that is away draws nothing, whether its local steps have begun or not") {
  const std::vector<NodeAbsence> absences{NodeAbsence(std::vector<Interval>{{seconds(4), seconds(6)}})};
  EnergyMeter meter({kDraw}, absences);
  CHECK(meter.add(round_of(0, 3, 7, 8, 0, 0)) == doctest::Approx((7 - 2) * 2));
  const auto rows = meter.rows({seconds(10)});
  CHECK(rows[0].use.present_s == doctest::Approx(8));
  CHECK(rows[0].joules == doctest::Approx(2 * 6 + 7 * 2));
  CHECK(meter.idle_joules(seconds(5)) == doctest::Approx(2 * 4));
}

TEST_CASE("without draws nothing is counted") {
  const std::vector<NodeAbsence> present;
  EnergyMeter meter({}, present);
  CHECK_FALSE(meter.counts());
  CHECK(meter.add(round_of(0, 0, 4, 10, 1000, 500)) == 0);
  CHECK(meter.rows({}).empty());
}

}  // namespace tardigrad
