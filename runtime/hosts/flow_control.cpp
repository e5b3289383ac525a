#include "runtime/hosts/flow_control.hpp"

#include <utility>

namespace tardigrad {

FlowControl::FlowControl(std::uint64_t most_bytes, std::function<std::uint64_t()> under_way)
    : most_bytes_(most_bytes), under_way_(std::move(under_way)) {}

ReservedRoom FlowControl::enter(std::uint64_t bytes, std::uint64_t who, std::function<void()> retry) {
  const std::lock_guard lock(mutex_);
  if (is_full()) {
    waiting_[who] = std::move(retry);
    return nullptr;
  }
  waiting_.erase(who);
  held_ += bytes;
  // The pointer only carries the reference count.
  return ReservedRoom(this, [flow_control = weak_from_this(), bytes](void*) {
    if (const auto alive = flow_control.lock()) alive->leave(bytes);
  });
}

void FlowControl::on_room() {
  std::map<std::uint64_t, std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    if (is_full()) return;
    waiting.swap(waiting_);
  }
  for (const auto& entry : waiting) entry.second();
}

void FlowControl::leave(std::uint64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    held_ -= bytes;
    if (waiting_.empty()) return;
  }
  on_room();
}

}  // namespace tardigrad
