/// A node's own connection to the network: its uplink and its downlink, each shared by all that the
/// node sends or receives. `netem::SerialServer` says when, the clock delivers.
#pragma once

#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "actors/messages.hpp"
#include "netem/serial_server.hpp"
#include "runtime/clock.hpp"

namespace tardigrad {

/// Where every node's downlink is. Filled in before the first message, never changed after.
using DownlinkDirectory = std::shared_ptr<const std::vector<DownlinkActor>>;

/// Messages and bytes, counted as they pass.
struct Traffic {
  std::uint64_t messages = 0;
  Bytes bytes = 0;

  void add(const Transfer& transfer) {
    ++messages;
    bytes += transfer.size;
  }
  Traffic since(const Traffic& earlier) const { return {messages - earlier.messages, bytes - earlier.bytes}; }
};

class Uplink final : public UplinkActor::base {
 public:
  /// Spawns the links to other nodes when they are first used: most pairs of a large complete graph
  /// never talk.
  Uplink(caf::actor_config& config, NodeId node, FragmentId fragments, BitsPerSecond rate, Time latency, Clock& clock,
         DownlinkDirectory downlinks, RecorderActor recorder);

  static constexpr const char* type_name = "uplink";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void queue(const Outgoing& outgoing);
  void flush(FragmentId fragment, Time now);
  void queue_accepted();
  void serve(Time now);
  void finish_service(const Served& served);
  void report_round(Round round);
  void report_totals();
  const LinkActor& link_to(NodeId node);

  NodeId node_;
  FragmentId fragments_;
  Time latency_;
  Clock& clock_;
  DownlinkDirectory downlinks_;
  RecorderActor recorder_;
  EventSource events_;

  SerialServer<TransferPtr> server_;
  /// Accepted at this instant, not yet in the queue: their order is known when all are there.
  std::vector<TransferPtr> accepted_;
  FragmentId heard_fragments_ = 0;  ///< of those that have just been trained
  bool serve_wanted_ = false;
  bool serve_scheduled_ = false;
  std::vector<std::pair<NodeId, LinkActor>> links_;  ///< those used so far, by node

  struct Counts {
    Traffic queued, sent, dropped;
  };
  Counts total_;
  Counts at_last_round_;
};

class Downlink final : public DownlinkActor::base {
 public:
  /// `fragments` are told to it once they exist, before the first message.
  Downlink(caf::actor_config& config, NodeId node, BitsPerSecond rate, Clock& clock,
           std::shared_ptr<const std::vector<FragmentActor>> fragments, RecorderActor recorder);

  static constexpr const char* type_name = "downlink";
  const char* name() const override { return type_name; }
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  void announce(const Arriving& arriving);
  void take_up(const TransferPtr& transfer, Time now);
  void withdraw(const Withdrawn& withdrawn);
  void serve(Time now);
  void finish_service(const Served& served);
  void report_round(Round round);
  void report_totals();

  NodeId node_;
  Clock& clock_;
  std::shared_ptr<const std::vector<FragmentActor>> fragments_;
  RecorderActor recorder_;
  EventSource events_;

  SerialServer<TransferPtr> server_;
  /// Withdrawn before they were taken up, to be ignored when they come; and received after their
  /// withdrawal was decided but before it was known here, to be ignored when that comes.
  std::unordered_set<TransferPtr> forgotten_;
  Traffic received_;
  Traffic withdrawn_;
  Traffic received_at_last_round_;
};

}  // namespace tardigrad
