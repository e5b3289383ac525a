#include "actors/network/fair_uplink.hpp"

#include <algorithm>
#include <utility>

#include "actors/message_fields.hpp"

namespace tardigrad {

FairUplink::FairUplink(caf::actor_config& config, const Settings& settings, FairSwitchActor fair_switch)
    : Uplink(config, settings, Hop::Place::shared_uplink), switch_(std::move(fair_switch)) {}

void FairUplink::persist(ActorArchive& archive) {
  Uplink::persist(archive);
  archive(waiting_, transmitted_, at_switch_, most_at_switch_);
}

void FairUplink::enqueue(const TransferPtr& transfer, Time) { waiting_.push_back(transfer); }

void FairUplink::transmit(Time now) {
  pass_on(now);
  if (!transmitted_.empty() || waiting_.empty()) return;
  for (const TransferPtr& transfer : waiting_) at_switch_.add(transfer->size);
  most_at_switch_ = std::max(most_at_switch_, at_switch_.messages);
  send(switch_, Enter{{waiting_.begin(), waiting_.end()}, now});
  waiting_.clear();
}

void FairUplink::drop_untransmitted(std::optional<FragmentId> fragment, Time now) {
  const auto kept = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const TransferPtr& transfer) {
    return fragment && transfer->fragment != *fragment;
  });
  for (auto gone = kept; gone != waiting_.end(); ++gone) count_dropped(**gone, now);
  waiting_.erase(kept, waiting_.end());
  if (at_switch_.messages > 0) send(switch_, DropUnsent{node(), fragment, now});
}

void FairUplink::note_transmitted(const Transmitted& transmitted) {
  at_switch_.take_back(transmitted.transfer->size);
  transmitted_.push_back(transmitted.transfer);
  transmit(transmitted.at);
}

void FairUplink::pass_on(Time now) {
  ReservedRoom room;
  for (; !transmitted_.empty() && find_room(*transmitted_.front(), room); transmitted_.pop_front()) {
    const TransferPtr& transfer = transmitted_.front();
    send(link_to(transfer->to).link, Departing{transfer, now, now, std::move(room)});
  }
}

Traffic FairUplink::untransmitted() const {
  Traffic sum = at_switch_;
  for (const TransferPtr& transfer : waiting_) sum.add(transfer->size);
  return sum;
}

void FairUplink::take_back(const Transfer& transfer) { at_switch_.take_back(transfer.size); }

void FairUplink::complete(LinkRow& row) { row.longest_queue = most_at_switch_; }

void FairUplink::on_exit() {
  switch_ = nullptr;
  Uplink::on_exit();
}

}  // namespace tardigrad
