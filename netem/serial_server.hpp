/// One access link (uplink or downlink) under `sharing = "serial"`: whole messages, one at a time,
/// first come, first served.
///
/// Uplink: a message of b bytes accepted at t is served from s = max(t, free) to e = s + 8b/rate; where
/// the rate changes on the way, to the moment at which its integral since s is 8b.
/// Downlink: the same, with t the moment at which the link takes the message up
/// (`take_up_time`). A message can be withdrawn until it has been served completely; that frees its
/// place at once. The caller says what time it is; nothing in here runs by itself. A caller who is told
/// of things somewhat out of their order (as under a real clock) is never given two services that
/// overlap.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "netem/rate_profile.hpp"
#include "netem/state_archive.hpp"

namespace tardigrad {

/// When a downlink takes a message up: the latest moment that does not delay it, but not before its
/// head is there. `head` is uplink begin + latency, `tail` uplink end + latency.
inline Time take_up_time(Time head, Time tail, Bytes size, BitsPerSecond downlink) {
  return std::max(head, tail - transfer_time(size, downlink));
}

inline Time take_up_time(Time head, Time tail, Bytes size, const RateProfile& downlink) {
  return downlink.latest_begin(tail, size, head);
}

template <class Item>
class SerialServer {
 public:
  struct Service {
    Item item;
    Bytes size;
    Time begin;
    Time end;

    void persist(StateArchive& archive) { archive(item, size, begin, end); }
  };

  /// A service that was given up.
  struct Cut {
    Time begin;
    Time unserved;  ///< how much longer it would have taken
  };
  struct Withdrawn {
    Item item;
    std::optional<Cut> cut;  ///< none if its service had not begun
  };

  explicit SerialServer(BitsPerSecond rate) : profile_(rate) {}
  explicit SerialServer(RateProfile profile) : profile_(std::move(profile)) {}

  const RateProfile& profile() const { return profile_; }
  /// At the start of the run; all of it for a constant rate.
  BitsPerSecond rate() const { return profile_.at(Time{}); }
  bool busy() const { return current_.has_value(); }
  /// The service in progress. Needs busy().
  const Service& current() const { return *current_; }
  /// What will be served after that, as things stand; nullptr if nothing waits.
  const Item* next() const { return queue_.empty() ? nullptr : &queue_.front().item; }
  std::size_t queued() const { return queue_.size(); }
  /// Most items ever present at once, the one in service included.
  std::size_t longest_queue() const { return longest_; }
  /// Bytes of all that is present, and how many items.
  std::pair<std::size_t, Bytes> present() const {
    std::pair<std::size_t, Bytes> sum{queue_.size(), 0};
    for (const auto& waiting : queue_) sum.second += waiting.size;
    if (busy()) sum = {sum.first + 1, sum.second + current_->size};
    return sum;
  }
  /// Total time of service, given up services included.
  Time busy_time() const { return busy_time_; }

  /// `tail` is when the item's last byte gets here, if that is later than its first: it is not through before.
  void enqueue(Item item, Bytes size, Time tail = {}) {
    queue_.push_back({std::move(item), size, tail});
    longest_ = std::max(longest_, queue_.size() + (busy() ? 1 : 0));
  }

  /// Begins the next service if the link is free and something waits; returns it if so.
  const Service* start_next(Time now) {
    if (busy() || queue_.empty()) return nullptr;
    auto [item, size, tail] = std::move(queue_.front());
    queue_.pop_front();
    Time begin = std::max(now, free_);
    if (!profile_.is_constant()) begin = profile_.end_of(begin, 0);  // while the rate is zero nothing begins
    Time end = profile_.end_of(begin, size);
    if (tail > end) {
      // As if begun as late as the last byte allows; and what comes in while the rate is zero is not through.
      const Time late = profile_.end_of(profile_.latest_begin(tail, size, begin), size);
      end = std::max({end, late, profile_.end_of(tail, 0)});
    }
    current_.emplace(Service{std::move(item), size, begin, end});
    return &*current_;
  }

  /// The service in progress has come to its end.
  Service complete() {
    Service done = std::move(*current_);
    current_.reset();
    busy_time_ += done.end - done.begin;
    free_ = done.end;
    return done;
  }

  /// Takes out every item for which `condition(item)` holds and whose last byte has not been served
  /// at `now`, in order of service.
  template <class Condition>
  std::vector<Withdrawn> withdraw(Time now, const Condition& condition) {
    std::vector<Withdrawn> out;
    if (busy() && now < current_->end && condition(current_->item)) {
      free_ = std::max(now, current_->begin);
      busy_time_ += free_ - current_->begin;
      out.push_back({std::move(current_->item), Cut{current_->begin, current_->end - free_}});
      current_.reset();
    }
    const auto kept = std::stable_partition(queue_.begin(), queue_.end(),
                                            [&](const auto& waiting) { return !condition(waiting.item); });
    for (auto gone = kept; gone != queue_.end(); ++gone) out.push_back({std::move(gone->item), std::nullopt});
    queue_.erase(kept, queue_.end());
    return out;
  }

  /// All that is present.
  template <class Visitor>
  void for_each(const Visitor& visit) {
    if (busy()) visit(current_->item);
    for (auto& waiting : queue_) visit(waiting.item);
  }

  void persist(StateArchive& archive) { archive(queue_, current_, longest_, busy_time_, free_); }

 private:
  struct Waiting {
    Item item;
    Bytes size;
    Time tail;

    void persist(StateArchive& archive) { archive(item, size, tail); }
  };

  RateProfile profile_;
  std::deque<Waiting> queue_;
  std::optional<Service> current_;
  std::size_t longest_ = 0;
  Time busy_time_{};
  Time free_{};  ///< end of the last service
};

}  // namespace tardigrad
