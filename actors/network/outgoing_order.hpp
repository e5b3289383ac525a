/// The order in which a node's fragments get their messages into its uplink.
#pragma once

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/message_fields.hpp"

namespace tardigrad {

/// Only when all fragments of the node have spoken is the order known in which to queue what they sent.
class OutgoingOrder {
 public:
  explicit OutgoingOrder(FragmentId fragments) : fragments_(fragments) {}

  void add(const TransferPtr& transfer) { accepted_.push_back(transfer); }
  /// One more fragment has spoken after training. True if it is the last.
  bool heard() {
    if (++heard_ < fragments_) return false;
    heard_ = 0;
    return true;
  }
  /// What has been added, in order.
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
