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
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end(), Later{});
}

Event EventQueue::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), Later{});
  const std::uint32_t slot = heap_.back().slot;
  heap_.pop_back();
  free_slots_.push_back(slot);
  return std::move(slots_[slot]);
}

void EventQueue::prefetch_first() const {
  if (heap_.empty()) return;
  const Event& first = slots_[heap_.front().slot];
  prefetch_actor(first.target);
  prefetch(first.message.get(), sizeof(caf::mailbox_element));
  // One of these comes next; what it points to is fetched when it is the first.
  for (std::size_t child = 1; child < std::min<std::size_t>(3, heap_.size()); ++child) {
    prefetch(&slots_[heap_[child].slot], sizeof(Event));
  }
}

}  // namespace tardigrad
