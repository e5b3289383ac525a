/// Finds the earliest of many times: a tournament tree over times by index. A change takes O(log n), a query
/// O(1); among equal times the lowest index wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

class EarliestFirst {
 public:
  /// Makes room for indices below `count`; the times of new indices are `kNever`.
  void resize(std::size_t count) {
    if (count > times_.size()) times_.resize(count, kNever);
    if (count <= leaves_) return;
    while (leaves_ < count) leaves_ *= 2;
    winners_.assign(2 * leaves_, 0);
    for (std::size_t leaf = 0; leaf < leaves_; ++leaf) winners_[leaves_ + leaf] = static_cast<std::uint32_t>(leaf);
    times_.resize(leaves_, kNever);
    for (std::size_t node = leaves_ - 1; node > 0; --node) replay(node);
  }

  void set(std::uint32_t index, Time time) {
    if (times_[index] == time) return;
    times_[index] = time;
    for (std::size_t node = (leaves_ + index) / 2; node > 0; node /= 2) replay(node);
  }

  /// Needs room for at least one index.
  std::uint32_t first() const { return winners_[1]; }
  Time time() const { return times_[first()]; }

  void persist(StateArchive& archive) {
    std::vector<Time> times = times_;
    archive(times);
    if (!archive.loads()) return;
    *this = {};
    resize(times.size());
    for (std::size_t index = 0; index < times.size(); ++index) set(static_cast<std::uint32_t>(index), times[index]);
  }

 private:
  void replay(std::size_t node) {
    const std::uint32_t left = winners_[2 * node];
    const std::uint32_t right = winners_[2 * node + 1];
    winners_[node] = times_[right] < times_[left] ? right : left;
  }

  std::size_t leaves_ = 1;
  std::vector<Time> times_;
  std::vector<std::uint32_t> winners_;  // node n is the winner of 2n and 2n + 1; 1 is the final
};

}  // namespace tardigrad
