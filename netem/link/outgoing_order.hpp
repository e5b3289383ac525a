/// The order in which the messages of a node's fragments enter its uplink.
#pragma once

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// The order in which a node sends is known only after all its fragments have reported. `Message` is like a pointer to
/// a message with `order` and `fragment`; lower goes first.
template <class Message>
class OutgoingOrder {
 public:
  explicit OutgoingOrder(FragmentId fragments) : fragments_(fragments) {}

  void add(Message message) { added_.push_back(std::move(message)); }
  /// Notes that one more fragment has reported after training. True if it is the last.
  bool heard() {
    if (++heard_ < fragments_) return false;
    heard_ = 0;
    return true;
  }
  /// Removes and returns the added messages, in order.
  std::vector<Message> take() {
    std::stable_sort(added_.begin(), added_.end(), [](const Message& a, const Message& b) {
      return std::tie(a->order, a->fragment) < std::tie(b->order, b->fragment);
    });
    return std::exchange(added_, {});
  }
  std::vector<Message>& added() { return added_; }
  const std::vector<Message>& added() const { return added_; }

  void persist(StateArchive& archive) { archive(heard_, added_); }

 private:
  FragmentId fragments_;
  FragmentId heard_ = 0;
  std::vector<Message> added_;
};

}  // namespace tardigrad
