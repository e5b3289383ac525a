/// State that the application's threads and the transport's thread share about one peer: the queue of frames to
/// send and both windows.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "runtime/transport/credit.hpp"
#include "runtime/transport/transport_frame.hpp"

namespace tardigrad {

/// A frame on its way out.
struct OutgoingFrame {
  std::array<std::uint8_t, FrameHeader::kBytes> header;
  std::vector<std::uint8_t> bytes;
  std::size_t written = 0;  ///< bytes of header and data written

  std::size_t size() const { return header.size() + bytes.size(); }
};

class TransportLink {
 public:
  struct Limits {
    std::uint64_t send_window = 0;  ///< the peer's window
    std::uint64_t longest_sent = 0;
    std::uint64_t receive_window = 0;
  };
  /// `wake` requests a turn of the transport's thread on this link. It is called with the link's mutex held,
  /// from any thread, and not again before the turn has begun.
  TransportLink(const Limits& limits, std::function<void()> wake);

  // Members for any thread.

  enum class Sending { accepted, gone, too_long };
  /// Waits for room in the window, behind earlier waiting callers, unless told not to wait.
  Sending send(std::vector<std::uint8_t> frame, bool may_wait);
  /// As in Transport.
  std::uint64_t under_way() const;
  /// The application is done with a received frame.
  void release(std::size_t frame_bytes);

  // Members for the transport's thread.

  void begin_turn();
  /// Moves the frames that may leave now to the end of `leaving`.
  void take_ready(std::deque<OutgoingFrame>& leaving);
  /// True if a frame waits for room, and the peer has not been asked since the last frame left. To be called
  /// after `take_ready`; once true, the peer counts as asked.
  bool must_ask();
  bool is_drained() const;

  bool admit(std::size_t frame_bytes);
  void on_ask();
  bool on_credit(std::uint32_t bytes);
  /// Bytes to give back to the peer now; 0 for none.
  std::uint32_t take_announcement();

  /// Accepts no further frames; queued ones may still leave. Callers that wait in `send` give up.
  void finish();
  /// The connection is gone: drops the queue and never calls `wake` again.
  void cut();

 private:
  void wake();

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::uint64_t longest_sent_;
  SendWindow sending_;
  ReceiveWindow receiving_;
  std::deque<OutgoingFrame> queue_;
  std::uint64_t next_ticket_ = 0;  ///< tickets of sending callers
  std::uint64_t served_ = 0;
  bool asked_ = false;
  bool finished_ = false;
  bool woken_ = false;
  std::function<void()> wake_;
};

}  // namespace tardigrad
