#include "actors/protocols/parts/newest_inbox.hpp"

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
  std::size_t summands = 1;
  for (const Arrival& arrival : newest_) {
    if (!arrival.values || arrival.values->size() != sum.size()) {
      actions.refuse(arrival.sender);
      continue;
    }
    const float* values = arrival.values->data();
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += values[p];
    actions.mixed(round, arrival.round);
    ++summands;
  }
  newest_.clear();
  const float weight = 1.0F / static_cast<float>(summands);
  for (float& value : sum) value *= weight;
  return share(std::move(sum));
}

}  // namespace tardigrad
