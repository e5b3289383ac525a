/// Real time: actors on CAF's normal scheduler, delays by alarms of the machine.
#pragma once

#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>

#include "runtime/clock/clock.hpp"
#include "runtime/clock/time_source.hpp"

namespace tardigrad {

/// CAF configured for a real clock.
class RealTimeConfig : public caf::actor_system_config {
 public:
  explicit RealTimeConfig(const TimeSource& time) { set("scheduler.policy", time.scheduler()); }
};

/// Counts the computations of one entity that ended later than their emulated time allows, because they took
/// longer or because the machine started them late.
struct Overruns {
  std::uint64_t count = 0;
  double worst_ratio = 0;  ///< real by emulated duration, both counted from the emulated begin
};

/// Delivers every event at its due time, never before. Everything except running the clock is thread-safe: one
/// thread waits in `run_until`, one delivers, and any number of actors and compute workers schedule.
///
/// An event carries the time at which it was due, which for the result of a computation is the later of the
/// emulated and the real end. Evaluations take no emulated time: their results carry the time that they are
/// about, whenever they arrive.
///
/// Time stands still unless `run_until` runs. Cost of an event: O(log events) under one lock; there is one
/// alarm, for the first event. The compute pool must outlive the clock, and the clock all actors that use it.
class RealClock final : public RunningClock {
 public:
  /// The system must have been made with a `RealTimeConfig` of the same time, which must outlive the clock. `end`: of
  /// the run. Of events that are due later nothing is kept but their number.
  RealClock(caf::actor_system& system, TimeSource& time, Time end = kNever);
  /// Waits for its jobs: cancel those that are not needed (`ComputePool::drain`).
  ~RealClock() override;
  RealClock(const RealClock&) = delete;
  RealClock& operator=(const RealClock&) = delete;

  Time now() const override;
  Time settled() const override { return now() - std::chrono::seconds(1); }
  void fail(std::exception_ptr failure) override;

  /// Calls `keep_going` about every 50 ms. Events up to `end` that are scheduled after the return (results of
  /// evaluations) are delivered by another call with the same end.
  bool run_until(Time end, const std::function<bool()>& keep_going) override;
  Time next_event() const override;
  /// True if nothing has been scheduled, delivered or computed for a second.
  bool stands_still() const override;
  /// Computations that are still running count as overruns if their time is up.
  void clear() override;
  void await_exits(std::size_t left) override;

  std::uint64_t delivered_events() const override { return delivered_; }
  /// By entity (`EntityId::value`).
  std::map<std::uint64_t, Overruns> overruns() const;

 private:
  struct Computation {
    Event event;
    Time begin{};  ///< emulated
  };
  class RunningTime;

  void add(Event event) override;
  void add_computation(Event event, Time begin) override;
  /// The time since the origin, also while time stands still.
  Time elapsed() const;

  // Needs mutex_ held.
  void push(Event event);
  void note_overrun(const Computation& computation, Time done);
  void arm();

  void take_result(std::uint64_t number, std::exception_ptr failure);
  void deliver_due();

  caf::actor_system& system_;
  TimeSource& time_;
  Time end_;

  std::atomic<Time> origin_;         ///< of `time_`, so that now it is `now()`
  std::atomic<Time> limit_{Time{}};  ///< an upper bound of now

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  std::exception_ptr failure_;
  EventQueue events_;
  Time armed_ = kNever;  ///< the time of the next alarm, at which due events are delivered
  std::map<std::uint64_t, Computation> computations_;
  std::uint64_t begun_computations_ = 0;
  std::uint64_t awaited_jobs_ = 0;  ///< including those that `clear` dropped
  std::map<std::uint64_t, Overruns> overruns_;
  std::uint64_t moving_events_ = 0;  ///< number of events to come for which `moves_on` holds
  Time last_move_{};                 ///< time of the latest such event or computation
  std::atomic<std::uint64_t> delivered_{0};
};

}  // namespace tardigrad
