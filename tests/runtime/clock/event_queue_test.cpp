#include "runtime/clock/event_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <vector>

#include "netem/base/random_stream.hpp"

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

namespace {

/// Predicts no receiver, and records the questions.
struct Asked final : Foresight {
  const void* clue(const void* content) const override {
    clues_of.push_back(content);
    return &place;
  }
  caf::actor_control_block* receiver(const void* clue) const override {
    receivers_by.push_back(clue);
    return nullptr;
  }
  const void* beyond(const caf::abstract_actor&) const override {
    FAIL("of nobody");
    return nullptr;
  }

  int place = 0;
  mutable std::vector<const void*> clues_of, receivers_by;
};

}  // namespace

TEST_CASE("whoever knows the receiver of an event is asked once, with what he said or was known before") {
  const Asked asked;
  const int contents[20] = {};
  EventQueue queue;
  std::vector<const void*> unknown, clues;
  for (std::uint64_t i = 0; i < 20; ++i) {
    Event event;
    event.at = Time{i};
    event.key = {0, i};
    const bool is_known = i % 3 == 0;
    event.upcoming = {&contents[i], is_known ? &contents[i] : nullptr, i % 2 == 0 ? &asked : nullptr};
    queue.push(std::move(event));
  }
  while (!queue.empty()) {
    const Event event = queue.pop();
    const auto i = static_cast<std::size_t>(event.at.count());
    queue.prefetch_next();
    if (i < 8 || i % 2 != 0) continue;  // there was no time for the first few
    const bool is_known = i % 3 == 0;
    if (!is_known) unknown.push_back(&contents[i]);
    clues.push_back(is_known ? static_cast<const void*>(&contents[i]) : &asked.place);
  }
  const auto ends_with = [](const std::vector<const void*>& all, const std::vector<const void*>& last) {
    return all.size() >= last.size() && std::equal(last.rbegin(), last.rend(), all.rbegin());
  };
  CHECK(ends_with(asked.clues_of, unknown));
  CHECK(ends_with(asked.receivers_by, clues));
  CHECK(std::count(asked.clues_of.begin(), asked.clues_of.end(), &contents[14]) == 1);
}

}  // namespace tardigrad
