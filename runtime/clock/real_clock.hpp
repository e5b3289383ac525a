/// Time as it passes: actors on CAF's normal scheduler, delays by alarms of the machine.
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

/// Computations of one entity that were done later than their emulated time allows, be it that they took
/// longer or that the machine was late to begin them.
struct Overruns {
  std::uint64_t count = 0;
  double worst_ratio = 0;  ///< time taken by time given, both from the emulated begin on
};

/// Delivers every event at its moment, never before. All is thread-safe but running the clock: one
/// thread waits in `run_until`, one delivers, any number of actors and compute workers schedule.
///
/// An event is told the moment at which it was due, which for the result of a computation is the
/// later of the emulated and the real end. Evaluations take no emulated time: their results keep the
/// moment they are about, whenever they come.
///
/// Time stands still unless `run_until` runs. Cost of an event: O(log events) under one lock; one alarm
/// is set for the first of them all. The compute pool must outlive the clock, and the clock
/// all actors that know it.
class RealClock final : public RunningClock {
 public:
  /// The system must have been made with a `RealTimeConfig` of the same time, which must outlive the clock.
  RealClock(caf::actor_system& system, TimeSource& time);
  /// Waits for the jobs that it has been given: cancel (`ComputePool::drain`) what need not be done.
  ~RealClock() override;
  RealClock(const RealClock&) = delete;
  RealClock& operator=(const RealClock&) = delete;

  Time now() const override;
  void fail(std::exception_ptr failure) override;

  /// Asks `keep_going` about every 50 ms. Events up to `end` that are scheduled after it has returned
  /// (results of evaluations) come when it is called again for the same end.
  bool run_until(Time end, const std::function<bool()>& keep_going) override;
  Time next_event() const override;
  /// Nothing has been scheduled, delivered or computed for a second.
  bool stands_still() const override;
  /// Computations that are still going on count as overruns if their time is up.
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
  /// What time it is, also where time stands still.
  Time elapsed() const;

  // With mutex_ held.
  void push(Event event);
  void note_overrun(const Computation& computation, Time done);
  void arm();

  void take_result(std::uint64_t number, std::exception_ptr failure);
  void deliver_due();

  caf::actor_system& system_;
  TimeSource& time_;

  std::atomic<Time> origin_;         ///< of `time_`, so that now it is `now()`
  std::atomic<Time> limit_{Time{}};  ///< no later than this is it now

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
  std::exception_ptr failure_;
  EventQueue events_;
  Time armed_ = kNever;  ///< when the alarm rings: then is looked for what is due
  std::map<std::uint64_t, Computation> computations_;
  std::uint64_t begun_computations_ = 0;
  std::uint64_t awaited_jobs_ = 0;  ///< those that `clear` gave up included
  std::map<std::uint64_t, Overruns> overruns_;
  std::uint64_t moving_events_ = 0;  ///< of those to come
  Time last_move_{};                 ///< when there was one, or a computation
  std::atomic<std::uint64_t> delivered_{0};
};

}  // namespace tardigrad
