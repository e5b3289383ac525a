#include "netem/fair/fair_network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

using Network = FairNetwork<int>;

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }
constexpr BitsPerSecond kByteEachMicrosecond{8e6};

Network equal_nodes(std::size_t count) {
  const std::vector<BitsPerSecond> rates(count, kByteEachMicrosecond);
  return {rates, rates};
}

template <class Message>
std::vector<int> items(const std::vector<Message>& messages) {
  std::vector<int> out;
  for (const auto& message : messages) out.push_back(message.item);
  return out;
}

/// Everything that is transmitted from here on, in order.
std::vector<std::pair<Time, int>> run_out(Network& network) {
  std::vector<std::pair<Time, int>> done;
  while (const auto due = network.next_completion()) {
    for (const auto& message : network.advance(*due)) done.emplace_back(*due, message.item);
  }
  return done;
}

using Done = std::vector<std::pair<Time, int>>;

const auto everything = [](int) { return true; };

}  // namespace

TEST_CASE("messages between the same two nodes go one after the other") {
  Network network = equal_nodes(2);
  network.start(Time{}, 1, 0, 1, 1000);
  network.start(Time{}, 2, 0, 1, 500);
  network.start(Time{}, 3, 0, 1, 1000);
  CHECK(run_out(network) ==
        Done{{ms(1), 1}, {std::chrono::microseconds(1500), 2}, {std::chrono::microseconds(2500), 3}});
}

TEST_CASE("lanes between the same two nodes go side by side") {
  Network network = equal_nodes(2);
  network.start(Time{}, 1, 0, 1, 1000, 1);
  network.start(Time{}, 2, 0, 1, 500, 2);
  CHECK(run_out(network) == Done{{ms(1), 2}, {std::chrono::microseconds(1500), 1}});
}

TEST_CASE("senders share a receiver's downlink, and upload and download do not share") {
  Network network = equal_nodes(3);
  network.start(Time{}, 1, 0, 2, 1000);
  network.start(Time{}, 2, 1, 2, 1000);
  network.start(Time{}, 3, 2, 0, 1000);
  CHECK(run_out(network) == Done{{ms(1), 3}, {ms(2), 1}, {ms(2), 2}});
}

TEST_CASE("a slow receiver leaves the rest of a sender's uplink to the others") {
  Network network({{8e6}, {8e6}, {8e6}}, {{8e6}, {2e6}, {8e6}});
  network.start(Time{}, 1, 0, 1, 250);
  network.start(Time{}, 2, 0, 2, 750);
  CHECK(network.uplink_load(0).value == doctest::Approx(8e6));
  CHECK(network.downlink_load(1).value == doctest::Approx(2e6));
  CHECK(run_out(network) == Done{{ms(1), 1}, {ms(1), 2}});
}

TEST_CASE("a dedicated link limits its own pair only") {
  Network network = equal_nodes(3);
  network.set_pair_link(Time{}, 0, 1, {2e6});
  network.start(Time{}, 1, 0, 1, 1000);
  network.start(Time{}, 2, 0, 2, 750);
  CHECK(network.next_completion() == ms(1));
  CHECK(items(network.advance(ms(1))) == std::vector<int>{2});
  network.set_pair_link(ms(1), 0, 1, {1e6});
  CHECK(run_out(network) == Done{{ms(7), 1}});
}

TEST_CASE("a matrix of dedicated links needs no access links") {
  const BitsPerSecond unlimited{std::numeric_limits<double>::infinity()};
  Network network({unlimited, unlimited, unlimited}, {unlimited, unlimited, unlimited});
  network.set_pair_link(Time{}, 0, 1, {8e6});
  network.set_pair_link(Time{}, 0, 2, {4e6});
  network.start(Time{}, 1, 0, 1, 1000);
  network.start(Time{}, 2, 0, 2, 1000);
  CHECK(run_out(network) == Done{{ms(1), 1}, {ms(2), 2}});
}

TEST_CASE("transfers feel a new rate of an access link at once") {
  Network network = equal_nodes(3);
  network.start(Time{}, 1, 0, 1, 1000);
  network.start(Time{}, 2, 0, 2, 1000);
  network.set_uplink(ms(1), 0, {2e6});  // 500 bytes of each are through; the rest goes at a quarter
  CHECK(network.next_completion() == ms(5));
  network.set_uplink(ms(3), 0, {80e6});
  network.set_downlink(ms(3), 2, {4e6});
  CHECK(run_out(network) == Done{{std::chrono::nanoseconds(3'250'000), 1}, {std::chrono::nanoseconds(3'500'000), 2}});
}

TEST_CASE("what a flush withdraws from inside a transfer frees its share at once") {
  Network network = equal_nodes(3);
  network.start(Time{}, 1, 0, 1, 2000);
  network.start(Time{}, 2, 0, 2, 2000);
  network.start(Time{}, 3, 0, 2, 2000);
  CHECK(network.untransmitted(ms(2), 0) == doctest::Approx(4000));
  CHECK(items(network.withdraw(ms(2), 0, [](int item) { return item != 1; })) == std::vector<int>{2, 3});
  CHECK(network.uplink_load(0).value == doctest::Approx(8e6));
  CHECK(run_out(network) == Done{{ms(3), 1}});
  CHECK(network.open_streams(0) == 0);
}

TEST_CASE("the next message of a stream begins when the one under way is withdrawn") {
  Network network = equal_nodes(2);
  network.start(Time{}, 1, 0, 1, 2000);
  network.start(Time{}, 2, 0, 1, 5000);
  network.start(Time{}, 3, 0, 1, 1000);
  network.start(Time{}, 4, 0, 1, 500);
  CHECK(items(network.withdraw(ms(1), 0, [](int item) { return item == 1; })) == std::vector<int>{1});
  CHECK(items(network.withdraw(ms(1), 0, [](int item) { return item == 3; })) == std::vector<int>{3});
  CHECK(network.next_completion() == ms(6));
  CHECK(items(network.withdraw(ms(2), 0, [](int item) { return item == 2; })) == std::vector<int>{2});
  network.start(ms(2), 5, 0, 1, 500);
  CHECK(run_out(network) == Done{{std::chrono::microseconds(2500), 4}, {ms(3), 5}});
}

TEST_CASE("a message begins when it is accepted, or when the one before it in its stream is through or withdrawn") {
  Network network = equal_nodes(2);
  network.start(ms(1), 1, 0, 1, 2000);
  network.start(ms(1), 2, 0, 1, 5000);
  network.start(ms(1), 3, 0, 1, 1000);
  network.start(ms(1), 4, 0, 1, 1000);
  CHECK(network.advance(ms(3)).at(0).begin == ms(1));
  const auto queued = network.withdraw(ms(4), 0, [](int item) { return item == 3; });
  CHECK_FALSE(queued.at(0).begin);
  const auto under_way = network.withdraw(ms(5), 0, [](int item) { return item == 2; });
  CHECK(under_way.at(0).begin == ms(3));
  CHECK(network.advance(ms(6)).at(0).begin == ms(5));
}

TEST_CASE("a flush reaches the sender's own messages only, in order of their acceptance") {
  Network network = equal_nodes(4);
  network.start(Time{}, 1, 0, 3, 1000);
  network.start(Time{}, 2, 0, 1, 1000);
  network.start(Time{}, 3, 0, 3, 1000);
  network.start(Time{}, 4, 1, 2, 1000);
  CHECK(items(network.withdraw(Time{}, 0, everything)) == std::vector<int>{1, 2, 3});
  CHECK(run_out(network) == Done{{ms(1), 4}});
}

TEST_CASE("a message whose last byte has left cannot be withdrawn, nor is it lost") {
  Network network = equal_nodes(3);
  network.start(Time{}, 1, 0, 1, 1000);
  network.start(Time{}, 2, 0, 1, 1000);
  CHECK(items(network.withdraw(ms(1), 0, everything)) == std::vector<int>{2});
  CHECK(network.next_completion() == ms(1));
  CHECK(items(network.advance(ms(1))) == std::vector<int>{1});
  CHECK_FALSE(network.next_completion());
}

TEST_CASE("messages transmitted at one instant come in order of their acceptance") {
  Network network = equal_nodes(6);
  network.start(Time{}, 3, 5, 0, 1000);
  network.start(Time{}, 1, 2, 1, 1000);
  network.start(Time{}, 2, 0, 4, 1000);
  CHECK(items(network.advance(ms(1))) == std::vector<int>{3, 1, 2});
}

TEST_CASE("an empty message is transmitted at once, and the one behind it begins") {
  Network network = equal_nodes(2);
  network.start(ms(1), 1, 0, 1, 0);
  network.start(ms(1), 2, 0, 1, 0);
  network.start(ms(1), 3, 0, 1, 1000);
  CHECK(run_out(network) == Done{{ms(1), 1}, {ms(1), 2}, {ms(2), 3}});
}

// Every open stream carries one message before the first is through, so that distinct recipients over
// K * J of the round's bytes are out; in expectation (n - 1) (1 - (1 - J / (n - 1))^K) / (K * J).
TEST_CASE("a fair sender has sent much of its round before its first message is transmitted") {
  constexpr std::uint32_t kNodes = 60;
  constexpr std::uint32_t kRecipients = 6;
  constexpr Bytes kSize = 36'000;
  RandomStream random(1, Purpose::test);
  for (const auto& [fragments, expected] : std::vector<std::pair<std::uint32_t, double>>{
           {1, 1}, {2, 0.94915}, {5, 0.81626}, {10, 0.64687}, {20, 0.43410}, {50, 0.19574}}) {
    constexpr int kDraws = 400;
    double sum = 0;
    double worst = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
      Network network = equal_nodes(kNodes);
      std::set<NodeId> distinct;
      for (std::uint32_t fragment = 0; fragment < fragments; ++fragment) {
        for (NodeId recipient : random.sample(kRecipients, kNodes - 1)) {
          distinct.insert(recipient);
          network.start(Time{}, static_cast<int>(fragment), 0, recipient + 1, kSize);
        }
      }
      const double all = static_cast<double>(fragments * kRecipients) * kSize;
      const double sent = 1 - network.untransmitted(*network.next_completion(), 0) / all;
      worst = std::max(worst, std::abs(sent - static_cast<double>(distinct.size() * kSize) / all));
      sum += sent;
    }
    CHECK(worst < 1e-9);
    CHECK(sum / kDraws == doctest::Approx(expected).epsilon(0.005));
  }
}

TEST_CASE("rounds of many nodes with flushes replay identically and lose nothing") {
  const auto run = [] {
    Network network = equal_nodes(20);
    RandomStream random(2, Purpose::test);
    Done done;
    int accepted = 0;
    std::size_t withdrawn = 0;
    for (int round = 0; round < 200; ++round) {
      const Time now = ms(3 * round);
      while (network.next_completion().value_or(kNever) < now) {
        const Time due = *network.next_completion();
        for (const auto& message : network.advance(due)) done.emplace_back(due, message.item);
      }
      const auto node = static_cast<NodeId>(random.below(20));
      withdrawn += network.withdraw(now, node, [](int item) { return item % 3 != 0; }).size();
      for (NodeId recipient : random.sample(10, 19)) {
        network.start(now, accepted++, node, recipient < node ? recipient : recipient + 1, 500 + random.below(1000));
      }
    }
    const auto rest = run_out(network);
    done.insert(done.end(), rest.begin(), rest.end());
    CHECK(withdrawn > 0);
    CHECK(done.size() + withdrawn == static_cast<std::size_t>(accepted));
    return done;
  };
  CHECK(run() == run());
}

TEST_CASE("nodes that begin a round at one instant are served as if somebody had asked for the time in between") {
  const auto run = [](bool asks) {
    std::vector<BitsPerSecond> rates(30, kByteEachMicrosecond);
    for (std::size_t slow = 0; slow < rates.size(); slow += 5) rates[slow].value /= 5;
    FairNetwork<int> network(rates, rates, 1e-9);
    RandomStream random(3, Purpose::test);
    std::vector<Time> done(5 * 30 * 20, kNever);
    int item = 0;
    for (int round = 0; round < 5; ++round) {
      const Time now = ms(15 * round);
      while (network.next_completion().value_or(kNever) <= now) {
        const Time due = *network.next_completion();
        for (const auto& message : network.advance(due)) done[message.item] = due;
      }
      for (NodeId node = 0; node < 30; ++node) {
        network.withdraw(now, node, everything);
        for (int i = 0; i < 20; ++i) {
          const auto to = static_cast<NodeId>((node + 1 + random.below(29)) % 30);
          network.start(now, item++, node, to, 500 + random.below(1000));
          if (asks) network.next_completion();
        }
      }
    }
    return done;
  };
  const std::vector<Time> asked = run(true);
  const std::vector<Time> unasked = run(false);
  CHECK(std::count(asked.begin(), asked.end(), kNever) > 600);  // withdrawn, or of the last round
  for (std::size_t item = 0; item < asked.size(); ++item) {
    INFO("message " << item);
    CHECK(to_seconds(unasked[item]) == doctest::Approx(to_seconds(asked[item])).epsilon(1e-6));
  }
}

TEST_CASE("a link that comes back gives a transfer no more than the slowest of the others has by then") {
  FairNetwork<int> network({{60e6}, {60e6}}, {{60e6}, {60e6}});
  const auto at = [](double seconds) { return from_seconds(seconds); };
  network.set_pair_link(at(0), 0, 1, {1e24});
  network.start(at(0), 1, 0, 1, 1'000'000);
  network.set_pair_link(at(0.05), 0, 1, {0});
  network.set_downlink(at(0.1), 1, {12e6});
  network.set_pair_link(at(0.5), 0, 1, {1e24});
  REQUIRE(network.next_completion());
  // 3 of 8 Mbit in the first 50 ms, the rest at 12 Mbps.
  CHECK(to_seconds(*network.next_completion()) == doctest::Approx(0.5 + 5.0 / 12).epsilon(1e-6));
}

}  // namespace tardigrad
