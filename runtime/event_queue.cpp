#include "runtime/event_queue.hpp"

#include <algorithm>
#include <utility>

#include "runtime/prefetch.hpp"

namespace tardigrad {

void Event::deliver() {
  if (told != nullptr) *told = at;
  target->enqueue(std::move(message), nullptr);
}

void EventQueue::push(Event event) {
  Entry entry{event.at, event.key, 0};
  if (free_slots_.empty()) {
    entry.slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(std::move(event));
  } else {
    entry.slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[entry.slot] = std::move(event);
  }
  if (next_.size() == kMostNext && Later{}(entry, next_.back())) return push_heap(entry);
  next_.insert(
      std::upper_bound(next_.begin(), next_.end(), entry, [](const Entry& a, const Entry& b) { return Later{}(b, a); }),
      entry);
  if (next_.size() <= kMostNext) return;
  push_heap(next_.back());
  next_.pop_back();
}

void EventQueue::push_heap(const Entry& entry) {
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

Event EventQueue::pop() {
  const std::uint32_t slot = next_.front().slot;
  next_.erase(next_.begin());
  if (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), Later{});
    next_.push_back(heap_.back());
    heap_.pop_back();
  }
  free_slots_.push_back(slot);
  return std::move(slots_[slot]);
}

std::vector<const Event*> EventQueue::in_order() const {
  std::vector<Entry> entries = heap_;
  entries.insert(entries.end(), next_.begin(), next_.end());
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return Later{}(b, a); });
  std::vector<const Event*> events;
  for (const Entry& entry : entries) events.push_back(&slots_[entry.slot]);
  return events;
}

void EventQueue::prefetch_next() const {
  const std::size_t count = next_.size();
  if (count > 4) prefetch(&slots_[next_[4].slot], sizeof(Event));
  if (count > 3) {
    const Event& fourth = slots_[next_[3].slot];
    prefetch_actor(fourth.target.get());
    prefetch(fourth.message.get(), sizeof(caf::mailbox_element));
  }
  if (count > 2) {
    const Event& third = slots_[next_[2].slot];
    prefetch_behavior_place(third.target.get());
    prefetch_actor(third.upcoming.receiver);
    prefetch(third.upcoming.content, 1);
  }
  if (count > 1) {
    const Event& second = slots_[next_[1].slot];
    prefetch_behavior(second.target.get());
    prefetch_behavior_place(second.upcoming.receiver);
  }
  if (count > 0) prefetch_behavior(slots_[next_[0].slot].upcoming.receiver);
}

}  // namespace tardigrad
