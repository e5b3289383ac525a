/// What time it really is, as the real clock sees it.
#pragma once

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "netem/base/units.hpp"

namespace tardigrad {

/// All that the real clock asks of the machine. The rules of the clock are none of its business; tests put a time in
/// its place that passes when they say so (tests/runtime/driven_time.hpp).
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  /// CAF's scheduler for actors that live by this time.
  virtual caf::atom_value scheduler() const = 0;
  /// Since some moment; never goes back. On any thread.
  virtual Time now() const = 0;

  /// One clock at a time uses it, between these two. `ring` is called for alarms, one call at a time; it is neither
  /// under way nor called any more when `end` has returned.
  virtual void begin(caf::actor_system& system, std::function<void()> ring) = 0;
  virtual void end() = 0;
  /// Rings at `at`, or soon if that has passed, but not within this call, which may come from any thread. Takes the
  /// place of the alarm set before; that one may ring all the same.
  virtual void set_alarm(Time at) = 0;
  /// The thread that runs the clock has nothing to do for so long, or until `changed` is notified and `is_over` is
  /// true.
  virtual void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed, Time most,
                    const std::function<bool()>& is_over) = 0;
};

}  // namespace tardigrad
