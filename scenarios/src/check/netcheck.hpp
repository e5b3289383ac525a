/// The work of `tardigrad netcheck`: sends messages through a scenario's network, with all actors of a run on
/// their way, and compares their times with the formula (`lone_arrival`).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/run/run.hpp"
#include "models/parameter_layout.hpp"
#include "scenarios/src/check/lone_transfer.hpp"
#include "scenarios/src/scenario/scenario.hpp"

namespace tardigrad {

/// One message of a transfer, sent when all before it have been received.
struct CheckedMessage {
  Time sent{};                     ///< since the start of the transfer's run
  Time formula{};                  ///< expected duration, with its own draw of the jitter
  std::optional<Time> measured{};  ///< measured duration; nothing: it was not received
};

/// Messages of one size from one node to another: one, or several if latencies are drawn or, in virtual time,
/// rates change.
struct CheckedTransfer {
  NodeId from = 0;
  NodeId to = 0;
  Bytes size = 0;
  Way way;
  /// Empty: a message would never be received, or not within days.
  std::vector<CheckedMessage> messages{};
};

enum class CheckedClock { virtual_time, real_time };

/// Transfers of a message of an algorithm's size, and of 1 MB, between some of a run's nodes: one pair for each
/// pair of classes of nodes (same uplink and downlink at the start). If links have rates or latencies of their
/// own, also all pairs of five nodes: the first, the last and three evenly in between.
struct NetworkCheck {
  CheckedClock clock = CheckedClock::virtual_time;
  RunPlan plan;              ///< no node trains or is away, no message is lost; protocols are added later
  std::string introduction;  ///< the chosen nodes, and what is left out
  std::vector<CheckedTransfer> transfers;
};

/// Runs nothing. Only the network, the seed and the absences of `run` matter.
NetworkCheck plan_network_check(const RunPlan& run, Bytes message, CheckedClock clock);

/// Plans the check of a scenario, which emulates its network; `layout` is that of its model. Draws are those of
/// the first seed.
NetworkCheck plan_network_check(const Scenario& scenario, const ParameterLayout& layout, CheckedClock clock);

/// The duration of all transfers together, if they take the expected time.
Time expected_duration(const NetworkCheck& check);

/// Runs all transfers, one after the other. False: `keep_going` returned false.
bool play(NetworkCheck& check, const std::function<bool()>& keep_going);
/// Uses another time than the machine's, if the clock is the real one.
bool play(NetworkCheck& check, const std::function<bool()>& keep_going, TimeSource& time);

}  // namespace tardigrad
