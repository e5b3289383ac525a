/// The real time, as the real clock sees it.
#pragma once

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "netem/base/units.hpp"

namespace tardigrad {

/// The real clock's interface to the machine. Tests replace it by a time that they advance themselves
/// (tests/runtime/driven_time.hpp).
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  /// CAF's scheduler for actors that use this time.
  virtual caf::atom_value scheduler() const = 0;
  /// The time since an arbitrary moment; never decreases. Callable on any thread.
  virtual Time now() const = 0;

  /// One clock at a time uses this between `begin` and `end`. `ring` is called for alarms, one call at a time;
  /// no call is under way or made after `end` has returned.
  virtual void begin(caf::actor_system& system, std::function<void()> ring) = 0;
  virtual void end() = 0;
  /// Calls `ring` at `at`, or soon if that has passed, but not within this call, which may come from any
  /// thread. Replaces the previous alarm, which may still ring.
  virtual void set_alarm(Time at) = 0;
  /// Suspends the thread that runs the clock for so long, or until `changed` is notified and `is_over` is true.
  virtual void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Time most,
                    const std::function<bool()>& is_over) = 0;
};

}  // namespace tardigrad
