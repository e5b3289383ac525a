/// Letters to other parts of a run, many to a frame, and the marks in between.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "actors/hosts/part_channel.hpp"
#include "actors/letters.hpp"
#include "actors/placement.hpp"
#include "actors/run/run.hpp"
#include "runtime/hosts/window_barrier.hpp"

namespace tardigrad {

/// A part has come so far. In virtual time: it has run through its window.
struct PartMark : Mark {
  RunPosition position;       ///< events and rounds of this part
  NodeId held_up = 0;         ///< as in Meter
  NodeId done = 0;            ///< as in Meter
  bool stands_still = false;  ///< it has no events to come that could let anything go on, and has caused none
  bool go_on = true;          ///< the coordinator's word
  bool last = false;          ///< its actors have reported all that they had
  std::vector<SlowNode> slow_nodes{};
  std::string failure{};  ///< it cannot go on: why
  /// Pieces that others have sent and that were no part of the run; said with the last mark.
  std::uint64_t refused = 0;
  bool lost = false;  ///< it is gone, and this is said in its place
};

/// What a frame may be.
enum class PartFrameKind : std::uint8_t {
  letters,
  mark,
  progress  ///< to the coordinator, from the middle of a long window of virtual time: RunPosition
};

/// Thread-safe.
class PartPost final : public Post {
 public:
  /// `at_once`: a frame for every letter and a lane to every part, as there are no windows.
  PartPost(PartChannel& channel, const Placement& placement, bool at_once);

  void post(const Address& to, const caf::type_erased_tuple& message) override;
  void post(const Address& to, Time at, const EventKey& key, const caf::type_erased_tuple& message) override;
  Lane* lane(PartId part) override { return lanes_.empty() ? nullptr : lanes_[part].get(); }
  bool is_lost(PartId part) const override { return lost_[part]; }
  /// From now on what is posted to that part is thrown away.
  void lose(PartId part);
  /// Adds to a mark what letters have caused elsewhere since the last one.
  void complete(PartMark& mark);
  /// Sends off what has been written, and then `mark`: to all, or to the coordinator only.
  void send(const PartMark& mark, bool to_all);
  /// To the coordinator: what has been written for it, and how far this part is.
  void send(const RunPosition& position);

 private:
  void write(const Address& to, const std::optional<Letter::Moment>& moment, const caf::type_erased_tuple& message);
  void send_off(PartId part);
  ByteWriter frame(PartFrameKind kind) const;

  PartChannel& channel_;
  PartId self_;
  bool at_once_;
  std::mutex mutex_;
  std::vector<ByteWriter> letters_;           ///< by part
  std::vector<std::shared_ptr<Lane>> lanes_;  ///< by part
  std::deque<std::atomic<bool>> lost_;        ///< by part
  Time earliest_ = kNever;                    ///< moment of a letter since the last mark
  bool moved_ = false;                        ///< one of them lets something go on
};

/// Nothing if the bytes are no mark.
std::optional<PartMark> read_mark(ByteReader& in, NodeId nodes);
/// Nothing if the bytes are no position.
std::optional<RunPosition> read_progress(ByteReader& in);

}  // namespace tardigrad
