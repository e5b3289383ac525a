/// Bounds the bytes under way in one direction of a connection: sent, and not yet given back by the receiver.
/// Both sides count alike, so that a receiver can check a sender.
///
/// A frame may leave if it fits into the window with all that is under way, or if nothing is: a frame longer
/// than the window goes alone. The receiver gives bytes back in batches of an eighth of the window; a sender
/// that waits asks, and then gets everything back at once until its next frame.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tardigrad {

/// The size of a frame in a window: its bytes, and the cost of holding any frame.
inline std::uint64_t window_share(std::size_t frame_bytes) { return std::uint64_t{frame_bytes} + 64; }

/// The sender's side. A frame is accepted when the window has room for it, and leaves later.
class SendWindow {
 public:
  explicit SendWindow(std::uint64_t bytes) : bytes_(bytes) {}

  bool has_room(std::uint64_t share) const { return fits(accepted_, share); }
  void accept(std::uint64_t share) { accepted_ += share; }
  bool may_leave(std::uint64_t share) const { return fits(left_, share); }
  void leave(std::uint64_t share) { left_ += share; }
  /// Bytes accepted and not given back.
  std::uint64_t under_way() const { return accepted_ - given_back_; }
  /// False if the receiver gives back more than has left.
  bool give_back(std::uint64_t bytes);

 private:
  bool fits(std::uint64_t total, std::uint64_t share) const {
    const std::uint64_t under_way = total - given_back_;
    return under_way == 0 || (share <= bytes_ && under_way <= bytes_ - share);
  }

  std::uint64_t bytes_;
  // since the connection began
  std::uint64_t accepted_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t given_back_ = 0;
};

/// The receiver's side.
class ReceiveWindow {
 public:
  explicit ReceiveWindow(std::uint64_t bytes) : bytes_(bytes) {}

  /// Counts a frame that begins to arrive. False if the sender had no right to send it.
  bool admit(std::uint64_t share);
  /// Counts a frame that the application has finished with.
  void release(std::uint64_t share) { released_ += share; }
  /// Notes that the sender waits.
  void ask() { asked_ = true; }
  bool has_announcement() const { return released_ > 0 && (asked_ || released_ >= bytes_ / 8); }
  /// The bytes to give back now, in one message; 0 if that can wait.
  std::uint32_t take_announcement();

 private:
  std::uint64_t bytes_;
  std::uint64_t held_ = 0;      ///< bytes admitted and not yet given back
  std::uint64_t released_ = 0;  ///< bytes of held_ to be given back
  bool asked_ = false;
};

}  // namespace tardigrad
