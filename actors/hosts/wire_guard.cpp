#include "actors/hosts/wire_guard.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

namespace {

/// Sums of such numbers over a run are exact, and none is so high that it could not be counted.
constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 50;

bool are_counts(std::initializer_list<std::uint64_t> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](std::uint64_t number) { return number <= kMostCounted; });
}
bool are_counts(const Traffic& traffic) { return are_counts({traffic.messages, traffic.bytes}); }
/// A downlink has a delay for each message that it delivered, others have none.
bool are_delays(const LinkRow& row) {
  const std::vector<std::uint64_t>& counts = row.delays.counts();
  return std::all_of(counts.begin(), counts.end(), [](std::uint64_t number) { return are_counts({number}); }) &&
         row.delays.messages() == (row.kind == LinkRow::Kind::downlink ? row.passed.messages : 0);
}

/// Under the real clock a round may end late. Result files can say any time up to then.
Time latest(const RunPlan& plan) { return 2 * plan.duration + std::chrono::hours(24); }

/// A lower bound of the duration of this node's rounds.
double least_round_s(const Pace& pace, bool shorter_rounds) {
  const std::uint32_t steps = shorter_rounds ? std::min(1U, pace.local_steps) : pace.local_steps;
  return to_seconds(pace.step_time.least()) * steps * pace.slowdown / pace.compute.pace().highest();
}

}  // namespace

Round last_round(const RunPlan& plan) {
  const RoundLimits& limits = plan.round_limits;
  double most = 0;
  for (NodeId node = 0; node < plan.workers(); ++node) {
    // The sum of many steps is rounded, and some messages carry the number of the next round.
    most = std::max(most, 1.01 * to_seconds(plan.duration) / least_round_s(plan.paces[node], plan.shorter_rounds) + 2);
  }
  if (limits.training) {
    // Rounds without local steps take no time that is known.
    most = std::min(most, static_cast<double>(*limits.training + 1)) + static_cast<double>(limits.consensus);
  }
  most *= static_cast<double>(plan.exchanges_per_round);
  return most < kLastRound ? static_cast<Round>(most) : kLastRound;  // where local steps may take no time
}

/// Checks messages of one part.
struct WireGuard::Sender {
  const WireGuard& guard;
  const WireMessage& wire_message;
  PartId part;

  bool has(NodeId node) const { return guard.placement_.home(node) == part; }
  bool is_event_of(EntityId entity) const {
    return wire_message.moment && wire_message.moment->key.entity == entity.value();
  }

  /// True for a transfer that a fragment of that part may send.
  bool may_send(const Transfer& transfer) const {
    return transfer.from != transfer.to && transfer.round <= guard.last_round_ && has_its_size(transfer);
  }

  bool has_its_size(const Transfer& transfer) const {
    const std::uint64_t values = transfer.values ? sizeof(float) * transfer.values->size() : 0;
    const std::uint64_t carried = values + (transfer.encoded ? transfer.encoded->size() : 0);
    if (carried > 0) return guard.learns_ && transfer.size == kHeaderBytes + carried;
    return transfer.size >= kHeaderBytes && transfer.size <= kHeaderBytes + guard.limits_.most_carried();
  }

  /// True for a transfer from a link between two nodes, which lives with the sender's uplink.
  bool comes_from_link(const Transfer& transfer) const {
    return wire_message.role == Role::downlink && wire_message.node == transfer.to &&
           guard.placement_.has_node(transfer.to) && (guard.fair_ ? part == 0 : has(transfer.from)) &&
           is_event_of(EntityId(EntityKind::link, transfer.from, transfer.to)) && may_send(transfer);
  }

  /// True for a message from a node to its uplink, which lives here.
  bool comes_from_node() const {
    return wire_message.role == Role::uplink && guard.fair_ && guard.placement_.has_recorder() &&
           has(wire_message.node) && is_event_of(EntityId(EntityKind::uplink_proxy, wire_message.node));
  }

  bool is_command() const {
    return part == 0 && wire_message.role == Role::node && guard.placement_.has_node(wire_message.node) &&
           is_event_of(EntityId(EntityKind::evaluation_request, wire_message.node));
  }

  bool is_report_of(NodeId node) const {
    return wire_message.role == Role::recorder && guard.placement_.has_recorder() && has(node);
  }
  bool is_round_of(NodeId node, Round round) const {
    return round == kUnfinishedRound || round <= guard.last_round_of(node);
  }

  bool operator()(const Arriving& m) const { return comes_from_link(*m.transfer) && is_time(m.tail); }
  bool operator()(const Withdrawn& m) const { return comes_from_link(*m.transfer) && is_time(m.unserved); }
  bool operator()(const Outgoing& m) const {
    const auto is_own = [&](const TransferPtr& transfer) {
      return transfer->from == wire_message.node && transfer->fragment == m.fragment && may_send(*transfer);
    };
    return comes_from_node() && std::all_of(m.transfers.begin(), m.transfers.end(), is_own);
  }
  bool operator()(const RoundEnded& m) const {
    return comes_from_node() && m.round <= guard.last_round_of(wire_message.node);
  }
  bool operator()(const Evaluate& m) const { return is_command() && m.time == wire_message.moment->at; }
  bool operator()(const EvaluateBetween& m) const { return is_command() && is_time(m.after) && is_time(m.before); }
  bool operator()(const RoundRow& r) const {
    return is_report_of(r.node) && is_round_of(r.node, r.round) && r.begin >= Time{} && r.begin <= r.trained &&
           r.trained <= r.end && (r.round == kUnfinishedRound || r.end <= guard.latest_) &&
           are_counts({r.mixing.mixed, r.mixing.staleness_sum, r.mixing.missed});
  }
  bool operator()(const AccessRow& r) const {
    return is_report_of(r.node) && is_round_of(r.node, r.round) && !(r.uplink && guard.fair_) &&
           are_counts({r.queued, r.passed, r.dropped, r.passed_bytes}) && (!r.hops || guard.has_timeline_);
  }
  bool operator()(const LinkRow& r) const {
    const bool is_access = r.kind == LinkRow::Kind::uplink || r.kind == LinkRow::Kind::downlink;
    return is_report_of(r.from) && is_access == (r.from == r.to) && is_time(r.busy) &&
           !(guard.fair_ && r.kind != LinkRow::Kind::downlink) && are_counts(r.accepted) && are_counts(r.passed) &&
           are_counts(r.dropped) && are_counts(r.absent) && are_counts(r.lost) && are_counts(r.under_way) &&
           are_counts({r.longest_queue}) && r.rate >= 0 && are_delays(r);
  }
  bool operator()(const EvaluationRow& r) const {
    const auto [accuracy, loss] = std::pair(r.result.accuracy, r.result.loss);
    return is_report_of(r.node) && is_time(r.time) && accuracy >= 0 && accuracy <= 1 && !(loss < 0);
  }
  bool operator()(const ModelSnapshot& m) const { return is_report_of(m.node) && is_time(m.time); }
  bool operator()(const WaitRow& r) const { return is_report_of(r.node); }
};

namespace {

std::string between(const Transfer& transfer) {
  return " from node " + std::to_string(transfer.from) + " to node " + std::to_string(transfer.to);
}

/// Describes a message in a few words.
struct Naming {
  std::string operator()(const Arriving& m) const { return "a message" + between(*m.transfer); }
  std::string operator()(const Withdrawn& m) const { return "the withdrawal of a message" + between(*m.transfer); }
  std::string operator()(const Evaluate&) const { return "a command"; }
  std::string operator()(const EvaluateBetween&) const { return "a command"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "a report of a node that is not its own";
  }
};

}  // namespace

WireGuard::WireGuard(const RunPlan& plan, const Placement& placement, const WireLimits& limits, bool learns)
    : placement_(placement),
      fair_(plan.network.sharing == Sharing::fair),
      learns_(learns),
      has_timeline_(plan.timeline),
      limits_(limits),
      workers_(plan.workers()),
      last_round_(last_round(plan)),
      latest_(latest(plan)) {}

Round WireGuard::last_round_of(NodeId node) const {
  if (node < workers_) return last_round_;
  return last_round_ < kLastRound / workers_ ? last_round_ * workers_ : kLastRound;
}

std::string WireGuard::objection(const WireMessage& wire_message, PartId part) const {
  if (std::visit(Sender{*this, wire_message, part}, wire_message.message)) return {};
  return std::visit(Naming{}, wire_message.message);
}

}  // namespace tardigrad
