/// Room between two parts of a run under the real clock: who has a message for the other part asks for room first, and
/// keeps the message if there is none. So it waits where its sender may still take it back, and not in a queue that
/// grows as long as the other side is slow.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace tardigrad {

/// A message's room: it counts until this dies.
using LaneRoom = std::shared_ptr<void>;

/// To one other part. Thread-safe.
class Lane : public std::enable_shared_from_this<Lane> {
 public:
  /// `under_way` says how many bytes have been sent to the part and not been taken by it yet.
  Lane(std::uint64_t most_bytes, std::function<std::uint64_t()> under_way);

  /// Room for a message of so many bytes, to be held until it has been sent. There is some as long as less than the
  /// most is under way: it may go beyond by one message, which can be longer than the most. Null: there is none, and
  /// `retry` is called once, on any thread, when it is worth asking again. Of one who asks again meanwhile only the
  /// last `retry` counts.
  LaneRoom enter(std::uint64_t bytes, std::uint64_t who, std::function<void()> retry);
  /// Less is under way than before.
  void on_room();

 private:
  void leave(std::uint64_t bytes);
  bool is_full() const { return held_ + under_way_() >= most_bytes_; }

  const std::uint64_t most_bytes_;
  const std::function<std::uint64_t()> under_way_;
  std::mutex mutex_;
  std::uint64_t held_ = 0;                                  ///< by messages that are not sent yet
  std::map<std::uint64_t, std::function<void()>> waiting_;  ///< by who
};

}  // namespace tardigrad
