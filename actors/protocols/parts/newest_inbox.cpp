#include "actors/protocols/parts/newest_inbox.hpp"

#include <algorithm>

#include "actors/protocols/parts/staleness_weight.hpp"

namespace tardigrad {

void NewestInbox::put(const ProtocolMessage& message) {
  auto place = std::lower_bound(newest_.begin(), newest_.end(), message.from,
                                [](const Arrival& arrival, NodeId sender) { return arrival.sender < sender; });
  if (place == newest_.end() || place->sender != message.from) place = newest_.insert(place, Arrival{});
  *place = {message.from, message.round, message.values};
}

SharedValues NewestInbox::average_into(const SharedValues& own, Round round, Actions& actions, double staleness_power) {
  if (newest_.empty()) return own;
  Values sum = *own;
  double summands = 1;
  for (const Arrival& arrival : newest_) {
    if (!arrival.values || arrival.values->size() != sum.size()) {
      actions.refuse(arrival.sender);
      continue;
    }
    const auto counts = static_cast<float>(staleness_weight(round, arrival.round, staleness_power));
    const float* values = arrival.values->data();
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += counts * values[p];
    actions.mixed(round, arrival.round);
    summands += static_cast<double>(counts);
  }
  newest_.clear();
  const float weight = 1.0F / static_cast<float>(summands);
  for (float& value : sum) value *= weight;
  return share(std::move(sum));
}

}  // namespace tardigrad
