#include "runtime/virtual_clock.hpp"

#include <algorithm>
#include <caf/scheduler/test_coordinator.hpp>

namespace tardigrad {

VirtualTimeConfig::VirtualTimeConfig() { set("scheduler.policy", caf::atom("testing")); }

VirtualClock::VirtualClock(caf::actor_system& system)
    : scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {}

bool VirtualClock::run_until(Time end, const std::function<bool()>& keep_going) {
  settle();
  while (!failure_ && !heap_.empty() && heap_.front().at <= end) {
    if (!keep_going()) return false;
    Event event = pop();
    now_ = event.at;
    if (event.job) event.job->wait();
    ++delivered_;
    event.target->enqueue(std::move(event.message), nullptr);
    settle();
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  now_ = end;
  return true;
}

void VirtualClock::settle() {
  while (scheduler_.try_run_once()) {
  }
}

void VirtualClock::clear() {
  heap_.clear();
  slots_.clear();
  free_slots_.clear();
}

void VirtualClock::add(Event event) {
  std::uint32_t slot;
  const Entry entry{std::max(event.at, now_), event.key, 0};
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(std::move(event));
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[slot] = std::move(event);
  }
  heap_.push_back({entry.at, entry.key, slot});
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

Clock::Event VirtualClock::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), Later{});
  const std::uint32_t slot = heap_.back().slot;
  heap_.pop_back();
  free_slots_.push_back(slot);
  return std::move(slots_[slot]);
}

}  // namespace tardigrad
