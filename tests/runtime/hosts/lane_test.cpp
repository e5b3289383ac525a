#include "runtime/hosts/lane.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tardigrad;

namespace {

/// A lane of 100 bytes, and who may ask again.
struct Road {
  std::uint64_t under_way = 0;
  std::vector<int> called;
  std::shared_ptr<Lane> lane = std::make_shared<Lane>(100, [this] { return under_way; });

  LaneRoom enter(std::uint64_t bytes, int who = 1) {
    return lane->enter(bytes, static_cast<std::uint64_t>(who), [this, who] { called.push_back(who); });
  }
};

}  // namespace

TEST_CASE("a lane takes messages as long as less than its most is on it") {
  Road road;
  const LaneRoom first = road.enter(60);
  const LaneRoom second = road.enter(60);
  CHECK(bool(first));
  CHECK(bool(second));
  CHECK_FALSE(bool(road.enter(1)));
}

TEST_CASE("a message longer than the most passes when the lane is not full") {
  Road road;
  CHECK(bool(road.enter(1000)));
}

TEST_CASE("what has been sent keeps the lane full until the other side has taken it") {
  Road road;
  LaneRoom sent = road.enter(100);
  road.under_way = 100;
  sent.reset();
  CHECK_FALSE(bool(road.enter(1)));
  CHECK(road.called.empty());
  road.under_way = 99;
  road.lane->on_room();
  CHECK(road.called == std::vector<int>{1});
  CHECK(bool(road.enter(1)));
}

TEST_CASE("a message that is dropped before it is sent lets those go on who wait") {
  Road road;
  LaneRoom dropped = road.enter(100);
  CHECK_FALSE(bool(road.enter(1, 7)));
  CHECK_FALSE(bool(road.enter(1, 5)));
  CHECK_FALSE(bool(road.enter(1, 7)));
  dropped.reset();
  CHECK(road.called == std::vector<int>{5, 7});
  road.lane->on_room();
  CHECK(road.called.size() == 2);
}

TEST_CASE("who got room meanwhile is not called") {
  Road road;
  road.under_way = 100;
  CHECK_FALSE(bool(road.enter(1)));
  road.under_way = 0;
  const LaneRoom room = road.enter(1);
  road.lane->on_room();
  CHECK(road.called.empty());
}

TEST_CASE("a message may outlive its lane") {
  LaneRoom last;
  {
    Road road;
    last = road.enter(1);
  }
  last.reset();
}
