/// Time that jumps from event to event; nobody sleeps.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <utility>

#include "runtime/clock/clock.hpp"

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
class VirtualClock final : public RunningClock {
 public:
  /// The system must have been made with a `VirtualTimeConfig`.
  explicit VirtualClock(caf::actor_system& system);

  Time now() const override { return now_; }
  void fail(std::exception_ptr failure) override { failure_ = std::move(failure); }

  /// Asks `keep_going` before every event, and after the last. An `end` that has passed lets actors run until none has
  /// anything to do.
  bool run_until(Time end, const std::function<bool()>& keep_going) override;
  /// Runs actors until none has anything to do, without moving time.
  void settle();
  Time next_event() const override { return events_.earliest(); }
  bool stands_still() const override { return moving_events_ == 0; }
  void clear() override {
    events_ = {};
    moving_events_ = 0;
  }
  void await_exits(std::size_t) override { settle(); }

  std::uint64_t delivered_events() const override { return delivered_; }

  /// While no actor has anything to do: the events to come, in order, what they wait for computed. Throws what a job
  /// threw. Valid until the clock goes on.
  std::vector<const Event*> pending_events() const;
  /// What time it is. Loading it drops all events to come.
  void persist(StateArchive& archive);

 private:
  void add(Event event) override;

  caf::scheduler::test_coordinator& scheduler_;
  Time now_{};
  EventQueue events_;
  std::uint64_t moving_events_ = 0;  ///< of those to come
  std::uint64_t delivered_ = 0;
  std::exception_ptr failure_;
};

}  // namespace tardigrad
