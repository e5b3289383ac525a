#include "actors/fair_uplink.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

FairUplink::FairUplink(caf::actor_config& config, const Settings& settings, FairSwitchActor fair_switch)
    : Uplink(config, settings), switch_(std::move(fair_switch)) {}

void FairUplink::enqueue(const TransferPtr& transfer, Time now) {
  at_switch_.add(*transfer);
  most_at_switch_ = std::max(most_at_switch_, at_switch_.messages);
  send(switch_, Enter{transfer, now});
}

void FairUplink::drop_untransmitted(std::optional<FragmentId> fragment, Time now) {
  if (at_switch_.messages > 0) send(switch_, DropUnsent{node(), fragment, now});
}

void FairUplink::note_transmitted(const Transmitted& transmitted) {
  const TransferPtr& transfer = transmitted.transfer;
  at_switch_.take_back(*transfer);
  count_passed(*transfer);
  send(link_to(transfer->to).link, Departing{transfer, transmitted.at, transmitted.at});
}

void FairUplink::take_back(const Transfer& transfer) { at_switch_.take_back(transfer); }

void FairUplink::complete(LinkRow& row) const { row.longest_queue = most_at_switch_; }

void FairUplink::on_exit() {
  switch_ = nullptr;
  Uplink::on_exit();
}

}  // namespace tardigrad
