#include "actors/protocols/newest_inbox.hpp"

#include <algorithm>

namespace tardigrad {

void NewestInbox::put(const ProtocolMessage& message) {
  auto place = std::lower_bound(newest_.begin(), newest_.end(), message.from,
                                [](const Arrival& arrival, NodeId sender) { return arrival.sender < sender; });
  if (place == newest_.end() || place->sender != message.from) place = newest_.insert(place, Arrival{});
  *place = {message.from, message.round, message.values};
}

SharedValues NewestInbox::average_into(const SharedValues& own, Round round, Actions& actions) {
  if (newest_.empty()) return own;
  Values sum = *own;
  for (const Arrival& arrival : newest_) {
    const float* values = arrival.values->data();
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += values[p];
    actions.mixed(round, arrival.round);
  }
  const float weight = 1.0F / static_cast<float>(1 + newest_.size());
  for (float& value : sum) value *= weight;
  newest_.clear();
  return share(std::move(sum));
}

}  // namespace tardigrad
