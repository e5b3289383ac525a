/// Virtual time over several parts: conservative windows.
///
/// What one part causes in another comes at least `lookahead` later, because every message between nodes needs that
/// long. So all parts may run through a window of that length without hearing of each other. Then each says to all
/// others that it has, and up to when nothing is left to do for it (`Mark`). The next window begins with the
/// earliest thing that any part has to do: idle time is skipped.
#pragma once

#include <algorithm>
#include <deque>
#include <vector>

#include "netem/base/units.hpp"
#include "runtime/hosts/far_actor.hpp"

namespace tardigrad {

/// A part has run through its window.
struct Mark {
  /// No event of it, and none that it has caused elsewhere, comes before; `kNever` if there is none.
  Time next{};
};

/// Whose marks have come. Marks of one part come in the order of its windows.
template <class PartMark = Mark>
class WindowBarrier {
 public:
  WindowBarrier(PartId parts, Time lookahead) : lookahead_(lookahead), begin_(-lookahead), marks_(parts) {}

  /// False if this cannot be its mark: a part goes on to the next window when it has heard all others, and so is never
  /// more than one ahead of any.
  bool put(PartId part, PartMark mark) {
    if (marks_[part].size() == 2) return false;
    marks_[part].push_back(std::move(mark));
    return true;
  }
  /// Whether all marks of the window are there, those of `except` aside.
  bool is_complete(PartId except) const {
    for (PartId part = 0; part < marks_.size(); ++part) {
      if (part != except && marks_[part].empty()) return false;
    }
    return true;
  }
  bool is_complete() const { return is_complete(static_cast<PartId>(marks_.size())); }
  /// Takes the marks of the window out, by part. Needs is_complete().
  std::vector<PartMark> take() {
    std::vector<PartMark> marks;
    Time earliest = kNever;
    for (auto& queue : marks_) {
      earliest = std::min(earliest, queue.front().next);
      marks.push_back(std::move(queue.front()));
      queue.pop_front();
    }
    begin_ = earliest;
    return marks;
  }

  /// The window to run through: from `begin()`, up to but not including `end()`. The first one ends when the run
  /// begins, so that all know of what is to happen then.
  Time begin() const { return begin_; }
  Time end() const { return begin_ < kNever - lookahead_ ? begin_ + lookahead_ : kNever; }

 private:
  Time lookahead_;
  Time begin_;
  std::vector<std::deque<PartMark>> marks_;
};

}  // namespace tardigrad
