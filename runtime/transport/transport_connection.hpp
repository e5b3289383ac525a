/// One TCP connection in CAF's event loop: first the handshake, then frames.
#pragma once

#include <caf/intrusive_ptr.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>
#include <caf/ref_counted.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/transport/byte_wire.hpp"
#include "runtime/transport/hello.hpp"
#include "runtime/transport/transport_frame.hpp"
#include "runtime/transport/transport_link.hpp"
#include "runtime/transport/transport_silence.hpp"

namespace tardigrad {

class TransportConnection;

/// Is told the events of a connection, on the event loop's thread. A connection is greeted or refused, never
/// both, and in any case ended last.
class ConnectionOwner {
 public:
  /// The handshake is over; calls `open`.
  virtual void on_greeted(TransportConnection& connection) = 0;
  /// The connection will not become a peer. It may still tell the other side, until its deadline.
  virtual void on_refused(TransportConnection& connection, const std::string& why) = 0;
  virtual void on_frame(TransportConnection& connection, std::vector<std::uint8_t> bytes) = 0;
  /// The peer has given some of its window back.
  virtual void on_room(TransportConnection& connection) = 0;
  /// Releases the connection, but not before the event loop has.
  virtual void on_ended(TransportConnection& connection, const std::string& why) = 0;

 protected:
  ~ConnectionOwner() = default;
};

/// All members belong to the event loop's thread. Reads no byte beyond the handshake before that is over; bytes
/// of frames are then read straight into the frame to which they belong.
class TransportConnection final : public caf::ref_counted, public caf::io::network::event_handler {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Hello {
    Handshake handshake;
    Moment deadline;
    std::chrono::milliseconds time;  ///< for messages only
  };

  /// Owns the socket that `wire` uses.
  TransportConnection(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket socket,
                      std::shared_ptr<ByteWire> wire, Hello hello, ConnectionOwner& owner);

  /// Joins the event loop.
  void start();
  /// Exchanges frames as peer `id` from now on. The connection must have been greeted.
  void open(std::uint64_t id, std::shared_ptr<TransportLink> link, std::size_t most_frame_bytes,
            std::chrono::milliseconds silence);
  /// Sends queued frames and a farewell, no later than the deadline. Nothing more is received.
  void close(const std::string& why, Moment deadline);
  /// Ends the connection at once.
  void end(const std::string& why);
  /// Handles the link's work for the event loop.
  void turn();
  void tick(Moment now);

  /// 0 before `open`.
  std::uint64_t id() const { return id_; }
  const std::shared_ptr<TransportLink>& link() const { return link_; }
  const Handshake& handshake() const { return hello_.handshake; }
  const std::string& address() const { return address_; }

 private:
  enum class Phase : std::uint8_t { hello, open, closing, lingering, ended };

  void handle_event(caf::io::network::operation operation) override;
  void removed_from_loop(caf::io::network::operation operation) override;
  void graceful_shutdown() override;

  struct Reading {
    ByteWire::Progress progress;
    std::size_t room;  ///< bytes that could have been read
  };
  void on_readable();
  Reading read_some();
  Reading read_hello();
  Reading read_frames();
  Reading discard();
  void take(const std::uint8_t* bytes, std::size_t count);
  void deliver();
  void on_broken(ByteWire::State broken);
  std::string hello_break_off(ByteWire::State broken) const;
  void refuse(const std::string& why);
  void linger(const std::string& why);

  void flush();
  void compose();
  void put_first(FrameHeader header);
  bool has_output() const;
  ByteWire::Progress write_some();
  void written(std::size_t bytes);
  void on_unwritable();
  void await_space(bool wanted);

  std::shared_ptr<ByteWire> wire_;
  Hello hello_;
  ConnectionOwner& owner_;
  std::string address_;
  Phase phase_ = Phase::hello;
  bool heard_anything_ = false;
  Moment deadline_;
  std::string why_;  ///< the reason for closing

  std::uint64_t id_ = 0;
  std::shared_ptr<TransportLink> link_;
  std::optional<FrameReader> reader_;
  std::optional<SilenceRule> silence_;

  std::vector<std::uint8_t> hello_output_;
  std::deque<OutgoingFrame> output_;
  int waiting_controls_ = 0;  ///< frames of credit and heartbeats in `output_`
  bool beat_due_ = false;
  bool farewell_said_ = false;
  bool awaits_space_ = false;
  bool mute_ = false;  ///< true if writing has failed
};

using TransportConnectionPtr = caf::intrusive_ptr<TransportConnection>;

}  // namespace tardigrad
