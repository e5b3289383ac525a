/// One access link (uplink or downlink) under `sharing = "serial"`: whole messages, one at a time, first come,
/// first served.
///
/// Uplink: a message of b bytes accepted at t is served from s = max(t, free) to e = s + 8b/rate; where the
/// rate changes on the way, e is the moment at which the integral of the rate since s is 8b.
/// Downlink: the same rule, where t is the moment at which the link takes the message up (`take_up_time`).
/// A message can be withdrawn until its service has ended; that frees its place at once. The caller passes the
/// time; nothing here runs by itself. Calls may come somewhat out of their order (as under a real clock);
/// services never overlap all the same.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/time/rate_profile.hpp"

namespace tardigrad {

/// The time at which a downlink takes a message up: the latest moment that does not delay it, but not before
/// its head has arrived. `head` is uplink begin + latency, `tail` uplink end + latency.
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
    Time unserved;  ///< the rest of the service's duration
  };
  struct Withdrawn {
    Item item;
    std::optional<Cut> cut;  ///< none if the service had not begun
  };

  explicit SerialServer(BitsPerSecond rate) : profile_(rate) {}
  explicit SerialServer(RateProfile profile) : profile_(std::move(profile)) {}

  const RateProfile& profile() const { return profile_; }
  /// The rate at the start of the run, which is the rate throughout for a constant profile.
  BitsPerSecond rate() const { return profile_.at(Time{}); }
  bool busy() const { return current_.has_value(); }
  /// The service in progress. Needs busy().
  const Service& current() const { return *current_; }
  /// The item whose service will follow; nullptr if the queue is empty.
  const Item* next() const { return queue_.empty() ? nullptr : &queue_.front().item; }
  std::size_t queued() const { return queue_.size(); }
  /// The greatest number of items present at once, the one in service included.
  std::size_t longest_queue() const { return longest_; }
  /// The number of items present and the sum of their bytes.
  std::pair<std::size_t, Bytes> present() const {
    std::pair<std::size_t, Bytes> sum{queue_.size(), 0};
    for (const auto& waiting : queue_) sum.second += waiting.size;
    if (busy()) sum = {sum.first + 1, sum.second + current_->size};
    return sum;
  }
  /// The total time of service, given up services included.
  Time busy_time() const { return busy_time_; }

  /// `tail` is the arrival of the item's last byte, if that is later than its first: service does not end
  /// before.
  void enqueue(Item item, Bytes size, Time tail = {}) {
    queue_.push_back({std::move(item), size, tail});
    longest_ = std::max(longest_, queue_.size() + (busy() ? 1 : 0));
  }

  /// Begins the next service if the link is free and an item waits; returns the service if so.
  const Service* start_next(Time now) {
    if (busy() || queue_.empty()) return nullptr;
    auto [item, size, tail] = std::move(queue_.front());
    queue_.pop_front();
    Time begin = std::max(now, free_);
    if (!profile_.is_constant()) begin = profile_.end_of(begin, 0);  // no service begins while the rate is zero
    Time end = profile_.end_of(begin, size);
    if (tail > end) {
      // Service counts as begun as late as the last byte allows; bytes that arrive while the rate is zero have
      // not been served.
      const Time late = profile_.end_of(profile_.latest_begin(tail, size, begin), size);
      end = std::max({end, late, profile_.end_of(tail, 0)});
    }
    current_.emplace(Service{std::move(item), size, begin, end});
    return &*current_;
  }

  /// Ends the service in progress.
  Service complete() {
    Service done = std::move(*current_);
    current_.reset();
    busy_time_ += done.end - done.begin;
    free_ = done.end;
    return done;
  }

  /// Removes every item for which `condition(item)` holds and whose last byte has not been served at `now`, in
  /// order of service.
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

  /// Visits all items present.
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
