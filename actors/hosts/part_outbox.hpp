/// The outbox of a part: collects its messages to other parts in frames, and sends barrier reports in between.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/hosts/part_channel.hpp"
#include "actors/placement.hpp"
#include "actors/run/run.hpp"
#include "actors/wire_message.hpp"
#include "runtime/hosts/window_barrier.hpp"

namespace tardigrad {

/// The barrier report of a part. In virtual time: it has run through its window.
struct PartReport : BarrierReport {
  RunPosition position;       ///< events and rounds of this part
  NodeId held_up = 0;         ///< as in RunCounters
  NodeId done = 0;            ///< as in RunCounters
  bool stands_still = false;  ///< no event to come could let the run make progress, and none was caused elsewhere
  bool go_on = true;          ///< the coordinator's decision
  bool is_enough = false;     ///< the coordinator's: the run ends here as its plan permits
  bool last = false;          ///< its actors have reported everything
  std::vector<SlowNode> slow_nodes{};
  std::string failure{};  ///< the reason why it cannot go on
  /// The number of refused messages and reports; sent with the last report.
  std::uint64_t refused = 0;
  bool lost = false;  ///< The host is gone; this report was made here on its behalf.
};

/// The kinds of frames.
enum class PartFrameKind : std::uint8_t {
  messages,
  report,
  progress  ///< to the coordinator, during a long window of virtual time: RunPosition
};

/// Thread-safe.
class PartOutbox final : public Outbox {
 public:
  /// `at_once`: sends a frame for every message and bounds the bytes under way to every part, as there are no
  /// windows.
  PartOutbox(PartChannel& channel, const Placement& placement, bool at_once);

  void send(const Address& to, const caf::type_erased_tuple& message) override;
  void send(const Address& to, Time at, const EventKey& key, const caf::type_erased_tuple& message) override;
  FlowControl* flow_control(PartId part) override {
    return flow_controls_.empty() ? nullptr : flow_controls_[part].get();
  }
  bool is_lost(PartId part) const override { return lost_[part]; }
  /// Drops all further messages to that part.
  void lose(PartId part);
  /// Adds to a report the events that messages have caused elsewhere since the last report.
  void complete(PartReport& report);
  /// Sends the collected messages, and then `report`: to all parts, or to the coordinator only.
  void send(const PartReport& report, bool to_all);
  /// Sends the coordinator its collected messages and the position of this part.
  void send(const RunPosition& position);

 private:
  void write(const Address& to, const std::optional<WireMessage::Moment>& moment,
             const caf::type_erased_tuple& message);
  void send_off(PartId part);
  ByteWriter frame(PartFrameKind kind) const;

  PartChannel& channel_;
  PartId self_;
  bool at_once_;
  std::mutex mutex_;
  std::vector<ByteWriter> wire_messages_;                    ///< by part
  std::vector<std::shared_ptr<FlowControl>> flow_controls_;  ///< by part
  std::deque<std::atomic<bool>> lost_;                       ///< by part
  Time earliest_ = kNever;                                   ///< earliest time of a message since the last report
  /// True if a message since the last report can let the run make progress.
  bool moved_ = false;
};

/// Nothing if the bytes are no report.
std::optional<PartReport> read_report(ByteReader& in, NodeId nodes);
/// Nothing if the bytes are no position.
std::optional<RunPosition> read_progress(ByteReader& in);

}  // namespace tardigrad
