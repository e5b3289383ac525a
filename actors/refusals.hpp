/// Messages of other parts of a run that no correct part sends.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "actors/placement.hpp"

namespace tardigrad {

/// Counts such messages, and reports them once for each part, as a faulty part sends many. Thread-safe.
class Refusals {
 public:
  /// Called with a line without the name of the part.
  using Tell = std::function<void(PartId, const std::string& what)>;

  Refusals(const Placement& placement, Tell tell) : placement_(placement), tell_(std::move(tell)) {}

  /// Notes an invalid message of `from` to `to`.
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
