/// What other parts of a run have sent that no sound one sends.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "actors/placement.hpp"

namespace tardigrad {

/// Counts it, and tells of it once a part: who sends such things sends many. Thread-safe.
class Refusals {
 public:
  /// Gets a line without the name of the part.
  using Tell = std::function<void(PartId, const std::string& what)>;

  Refusals(const Placement& placement, Tell tell) : placement_(placement), tell_(std::move(tell)) {}

  /// A message of `from` to `to`, which was not what such messages are.
  void note_message(NodeId from, NodeId to) {
    note(placement_.home(from), "a message from node " + std::to_string(from) + " to node " + std::to_string(to));
  }
  void note(PartId part, const std::string& what) {
    ++count_;
    const std::lock_guard lock(mutex_);
    if (!told_.insert(part).second || !tell_) return;
    tell_(part, what);
  }
  std::uint64_t count() const { return count_; }

 private:
  const Placement& placement_;
  Tell tell_;
  std::atomic<std::uint64_t> count_{0};
  std::mutex mutex_;
  std::set<PartId> told_;
};

}  // namespace tardigrad
