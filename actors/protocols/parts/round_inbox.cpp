#include "actors/protocols/parts/round_inbox.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

void RoundInbox::put(const ProtocolMessage& message, Round current) {
  if (message.round >= current) kept_[message.from][message.round] = message;
}

bool RoundInbox::is_settled(NodeId sender, Round round) const {
  const auto own = kept_.find(sender);
  return own != kept_.end() && own->second.lower_bound(round) != own->second.end();
}

std::optional<ProtocolMessage> RoundInbox::take(NodeId sender, Round round) {
  const auto own = kept_.find(sender);
  if (own == kept_.end()) return std::nullopt;
  auto& rounds = own->second;
  rounds.erase(rounds.begin(), rounds.lower_bound(round));
  if (rounds.empty() || rounds.begin()->first != round) return std::nullopt;
  std::optional<ProtocolMessage> message = std::move(rounds.begin()->second);
  rounds.erase(rounds.begin());
  return message;
}

Round RoundInbox::next_open(const std::vector<NodeId>& senders, Round round) const {
  std::optional<Round> earliest;
  for (const NodeId sender : senders) {
    const auto own = kept_.find(sender);
    if (own == kept_.end()) return round + 1;
    const auto first = own->second.upper_bound(round);
    if (first == own->second.end()) return round + 1;
    earliest = std::min(earliest.value_or(first->first), first->first);
  }
  return earliest.value_or(round + 1);
}

}  // namespace tardigrad
