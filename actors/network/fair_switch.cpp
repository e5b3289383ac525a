#include "actors/network/fair_switch.hpp"

#include <algorithm>
#include <utility>

#include "actors/message_fields.hpp"
#include "actors/search_by_node.hpp"

namespace tardigrad {

namespace {

std::vector<BitsPerSecond> rates_at_start(const EmulatedNetwork& network, RateProfile AccessLink::*direction) {
  std::vector<BitsPerSecond> rates;
  for (const AccessLink& access : network.access) rates.push_back((access.*direction).at(Time{}));
  return rates;
}

}  // namespace

FairSwitch::FairSwitch(caf::actor_config& config, const EmulatedNetwork& network, Clock& clock, UplinkDirectory uplinks,
                       RecorderActor recorder)
    : FairSwitchActor::base(config),
      network_(network),
      clock_(clock),
      uplinks_(std::move(uplinks)),
      recorder_(std::move(recorder)),
      events_(EntityId(EntityKind::fair_switch, 0)),
      model_(rates_at_start(network, &AccessLink::uplink), rates_at_start(network, &AccessLink::downlink)),
      pairs_(network.access.size()) {}

FairSwitch::behavior_type FairSwitch::make_behavior() {
  stop_run_if_it_throws(*this, clock_);
  return {
      [this](const TransferDue& due) {
        if (due.at == armed_) armed_ = kNever;
        now_ = std::max(now_, due.at);
        transmit();
        arm(model_.next_completion().value_or(kNever));
      },
      [this](const Enter& entering) {
        move_to(entering.at);
        enter(entering);
        arm(now_);
      },
      [this](const Begin&) {
        for (NodeId node = 0; node < network_.access.size(); ++node) {
          change_access(node, true);
          change_access(node, false);
        }
      },
      [this](const DropUnsent& order) {
        move_to(order.at);
        drop_unsent(order);
        arm(now_);
      },
      [this](const RateChange& change) {
        move_to(change.at);
        change_access(change.node, change.uplink);
        arm(now_);
      },
      [this](const PairRateChange& change) {
        move_to(change.at);
        change_pair(change.from, change.to, *network_.link(change.from, change.to)->rate);
        arm(now_);
      },
      [this](const Finish&) {
        report_busy_times();
        quit();
      },
  };
}

void FairSwitch::persist(ActorArchive& archive) { archive(events_, model_, pairs_, now_, armed_); }

void FairSwitch::enter(const Enter& entering) {
  for (const TransferPtr& transfer : entering.transfers) {
    open_pair(transfer->from, transfer->to);
    model_.start(now_, transfer, transfer->from, transfer->to, transfer->size);
  }
}

void FairSwitch::open_pair(NodeId from, NodeId to) {
  std::vector<NodeId>& known = pairs_[from];
  const std::size_t place = search_by_node(known, to, pairs_.size(), [](NodeId receiver) { return receiver; });
  if (place < known.size() && known[place] == to) return;
  known.insert(known.begin() + static_cast<std::ptrdiff_t>(place), to);
  if (const auto link = network_.link(from, to); link->rate) change_pair(from, to, *link->rate);
}

void FairSwitch::drop_unsent(const DropUnsent& order) {
  const auto concerned = [&](const TransferPtr& transfer) {
    return !order.fragment || transfer->fragment == *order.fragment;
  };
  Dropped dropped{{}, now_};
  for (auto& gone : model_.withdraw(now_, order.node, concerned)) {
    dropped.messages.push_back({std::move(gone.item), gone.begin});
  }
  if (!dropped.messages.empty()) send((*uplinks_)[order.node], std::move(dropped));
}

void FairSwitch::change_access(NodeId node, bool uplink) {
  const AccessLink& access = network_.access[node];
  const RateProfile& rate = uplink ? access.uplink : access.downlink;
  if (rate.is_constant()) return;
  uplink ? model_.set_uplink(now_, node, rate.at(now_)) : model_.set_downlink(now_, node, rate.at(now_));
  const Time next = rate.next_change(now_);
  if (next != kNever) clock_.schedule(next, events_.next(), this, RateChange{node, uplink, {}});
}

void FairSwitch::change_pair(NodeId from, NodeId to, const RateProfile& rate) {
  model_.set_pair_link(now_, from, to, rate.at(now_));
  const Time next = rate.next_change(now_);
  if (next != kNever) clock_.schedule(next, events_.next(), this, PairRateChange{from, to, {}});
}

void FairSwitch::move_to(Time at) {
  if (at <= now_) return;
  now_ = at;
  transmit();
}

void FairSwitch::transmit() {
  for (auto& through : model_.advance(now_)) {
    send((*uplinks_)[through.from], Transmitted{std::move(through.item), through.begin, now_});
  }
}

void FairSwitch::arm(Time next) {
  if (next >= armed_) return;
  armed_ = next;
  clock_.schedule(next, events_.next(), this, TransferDue{});
}

void FairSwitch::report_busy_times() {
  // Nobody receives any more what would be transmitted by now.
  const Time end = std::max(now_, std::min(clock_.now(), model_.next_completion().value_or(kNever)));
  BusyRows busy;
  for (NodeId node = 0; node < pairs_.size(); ++node) {
    busy.rows.push_back({LinkRow::Kind::uplink, node, node, model_.uplink_busy(end, node)});
    busy.rows.push_back({LinkRow::Kind::downlink, node, node, model_.downlink_busy(end, node)});
    for (const NodeId to : pairs_[node]) {
      busy.rows.push_back({LinkRow::Kind::link, node, to, model_.pair_busy(end, node, to)});
    }
  }
  send(recorder_, std::move(busy));
}

void FairSwitch::on_exit() {
  uplinks_.reset();
  recorder_ = nullptr;
}

}  // namespace tardigrad
