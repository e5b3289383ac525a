/// Time that jumps from event to event; nobody sleeps.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "runtime/clock.hpp"

namespace caf::scheduler {
class test_coordinator;
}

namespace tardigrad {

/// CAF configured for a virtual clock: its deterministic scheduler, all actors on the thread that
/// calls `VirtualClock::run_until`.
class VirtualTimeConfig : public caf::actor_system_config {
 public:
  VirtualTimeConfig();
};

/// Discrete events over CAF's deterministic scheduler. One event is popped, the time is set, the
/// message is delivered, and actors run until none has anything to do; then comes the next event.
/// So all consequences of an event at its own instant come before the next event, and the order
/// depends on nothing but (time, key).
///
/// Cost of an event: one push and one pop of a binary heap, O(log events), and the actor hops.
class VirtualClock final : public Clock {
 public:
  /// The system must have been made with a `VirtualTimeConfig`.
  explicit VirtualClock(caf::actor_system& system);

  Time now() const override { return now_; }
  void fail(std::exception_ptr failure) override { failure_ = std::move(failure); }

  /// Delivers all events up to and including `end`, then sets the time to `end`. Asks
  /// `keep_going` before every event and stops where it says no; returns false then. Throws what a
  /// job or an actor threw.
  bool run_until(Time end, const std::function<bool()>& keep_going);
  /// Runs actors until none has anything to do, without moving time.
  void settle();
  /// Drops all events to come.
  void clear();

  std::uint64_t delivered_events() const { return delivered_; }

 private:
  // The heap holds what is compared and where the rest of the event is; the rest does not move.
  struct Entry {
    Time at;
    EventKey key;
    std::uint32_t slot;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const { return std::tie(b.at, b.key) < std::tie(a.at, a.key); }
  };

  void add(Event event) override;
  Event pop();

  caf::scheduler::test_coordinator& scheduler_;
  Time now_{};
  std::vector<Entry> heap_;
  std::vector<Event> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::uint64_t delivered_ = 0;
  std::exception_ptr failure_;
};

}  // namespace tardigrad
