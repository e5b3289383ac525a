/// What `tardigrad netcheck` does: sends messages through a scenario's network, with all actors that are on
/// their way in a run, and holds how long they take against the formula (`lone_arrival`).
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
  Time formula{};                  ///< how long it should take, with its own draw of the jitter
  std::optional<Time> measured{};  ///< how long it took; nothing: it was not received
};

/// Messages of one size from one node to another: one, or several where latencies are drawn or, in virtual
/// time, rates change.
struct CheckedTransfer {
  NodeId from = 0;
  NodeId to = 0;
  Bytes size = 0;
  Way way;
  /// None: a message would never be received, or not within days.
  std::vector<CheckedMessage> messages{};
};

enum class CheckedClock { virtual_time, real_time };

/// Transfers of a message as an algorithm sends it, and of 1 MB, between some of a run's nodes: one pair for each pair
/// of classes of nodes (same uplink and downlink at the start), and where links have rates or latencies of their own
/// besides all pairs of five nodes, the first, the last and three evenly in between.
struct NetworkCheck {
  CheckedClock clock = CheckedClock::virtual_time;
  RunPlan plan;              ///< nobody trains, nothing is lost, nobody is away; no protocols yet
  std::string introduction;  ///< which nodes, and what is left out
  std::vector<CheckedTransfer> transfers;
};

/// Runs nothing. Of `run` only the network, the seed and who is ever away matter.
NetworkCheck plan_network_check(const RunPlan& run, Bytes message, CheckedClock clock);

/// The same for a scenario. `scenario` emulates its network and `layout` is its model's. What is drawn at random is
/// that of the first seed.
NetworkCheck plan_network_check(const Scenario& scenario, const ParameterLayout& layout, CheckedClock clock);

/// Of all transfers together, if they take as long as they should.
Time expected_duration(const NetworkCheck& check);

/// Plays all transfers, one after the other. False: `keep_going` said no.
bool play(NetworkCheck& check, const std::function<bool()>& keep_going);
/// By another time than the machine's, if the clock is the real one.
bool play(NetworkCheck& check, const std::function<bool()>& keep_going, TimeSource& time);

}  // namespace tardigrad
