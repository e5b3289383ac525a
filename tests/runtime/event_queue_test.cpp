#include "runtime/event_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "netem/random_stream.hpp"

namespace tardigrad {
namespace {

using Moment = std::tuple<Time, std::uint64_t, std::uint64_t>;

Moment moment_of(const Event& event) { return {event.at, event.key.entity, event.key.sequence}; }

/// Some soon, some late, some at instants that many share.
Time draw(RandomStream& random, Time now) {
  switch (random.below(4)) {
    case 0:
      return now + Time(random.below(100));
    case 1:
      return now + Time(random.below(1'000'000));
    case 2:
      return (now / 1'000'000 + Time(1 + random.below(5))).count() * Time(1'000'000);
    default:
      return now;
  }
}

}  // namespace

TEST_CASE("events come by time, and those of one instant by their keys, whenever they were put in") {
  RandomStream random(1, Purpose::test);
  EventQueue queue;
  std::set<Moment> expected;
  Time now{};
  std::uint64_t sequence = 0;
  for (const std::size_t size : {3U, 300U, 20'000U, 40U, 5'000U, 0U}) {
    for (std::size_t step = 0; step < 60'000 || expected.size() > size; ++step) {
      const bool grows = expected.size() < size || (size > 0 && expected.size() == size && random.below(2) == 0);
      if (grows || expected.empty()) {
        if (size == 0) break;
        Event event;
        event.at = draw(random, now);
        event.key = {random.below(7), sequence++};
        expected.insert(moment_of(event));
        queue.push(std::move(event));
      } else {
        REQUIRE(queue.earliest() == std::get<Time>(*expected.begin()));
        const Event event = queue.pop();
        REQUIRE(moment_of(event) == *expected.begin());
        expected.erase(expected.begin());
        now = event.at;
        queue.prefetch_next();
      }
    }
    const auto all = queue.in_order();
    REQUIRE(all.size() == expected.size());
    CHECK(std::equal(all.begin(), all.end(), expected.begin(),
                     [](const Event* event, const Moment& moment) { return moment_of(*event) == moment; }));
  }
  CHECK(queue.empty());
  CHECK(queue.earliest() == kNever);
}

}  // namespace tardigrad
