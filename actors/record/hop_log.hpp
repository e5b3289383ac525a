/// The timeline of an uplink or downlink, kept until its node's round ends. Keeps nothing if no timeline is
/// wanted.
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "runtime/clock/prefetch.hpp"

namespace tardigrad {

class HopLog {
 public:
  using Place = Hop::Place;

  /// `own` is the place of the log's owner: `uplink` or `downlink`.
  HopLog(bool wanted, Place own) : wanted_(wanted), own_(own) {}

  void passed(Place place, const Transfer& transfer, Time begin, Time end) {
    if (wanted_) add(place, Hop::Fate::passed, transfer, begin, end);
  }
  /// Records a dropped service. It may be dropped before it has begun, as long as a link is down.
  void cut(Place place, const Transfer& transfer, Time begin, Time now) {
    if (wanted_) add(place, Hop::Fate::cut, transfer, begin, std::max(begin, now));
  }
  void dropped(const Transfer& transfer, Time now) {
    if (wanted_) add(own_, Hop::Fate::dropped, transfer, now, now);
  }
  void lost(const Transfer& transfer, Time now) {
    if (wanted_) add(own_, Hop::Fate::lost, transfer, now, now);
  }
  /// Records a message that is under way at the end of the run.
  void under_way(const Transfer& transfer, Time begin) {
    if (wanted_ && begin < kNever) add(own_, Hop::Fate::under_way, transfer, begin, kNever);
  }

  /// Removes and returns everything recorded since the last call.
  Hops take() {
    if (hops_.empty()) return nullptr;
    const std::size_t usual = hops_.size();  // rounds have similar numbers of hops
    auto taken = std::make_shared<const std::vector<Hop>>(std::exchange(hops_, {}));
    hops_.reserve(usual);
    return taken;
  }

 private:
  void add(Place place, Hop::Fate fate, const Transfer& transfer, Time begin, Time end) {
    hops_.push_back({place, fate, own_ == Place::downlink ? transfer.from : transfer.to, transfer.fragment,
                     transfer.round, transfer.size, transfer.number, begin, end});
    // Rows are written once and read by another thread, so that the place of the next row is in no cache.
    if (hops_.size() < hops_.capacity()) prefetch(hops_.data() + hops_.size(), sizeof(Hop));
  }

  bool wanted_;
  Place own_;
  std::vector<Hop> hops_;
};

}  // namespace tardigrad
