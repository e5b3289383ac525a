#include "runtime/clock/virtual_clock.hpp"

#include <algorithm>
#include <caf/logger.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <chrono>
#include <future>
#include <memory>

namespace tardigrad {

namespace {

/// The time for which a computation is awaited before `keep_going` is called again: callers read the wall clock
/// in every sixteenth call or so.
constexpr std::chrono::milliseconds kPatience{10};

bool is_done_within(ComputeJob& job, std::chrono::milliseconds most) {
  if (job.done()) return true;
  const auto done = std::make_shared<std::promise<void>>();
  job.on_done([done](const std::exception_ptr&) { done->set_value(); });
  return done->get_future().wait_for(most) == std::future_status::ready;
}

}  // namespace

VirtualTimeConfig::VirtualTimeConfig() { set("scheduler.policy", caf::atom("testing")); }

VirtualClock::VirtualClock(caf::actor_system& system, Time end)
    : scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())), end_(end) {}

bool VirtualClock::run_until(Time end, const std::function<bool()>& keep_going) {
  for (settle(); !failure_ && !events_.empty() && events_.earliest() <= end; settle()) {
    if (!keep_going()) return false;
    Event event = events_.pop();
    if (event.job && !is_done_within(*event.job, kPatience)) {
      events_.push(std::move(event));
      continue;
    }
    events_.prefetch_next();
    now_ = event.at;
    if (moves_on(event.key)) --moving_events_;
    if (event.job) event.job->wait();
    ++delivered_;
    event.deliver();
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  if (!keep_going()) return false;
  now_ = std::max(now_, end);
  return true;
}

void VirtualClock::settle() {
  // Making a system or spawning an actor gives the calling thread a logger, and on a thread with a logger CAF
  // looks the thread's actor up in a table at every message, even if nothing is logged.
  caf::logger::set_current_actor_system(nullptr);
  while (scheduler_.try_run_once()) {
  }
}

std::vector<const Event*> VirtualClock::pending_events() const {
  std::vector<const Event*> events = events_.in_order();
  for (const Event* event : events) {
    if (event->job) event->job->wait();
  }
  return events;
}

void VirtualClock::persist(StateArchive& archive) {
  std::uint64_t after_end = moving_events_after_end_;
  archive(now_, delivered_, after_end);
  if (!archive.loads()) return;
  clear();
  moving_events_ = moving_events_after_end_ = after_end;
}

void VirtualClock::add(Event event) {
  event.at = std::max(event.at, now_);
  if (moves_on(event.key)) ++moving_events_;
  if (event.at <= end_ || event.job) return events_.push(std::move(event));
  if (moves_on(event.key)) ++moving_events_after_end_;
}

}  // namespace tardigrad
