/// What the threads of the application and the transport's own share about one peer: the queue of
/// frames to send and both windows.
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
  std::size_t written = 0;  ///< of header and bytes together

  std::size_t size() const { return header.size() + bytes.size(); }
};

class TransportLink {
 public:
  struct Limits {
    std::uint64_t send_window = 0;  ///< the peer's
    std::uint64_t longest_sent = 0;
    std::uint64_t receive_window = 0;
  };
  /// `wake` asks the transport's thread for a turn on this link. It is called with the link's mutex
  /// held, from any thread, and not again before the turn has begun.
  TransportLink(const Limits& limits, std::function<void()> wake);

  // Any thread.

  enum class Sending { accepted, gone, too_long };
  /// Waits for room in the window, behind those who wait already, unless told not to.
  Sending send(std::vector<std::uint8_t> frame, bool may_wait);
  /// As in Transport.
  std::uint64_t under_way() const;
  /// The application is done with a received frame.
  void release(std::size_t frame_bytes);

  // The transport's thread.

  void begin_turn();
  /// Moves what may leave now to the end of `leaving`.
  void take_ready(std::deque<OutgoingFrame>& leaving);
  /// Something waits for room, and the peer has not been asked since the last frame left. To be called
  /// after `take_ready`; once true, the peer counts as asked.
  bool must_ask();
  bool is_drained() const;

  bool admit(std::size_t frame_bytes);
  void on_ask();
  bool on_credit(std::uint32_t bytes);
  /// Bytes to give back to the peer now; 0 for none.
  std::uint32_t take_announcement();

  /// Nothing more is accepted; what is queued may still leave. Whoever waits in `send` gives up.
  void finish();
  /// The connection is gone: the queue is dropped and `wake` never called again.
  void cut();

 private:
  void wake();

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::uint64_t longest_sent_;
  SendWindow sending_;
  ReceiveWindow receiving_;
  std::deque<OutgoingFrame> queue_;
  std::uint64_t next_ticket_ = 0;  ///< of those who send
  std::uint64_t served_ = 0;
  bool asked_ = false;
  bool finished_ = false;
  bool woken_ = false;
  std::function<void()> wake_;
};

}  // namespace tardigrad
