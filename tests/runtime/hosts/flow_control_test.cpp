#include "runtime/hosts/flow_control.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tardigrad;

namespace {

/// A flow_control of 100 bytes, and who may ask again.
struct Road {
  std::uint64_t under_way = 0;
  std::vector<int> called;
  std::shared_ptr<FlowControl> flow_control = std::make_shared<FlowControl>(100, [this] { return under_way; });

  ReservedRoom enter(std::uint64_t bytes, int who = 1) {
    return flow_control->enter(bytes, static_cast<std::uint64_t>(who), [this, who] { called.push_back(who); });
  }
};

}  // namespace

TEST_CASE("a flow_control takes messages as long as less than its most is on it") {
  Road road;
  const ReservedRoom first = road.enter(60);
  const ReservedRoom second = road.enter(60);
  CHECK(bool(first));
  CHECK(bool(second));
  CHECK_FALSE(bool(road.enter(1)));
}

TEST_CASE("a message longer than the most passes when the flow_control is not full") {
  Road road;
  CHECK(bool(road.enter(1000)));
}

TEST_CASE("what has been sent keeps the flow_control full until the other side has taken it") {
  Road road;
  ReservedRoom sent = road.enter(100);
  road.under_way = 100;
  sent.reset();
  CHECK_FALSE(bool(road.enter(1)));
  CHECK(road.called.empty());
  road.under_way = 99;
  road.flow_control->on_room();
  CHECK(road.called == std::vector<int>{1});
  CHECK(bool(road.enter(1)));
}

TEST_CASE("a message that is dropped before it is sent lets those go on who wait") {
  Road road;
  ReservedRoom dropped = road.enter(100);
  CHECK_FALSE(bool(road.enter(1, 7)));
  CHECK_FALSE(bool(road.enter(1, 5)));
  CHECK_FALSE(bool(road.enter(1, 7)));
  dropped.reset();
  CHECK(road.called == std::vector<int>{5, 7});
  road.flow_control->on_room();
  CHECK(road.called.size() == 2);
}

TEST_CASE("who got room meanwhile is not called") {
  Road road;
  road.under_way = 100;
  CHECK_FALSE(bool(road.enter(1)));
  road.under_way = 0;
  const ReservedRoom room = road.enter(1);
  road.flow_control->on_room();
  CHECK(road.called.empty());
}

TEST_CASE("a message may outlive its flow_control") {
  ReservedRoom last;
  {
    Road road;
    last = road.enter(1);
  }
  last.reset();
}
