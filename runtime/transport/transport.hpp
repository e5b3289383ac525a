/// Frames of bytes between processes, over one TCP or TLS connection for each pair of them. Knows
/// nothing of what is in the frames.
///
/// CAF's event loop moves the bytes, on a thread of its own; CAF's own protocol between processes is
/// not used, because it allocates what a stranger asks it to. Here no stranger gets further than a
/// handshake of fixed size (hello.hpp), and a peer no further than the window (credit.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/transport/byte_wire.hpp"
#include "runtime/transport/transport_result.hpp"

namespace tardigrad {

/// One per connection, never reused by a transport; from 1.
using PeerId = std::uint64_t;

struct TransportSettings {
  /// The run's secret, the same for all: required. Should be long and random (hello.hpp).
  std::string token;
  /// Without it everything but the token can be read, and changed, on the way.
  std::optional<TlsFiles> tls;
  /// Told to the peer, for the application: what this process is.
  std::uint32_t role = 0;
  /// A peer that sends a longer one is cut off. Less than 4 GiB.
  std::size_t most_frame_bytes = std::size_t{64} << 20;
  /// What a peer may have sent that is not released: the memory a peer can take. A single frame may
  /// be longer than the window.
  std::size_t window_bytes = std::size_t{32} << 20;
  /// A peer that sends nothing for longer than this has gone: stopped, unplugged. Heartbeats come every
  /// quarter of it and several times a second at least: the peer may allow less. Not below a second across machines.
  std::chrono::milliseconds silence{10'000};
  /// For a connection's handshake.
  std::chrono::milliseconds hello_time{5'000};
  /// Connections that are no peers yet; one more, and the oldest is dropped.
  std::size_t most_strangers = 64;
  /// For what is still queued where a connection is closed.
  std::chrono::milliseconds farewell_time{2'000};
};

struct Peer {
  PeerId id = 0;
  std::string address;     ///< "192.0.2.1:4242"
  std::uint32_t role = 0;  ///< as the peer's settings say
};

struct Frame {
  PeerId from = 0;
  std::vector<std::uint8_t> bytes;
  /// The frame counts in the sender's window until this dies, on any thread, even after the transport.
  std::shared_ptr<void> credit;
};

struct PeerGone {
  PeerId peer = 0;
  std::string reason;  ///< one line
};

/// Called on the transport's own thread, one call at a time. Must not block, must not throw. May call
/// `send` and `close`.
class TransportListener {
 public:
  /// A peer has connected to this process. Its first frame comes later.
  virtual void on_peer(const Peer& peer) = 0;
  /// From a peer of `connect`, it may come before that has returned.
  virtual void on_frame(Frame frame) = 0;
  /// Less is `under_way` to the peer than before.
  virtual void on_room(PeerId /*peer*/) {}
  /// Once for each peer, accepted or connected, its last call; also after `close`.
  virtual void on_gone(PeerGone gone) = 0;
  /// A connection was dropped before it became a peer. For a line in a log: at most ten in a row and
  /// then one a second, which counts those that were left out.
  virtual void on_stranger(const std::string& address, const std::string& why) = 0;

 protected:
  ~TransportListener() = default;
};

/// All members can be called from any thread, but the destructor not from the listener.
class Transport {
 public:
  /// The listener must outlive the transport. A mistake in the settings is what `listen` and `connect`
  /// then answer with.
  Transport(TransportSettings settings, TransportListener& listener);
  /// Closes all peers as `close` does, without telling the listener, which is not called any more. Takes
  /// no longer than the farewell time. No other member may be under way.
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// A numeric address or a name of this machine; port 0: any that is free. Returns the port, or one line:
  /// "127.0.0.1:4242: Address already in use".
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);

  /// Returns when the handshake is over: a peer, or one line, "192.0.2.1:4242: wrong token". Looking
  /// up a name may take longer than `timeout`. Where nobody listens, it tries again a few times a second for as long as
  /// `is_patient` says so.
  Result<Peer> connect(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                       const std::function<bool()>& is_patient = at_once);
  static bool at_once() { return false; }

  /// Frames of one thread arrive in its order. Waits while the window is full, except on the transport's
  /// own thread: there the frame is queued, whatever the queue's length. False if the peer has gone or
  /// is being closed. A frame that is longer than the peer takes closes the connection.
  bool send(PeerId peer, std::vector<std::uint8_t> frame);

  /// The same, but never waits: whatever the queue's length, the frame is put into it. For who sees to it himself, by
  /// `under_way`, that the queue does not grow.
  bool post(PeerId peer, std::vector<std::uint8_t> frame);
  /// Bytes accepted for the peer that it has not given back: queued here, on their way, or held over there. 0 for a
  /// peer that has gone.
  std::uint64_t under_way(PeerId peer) const;

  /// What has been accepted by `send` still leaves, within the farewell time. No frame comes any more.
  void close(PeerId peer);

 private:
  class Engine;
  bool hand_over(PeerId peer, std::vector<std::uint8_t> frame, bool may_wait);

  std::unique_ptr<Engine> engine_;
};

}  // namespace tardigrad
