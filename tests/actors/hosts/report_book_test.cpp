#include "actors/hosts/report_book.hpp"

#include <doctest/doctest.h>

namespace tardigrad {

namespace {

/// Two nodes at host 1, two at host 2.
Placement two_hosts() {
  Placement placement;
  placement.parts = 3;
  placement.part_of = {1, 1, 2, 2};
  return placement;
}

template <class Message>
WireMessage wire_message_of(Message message, NodeId node = 0) {
  WireMessage wire_message;
  wire_message.node = node;
  wire_message.message = std::move(message);
  return wire_message;
}

RoundRow round_row(NodeId node, Round round) {
  RoundRow row;
  row.node = node;
  row.round = round;
  return row;
}

AccessRow access_row(NodeId node, Round round, bool uplink) {
  AccessRow row;
  row.node = node;
  row.round = round;
  row.uplink = uplink;
  return row;
}

LinkRow link_row(LinkRow::Kind kind, NodeId from, NodeId to) {
  LinkRow row;
  row.kind = kind;
  row.from = from;
  row.to = to;
  return row;
}

}  // namespace

TEST_CASE("a node reports one round after the other, and after the last one none") {
  const Placement placement = two_hosts();
  ReportBook book(placement, 1);
  const auto enters = [&](auto row) { return book.enter(1, wire_message_of(row)); };
  CHECK_FALSE(enters(round_row(0, 1)));
  CHECK(enters(round_row(0, 0)));
  CHECK_FALSE(enters(round_row(0, 0)));
  CHECK(enters(round_row(0, 1)));
  CHECK(enters(round_row(1, 0)));
  // Its links report on their own, maybe later.
  CHECK(enters(access_row(0, 0, true)));
  CHECK(enters(access_row(0, 0, false)));
  CHECK_FALSE(enters(access_row(0, 2, false)));
  CHECK(enters(round_row(0, kUnfinishedRound)));
  CHECK_FALSE(enters(round_row(0, kUnfinishedRound)));
  CHECK_FALSE(enters(round_row(0, 2)));
  CHECK(enters(access_row(0, 1, true)));
}

TEST_CASE("a host reports of its own nodes alone") {
  const Placement placement = two_hosts();
  ReportBook book(placement, 1);
  for (const PartId host : {1U, 2U}) {
    const NodeId own = host == 1 ? 0 : 2;
    const NodeId other = host == 1 ? 3 : 1;
    CHECK_FALSE(book.enter(host, wire_message_of(round_row(other, 0))));
    CHECK_FALSE(book.enter(host, wire_message_of(access_row(other, 0, true))));
    CHECK_FALSE(book.enter(host, wire_message_of(WaitRow{other, {}})));
    CHECK_FALSE(book.enter(host, wire_message_of(RoundEnded{0, Time{}}, other)));
    CHECK_FALSE(book.enter(host, wire_message_of(link_row(LinkRow::Kind::link, other, own))));
    CHECK_FALSE(book.enter(host, wire_message_of(link_row(LinkRow::Kind::downlink, other, other))));
    CHECK(book.enter(host, wire_message_of(link_row(LinkRow::Kind::link, own, other))));
    CHECK(book.enter(host, wire_message_of(round_row(own, 0))));
  }
}

TEST_CASE("a link reports once, a fragment says once that it waits, and an uplink hears of each round once") {
  const Placement placement = two_hosts();
  ReportBook book(placement, 2);
  const auto enters = [&](auto message) { return book.enter(1, wire_message_of(message)); };
  CHECK(enters(link_row(LinkRow::Kind::link, 0, 3)));
  CHECK_FALSE(enters(link_row(LinkRow::Kind::link, 0, 3)));
  CHECK(enters(link_row(LinkRow::Kind::link, 0, 2)));
  CHECK(enters(WaitRow{0, {1}}));
  CHECK(enters(WaitRow{0, {1}}));
  CHECK_FALSE(enters(WaitRow{0, {1}}));
  CHECK(enters(RoundEnded{0, Time{}}));
  CHECK_FALSE(enters(RoundEnded{0, Time{}}));
  CHECK_FALSE(enters(RoundEnded{kUnfinishedRound, Time{}}));
  CHECK(enters(RoundEnded{1, Time{}}));
}

}  // namespace tardigrad
