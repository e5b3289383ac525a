/// The order in which the messages of a node's fragments enter its uplink.
#pragma once

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/message_fields.hpp"

namespace tardigrad {

/// The order in which a node sends is known only after all its fragments have reported.
class OutgoingOrder {
 public:
  explicit OutgoingOrder(FragmentId fragments) : fragments_(fragments) {}

  void add(const TransferPtr& transfer) { accepted_.push_back(transfer); }
  /// Notes that one more fragment has reported after training. True if it is the last.
  bool heard() {
    if (++heard_ < fragments_) return false;
    heard_ = 0;
    return true;
  }
  /// Removes and returns the added messages, in order.
  std::vector<TransferPtr> take() {
    std::stable_sort(accepted_.begin(), accepted_.end(), [](const TransferPtr& a, const TransferPtr& b) {
      return std::tie(a->order, a->fragment) < std::tie(b->order, b->fragment);
    });
    return std::exchange(accepted_, {});
  }
  const std::vector<TransferPtr>& added() const { return accepted_; }

  void persist(StateArchive& archive) { archive(heard_, accepted_); }

 private:
  FragmentId fragments_;
  FragmentId heard_ = 0;
  std::vector<TransferPtr> accepted_;
};

}  // namespace tardigrad
