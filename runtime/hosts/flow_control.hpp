/// Flow control towards one host under the real clock: a sender reserves room before it transmits and keeps the
/// message until there is some, so that the message can still be flushed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace tardigrad {

/// The room of a message, reserved until this is destroyed.
using ReservedRoom = std::shared_ptr<void>;

/// The flow control towards one other part. Thread-safe.
class FlowControl : public std::enable_shared_from_this<FlowControl> {
 public:
  /// `under_way` returns the number of bytes sent to the part and not yet taken by it.
  FlowControl(std::uint64_t most_bytes, std::function<std::uint64_t()> under_way);

  /// Reserves room for a message of so many bytes, to be held until it has been sent. There is room as long as
  /// fewer than `most_bytes` are under way; one message may exceed that, and may itself be longer. Null: there
  /// is no room, and `retry` is called once, on any thread, when another call is worthwhile. Of several waiting
  /// calls with the same `who` only the last `retry` counts.
  ReservedRoom enter(std::uint64_t bytes, std::uint64_t who, std::function<void()> retry);
  /// To be called when fewer bytes are under way than before.
  void on_room();

 private:
  void leave(std::uint64_t bytes);
  bool is_full() const { return held_ + under_way_() >= most_bytes_; }

  const std::uint64_t most_bytes_;
  const std::function<std::uint64_t()> under_way_;
  std::mutex mutex_;
  std::uint64_t held_ = 0;                                  ///< bytes of messages that are not sent yet
  std::map<std::uint64_t, std::function<void()>> waiting_;  ///< by who
};

}  // namespace tardigrad
