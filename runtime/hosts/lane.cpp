#include "runtime/hosts/lane.hpp"

#include <utility>

namespace tardigrad {

Lane::Lane(std::uint64_t most_bytes, std::function<std::uint64_t()> under_way)
    : most_bytes_(most_bytes), under_way_(std::move(under_way)) {}

LaneRoom Lane::enter(std::uint64_t bytes, std::uint64_t who, std::function<void()> retry) {
  const std::lock_guard lock(mutex_);
  if (is_full()) {
    waiting_[who] = std::move(retry);
    return nullptr;
  }
  waiting_.erase(who);
  held_ += bytes;
  // The pointer only carries the reference count.
  return LaneRoom(this, [lane = weak_from_this(), bytes](void*) {
    if (const auto alive = lane.lock()) alive->leave(bytes);
  });
}

void Lane::on_room() {
  std::map<std::uint64_t, std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (is_full()) return;
    waiting.swap(waiting_);
  }
  for (const auto& entry : waiting) entry.second();
}

void Lane::leave(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    held_ -= bytes;
    if (waiting_.empty()) return;
  }
  on_room();
}

}  // namespace tardigrad
