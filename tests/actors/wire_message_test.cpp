#include "actors/wire_message.hpp"

#include <doctest/doctest.h>

#include <caf/make_message.hpp>
#include <functional>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

const WireLimits limits{10, 4, 100};

TransferPtr some_transfer() {
  Transfer transfer;
  transfer.from = 3;
  transfer.to = 9;
  transfer.fragment = 2;
  transfer.kind = 5;
  transfer.round = 77;
  transfer.size = 1234;
  transfer.order = 42;
  transfer.values = share(Values{1.5F, -2.25F});
  transfer.encoded = share(EncodedBytes{1, 2, 3});
  transfer.number = 99;
  return std::make_shared<const Transfer>(transfer);
}

template <class Message>
WireBytes wire_message_of(const Message& message, bool timed = true) {
  ByteWriter out;
  const WireMessage::Moment moment{Time(123456), {7, 8}};
  const Address to{1, static_cast<std::uint8_t>(Role::downlink), 9};
  const auto content = caf::make_message(message);
  write_wire_message(out, to, timed ? std::optional(moment) : std::nullopt, content.content());
  return out.take();
}

std::optional<WireMessage> read(const WireBytes& bytes, const WireLimits& within = limits) {
  ByteReader in(bytes);
  auto wire_message = read_wire_message(in, within);
  if (wire_message && !in.at_end()) wire_message.reset();
  return wire_message;
}

}  // namespace

TEST_CASE("a message between parts arrives as it was sent, with its moment and key") {
  const TransferPtr sent = some_transfer();
  const auto wire_message = read(wire_message_of(Arriving{sent, Time(55), {}}));
  REQUIRE(wire_message);
  CHECK(wire_message->role == Role::downlink);
  CHECK(wire_message->node == 9);
  REQUIRE(wire_message->moment);
  CHECK(wire_message->moment->at == Time(123456));
  CHECK(wire_message->moment->key.entity == 7);
  CHECK(wire_message->moment->key.sequence == 8);
  const auto& arriving = std::get<Arriving>(wire_message->message);
  CHECK(arriving.tail == Time(55));
  CHECK(is_same(*arriving.transfer, *sent));
  CHECK(arriving.transfer->to == 9);
  CHECK(arriving.transfer->kind == 5);
  CHECK(arriving.transfer->round == 77);
  CHECK(arriving.transfer->size == 1234);
  CHECK(*arriving.transfer->values == *sent->values);
  CHECK(*arriving.transfer->encoded == *sent->encoded);
}

TEST_CASE("what a timeline shows travels with its round, and is refused where it cannot be") {
  const auto row_with = [](const Hop& hop) {
    AccessRow row{9, 7, true, 1, 2, 3, 4, std::make_shared<const std::vector<Hop>>(2, hop)};
    return wire_message_of(row, false);
  };
  const Hop hop{Hop::Place::pair, Hop::Fate::cut, 8, 3, 70, 1234, 99, Time(5), Time(6)};
  const auto wire_message = read(row_with(hop));
  REQUIRE(wire_message);
  const auto& row = std::get<AccessRow>(wire_message->message);
  REQUIRE(row.hops);
  REQUIRE(row.hops->size() == 2);
  const Hop& last = row.hops->back();
  CHECK(last.place == Hop::Place::pair);
  CHECK(last.fate == Hop::Fate::cut);
  CHECK(last.peer == 8);
  CHECK(last.fragment == 3);
  CHECK(last.round == 70);
  CHECK(last.size == 1234);
  CHECK(last.number == 99);
  CHECK(last.begin == Time(5));
  CHECK(last.end == Time(6));
  for (const auto& spoil : std::vector<std::function<void(Hop&)>>{
           [](Hop& h) { h.place = static_cast<Hop::Place>(4); }, [](Hop& h) { h.fate = static_cast<Hop::Fate>(5); },
           [](Hop& h) { h.peer = 10; }, [](Hop& h) { h.fragment = 4; }, [](Hop& h) { h.begin = Time(-1); },
           [](Hop& h) { h.begin = Time(7); }, [](Hop& h) { h.end = kNever + Time(1); }}) {
    Hop spoiled = hop;
    spoil(spoiled);
    CHECK_FALSE(read(row_with(spoiled)));
  }
}

TEST_CASE("a wire message that speaks of nodes, fragments or sizes beyond its run is refused") {
  const WireBytes bytes = wire_message_of(Arriving{some_transfer(), {}, {}});
  CHECK(read(bytes));
  CHECK_FALSE(read(bytes, {9, 4, 100}));
  CHECK_FALSE(read(bytes, {10, 2, 100}));
  CHECK_FALSE(read(wire_message_of(ModelSnapshot{1, 0, share(Values(101))}, false)));
  CHECK_FALSE(read(wire_message_of(RoundRow{10}, false)));
}

TEST_CASE("wire_messages that are cut short or changed at random are refused or harmless") {
  Outgoing outgoing{1, true, true, {some_transfer(), some_transfer()}, {}};
  const WireBytes whole = wire_message_of(outgoing);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(read(WireBytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  RandomStream draw(1, Purpose::test);
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    WireBytes changed = whole;
    for (std::uint64_t n = 1 + draw.below(4); n > 0; --n) {
      changed[draw.below(changed.size())] = static_cast<std::uint8_t>(draw.below(256));
    }
    if (!read(changed)) ++refused;
  }
  CHECK(refused > 5000);
}

}  // namespace tardigrad
