/// Frames of bytes between processes, over one TCP or TLS connection for each pair of them. The content of
/// frames does not matter here.
///
/// Asio's sockets, timers and TLS move the bytes, on a thread of their own. CAF's remote actors are not used,
/// because their protocol allocates as much memory as a stranger announces and knows no backpressure. Here a stranger
/// gets no further than a handshake of fixed size (`Handshake`), and a peer no further than the window (`SendWindow`).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/transport/tls_files.hpp"
#include "runtime/transport/transport_result.hpp"

namespace tardigrad {

class TransportEngine;

/// One per connection, never reused by a transport; counted from 1.
using PeerId = std::uint64_t;

struct TransportSettings {
  /// The run's secret, the same for all hosts: required. Should be long and random (`Handshake`).
  std::string token;
  /// Without TLS everything but the token can be read, and changed, on the way.
  std::optional<TlsFiles> tls;
  /// Under TLS `connect` takes any certificate of the CA. Otherwise it takes one that names the address or host that it
  /// was asked for, as a subjectAltName.
  bool any_name = false;
  /// The role of this process, which the peer's application is told.
  std::uint32_t role = 0;
  /// A peer that sends a longer frame is disconnected. Less than 4 GiB.
  std::size_t most_frame_bytes = std::size_t{64} << 20;
  /// The greatest number of bytes received from a peer and not released: the memory that a peer can take. A
  /// single frame may be longer than the window.
  std::size_t window_bytes = std::size_t{32} << 20;
  /// A peer that sends nothing for longer than this is taken for gone: stopped or unplugged. Heartbeats are
  /// sent every quarter of it and several times a second at least, as the peer may allow less. Not below a
  /// second across machines.
  std::chrono::milliseconds silence{10'000};
  /// Time limit of a connection's handshake.
  std::chrono::milliseconds hello_time{5'000};
  /// The greatest number of connections that are no peers yet; beyond it the oldest is dropped.
  std::size_t most_strangers = 64;
  /// Time limit for queued frames when a connection is closed.
  std::chrono::milliseconds farewell_time{2'000};
};

struct Peer {
  PeerId id = 0;
  std::string address;     ///< "192.0.2.1:4242"
  std::uint32_t role = 0;  ///< from the peer's settings
};

struct Frame {
  PeerId from = 0;
  std::vector<std::uint8_t> bytes;
  /// Flow-control credit: the frame counts in the sender's window until this is destroyed, on any thread, even
  /// after the transport.
  std::shared_ptr<void> credit;
};

struct PeerGone {
  PeerId peer = 0;
  std::string reason;  ///< one line
};

/// What `Transport::connect` does about a host that is not up. By default it tries once.
struct Patience {
  /// Asked after every attempt at which nobody answered, with the reason: true if another one is to follow. Not asked
  /// about whoever answers, whatever the answer is.
  std::function<bool(const std::string& why)> tries_again = [](const std::string&) { return false; };
  /// Asked several times a second during an attempt, which ends when it returns true.
  std::function<bool()> gives_up = [] { return false; };
};

/// Called on the transport's own thread, one call at a time. Must not block, must not throw. May call `send`
/// and `close`.
class TransportListener {
 public:
  /// A peer has connected to this process. Its first frame comes later.
  virtual void on_peer(const Peer& peer) = 0;
  /// The first frame of a peer of `connect` may come before `connect` has returned.
  virtual void on_frame(Frame frame) = 0;
  /// Fewer bytes are `under_way` to the peer than before.
  virtual void on_room(PeerId /*peer*/) {}
  /// The last call for each peer, accepted or connected, made exactly once; also after `close`.
  virtual void on_gone(PeerGone gone) = 0;
  /// A connection was dropped before it became a peer. For a line in a log: at most ten in a row and then one a
  /// second, which counts those that were left out.
  virtual void on_stranger(const std::string& address, const std::string& why) = 0;

 protected:
  ~TransportListener() = default;
};

/// All members can be called from any thread, except the destructor, which must not be called by the listener.
class Transport {
 public:
  /// The listener must outlive the transport. `listen` and `connect` report mistakes in the settings.
  Transport(TransportSettings settings, TransportListener& listener);
  /// Closes all peers as `close` does, without further calls to the listener. Takes no longer than the farewell
  /// time. No other member may be running.
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Listens on a numeric address or a name of this machine; port 0 means any free one. Returns the port, or
  /// one line: "127.0.0.1:4242: Address already in use".
  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port);

  /// Returns at the end of the handshake: a peer, or one line, "192.0.2.1:4242: wrong token". Looking up a name
  /// may take longer than `timeout`. If nobody listens, it tries again a few times a second for as long as
  /// `patience` says so.
  Result<Peer> connect(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                       const Patience& patience = {});

  /// Frames of one thread arrive in its order. Waits while the window is full, except on the transport's own
  /// thread: there the frame is queued, whatever the queue's length. False if the peer has gone or is being
  /// closed. A frame that is longer than the peer accepts closes the connection.
  bool send(PeerId peer, std::vector<std::uint8_t> frame);

  /// Queues the frame without waiting, whatever the queue's length. For callers that bound the queue themselves
  /// by `under_way`.
  bool post(PeerId peer, std::vector<std::uint8_t> frame);
  /// Bytes accepted for the peer that it has not given back: queued here, on their way, or held at the peer. 0
  /// for a peer that has gone.
  std::uint64_t under_way(PeerId peer) const;

  /// Closes the connection after the frames accepted by `send`, within the farewell time. No further frame is
  /// received.
  void close(PeerId peer);

 private:
  bool hand_over(PeerId peer, std::vector<std::uint8_t> frame, bool may_wait);

  std::unique_ptr<TransportEngine> engine_;
};

}  // namespace tardigrad
