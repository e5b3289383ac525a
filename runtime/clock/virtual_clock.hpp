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

/// CAF configured for a virtual clock: its deterministic scheduler runs all actors on the thread that calls
/// `VirtualClock::run_until`.
class VirtualTimeConfig : public caf::actor_system_config {
 public:
  VirtualTimeConfig();
};

/// Discrete events over CAF's deterministic scheduler. The clock pops one event, sets the time, delivers the
/// message, and runs actors until none has anything to do; then comes the next event. So all consequences of an
/// event at its own instant come before the next event, and the order depends on nothing but (time, key).
///
/// Cost of an event: one push and one pop of a binary heap, O(log events), and the actors' handlers.
class VirtualClock final : public RunningClock {
 public:
  /// The system must have been made with a `VirtualTimeConfig`. `end`: of the run. Of events that are due later nothing
  /// is kept but their number: other hosts may send any number of them.
  explicit VirtualClock(caf::actor_system& system, Time end = kNever);

  Time now() const override { return now_; }
  Time settled() const override { return now() - Time{1}; }
  void fail(std::exception_ptr failure) override { failure_ = std::move(failure); }

  /// Calls `keep_going` before every event, and after the last. If `end` has passed, actors run until none has
  /// anything to do.
  bool run_until(Time end, const std::function<bool()>& keep_going) override;
  /// Runs actors until none has anything to do, without moving time.
  void settle();
  Time next_event() const override { return events_.earliest(); }
  bool stands_still() const override { return moving_events_ == 0; }
  void clear() override {
    events_ = {};
    moving_events_ = moving_events_after_end_ = 0;
  }
  void await_exits(std::size_t) override { settle(); }

  std::uint64_t delivered_events() const override { return delivered_; }

  /// The events to come, in order, with their computations done. To be called while no actor has anything to
  /// do. Throws what a job threw. Valid until the clock goes on.
  std::vector<const Event*> pending_events() const;
  /// Saves or loads the time. Loading drops all events to come.
  void persist(StateArchive& archive);

 private:
  void add(Event event) override;

  caf::scheduler::test_coordinator& scheduler_;
  Time end_;
  Time now_{};
  EventQueue events_;
  std::uint64_t moving_events_ = 0;            ///< number of events to come for which `moves_on` holds
  std::uint64_t moving_events_after_end_ = 0;  ///< those of them that are not kept
  std::uint64_t delivered_ = 0;
  std::exception_ptr failure_;
};

}  // namespace tardigrad
