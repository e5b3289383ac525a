/// Virtual time over several parts: conservative windows.
///
/// An event in one part causes events in another at least `lookahead` later, because every message between
/// nodes takes that long. So all parts may run through a window of that length without hearing of each other.
/// Then each part reports to all others that it has, and the time of its next event (`BarrierReport`). The next window
/// begins with the earliest event of any part: idle time is skipped.
#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "netem/base/units.hpp"
#include "runtime/hosts/part_id.hpp"

namespace tardigrad {

/// The report of a part that has run through its window.
struct BarrierReport {
  /// A lower bound of the part's next event, including those it has caused elsewhere; `kNever` if there is
  /// none.
  Time next{};
};

/// The reports that have arrived. Reports of one part arrive in the order of its windows.
template <class PartReport = BarrierReport>
class WindowBarrier {
 public:
  WindowBarrier(PartId parts, Time lookahead) : lookahead_(lookahead), begin_(-lookahead), reports_(parts) {}

  /// False if the report is impossible: a part enters its next window when it has heard all others, so that it is
  /// never more than one window ahead of any.
  bool put(PartId part, PartReport report) {
    if (reports_[part].size() == 2) return false;
    reports_[part].push_back(std::move(report));
    return true;
  }
  /// True if all reports of the window have arrived, except that of `except`.
  bool is_complete(PartId except) const {
    for (PartId part = 0; part < reports_.size(); ++part) {
      if (part != except && reports_[part].empty()) return false;
    }
    return true;
  }
  bool is_complete() const { return is_complete(static_cast<PartId>(reports_.size())); }
  /// Removes the reports of the window and returns them by part. Needs is_complete().
  std::vector<PartReport> take() {
    std::vector<PartReport> reports;
    Time earliest = kNever;
    for (auto& queue : reports_) {
      earliest = std::min(earliest, queue.front().next);
      reports.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    begin_ = earliest;
    return reports;
  }

  /// The window to run through: from `begin()`, up to but not including `end()`. The first window ends when the
  /// run begins, so that all parts know the first events.
  Time begin() const { return begin_; }
  Time end() const { return begin_ < kNever - lookahead_ ? begin_ + lookahead_ : kNever; }

 private:
  Time lookahead_;
  Time begin_;
  std::vector<std::deque<PartReport>> reports_;
};

}  // namespace tardigrad
