#include "runtime/clock/event_queue.hpp"

#include <algorithm>
#include <utility>

#include "runtime/clock/prefetch.hpp"

namespace tardigrad {

namespace {
// Bytes of state that are fetched: the largest state, of an uplink, which the clock addresses most often, and
// the smallest, of a fragment, which its downlink addresses.
constexpr std::size_t kMostState = 768;
constexpr std::size_t kLeastState = 192;
// Bytes fetched of the object to which a receiver turns.
constexpr std::size_t kBeyond = 192;
}  // namespace

void Event::deliver() {
  if (told != nullptr) *told = at;
  target->enqueue(std::move(message), nullptr);
}

void Event::find_clue() {
  if (upcoming.foresight == nullptr || upcoming.clue != nullptr) return;
  upcoming.clue = upcoming.foresight->clue(upcoming.content);
  prefetch(upcoming.clue, 1);
}

void Event::find_receiver() {
  // An event that came too late for its clue to have been fetched is skipped.
  if (upcoming.foresight != nullptr && upcoming.clue != nullptr) {
    receiver = upcoming.foresight->receiver(upcoming.clue);
  }
}

void Event::look_beyond() const {
  if (receiver != nullptr) prefetch(upcoming.foresight->beyond(*receiver->get()), kBeyond);
}

void EventQueue::push(Event event) {
  Entry entry{event.at, 0};
  if (free_slots_.empty()) {
    entry.slot = static_cast<std::uint32_t>(slots_.size());
    slots_.push_back(std::move(event));
  } else {
    entry.slot = free_slots_.back();
    free_slots_.pop_back();
    slots_[entry.slot] = std::move(event);
  }
  if (next_.size() == kMostNext && later()(entry, next_.back())) return push_later(entry);
  const auto earlier = [later = later()](const Entry& a, const Entry& b) { return later(b, a); };
  next_.insert(std::upper_bound(next_.begin(), next_.end(), entry, earlier), entry);
  if (next_.size() <= kMostNext) return;
  push_later(next_.back());
  next_.pop_back();
}

void EventQueue::push_later(const Entry& entry) {
  if (entry.at > border_) return far_.push_back(entry);
  heap_.push_back(entry);
  std::push_heap(heap_.begin(), heap_.end(), later());
}

EventQueue::Entry EventQueue::pop_later() {
  if (heap_.empty()) bring_near();
  std::pop_heap(heap_.begin(), heap_.end(), later());
  const Entry first = heap_.back();
  heap_.pop_back();
  return first;
}

void EventQueue::bring_near() {
  const std::size_t part = std::min(far_.size(), std::max(kLeastPart, far_.size() / kParts));
  const auto earlier = [](const Entry& a, const Entry& b) { return a.at < b.at; };
  const auto last = far_.begin() + static_cast<std::ptrdiff_t>(part) - 1;
  std::nth_element(far_.begin(), last, far_.end(), earlier);
  border_ = last->at;
  const auto near = std::partition(far_.begin(), far_.end(), [&](const Entry& entry) { return entry.at > border_; });
  heap_.assign(near, far_.end());
  far_.erase(near, far_.end());
  std::make_heap(heap_.begin(), heap_.end(), later());
}

Event EventQueue::pop() {
  const std::uint32_t slot = next_.front().slot;
  next_.erase(next_.begin());
  if (!heap_.empty() || !far_.empty()) next_.push_back(pop_later());
  free_slots_.push_back(slot);
  return std::move(slots_[slot]);
}

std::vector<const Event*> EventQueue::in_order() const {
  std::vector<Entry> entries = heap_;
  entries.insert(entries.end(), far_.begin(), far_.end());
  entries.insert(entries.end(), next_.begin(), next_.end());
  std::sort(entries.begin(), entries.end(), [later = later()](const Entry& a, const Entry& b) { return later(b, a); });
  std::vector<const Event*> events;
  for (const Entry& entry : entries) events.push_back(&slots_[entry.slot]);
  return events;
}

void EventQueue::prefetch_next() {
  const auto event_after = [&](std::size_t turns) {
    return turns < next_.size() ? &slots_[next_[turns].slot] : nullptr;
  };
  prefetch(event_after(7), sizeof(Event));
  if (const Event* event = event_after(6)) {
    prefetch_actor(event->target.get());
    prefetch(event->message.get(), sizeof(caf::mailbox_element));
  }
  if (const Event* event = event_after(5)) {
    prefetch_state(event->target.get(), kMostState);
    prefetch(event->upcoming.content, 1);
    prefetch(event->upcoming.clue, 1);
  }
  if (Event* event = event_after(4)) {
    prefetch_behavior(event->target.get());
    event->find_clue();
  }
  if (Event* event = event_after(3)) {
    prefetch_handlers(event->target.get());
    event->find_receiver();
    prefetch_actor(event->receiver);
  }
  if (const Event* event = event_after(2)) prefetch_state(event->receiver, kLeastState);
  if (const Event* event = event_after(1)) {
    prefetch_behavior(event->receiver);
    event->look_beyond();
  }
  if (const Event* event = event_after(0)) prefetch_handlers(event->receiver);
}

}  // namespace tardigrad
