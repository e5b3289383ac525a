/// One TCP connection: first the handshakes, then frames.
#pragma once

#include <array>
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

/// Is told the events of a connection, on the transport's thread. A connection is greeted or refused, never
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
  virtual void on_ended(TransportConnection& connection, const std::string& why) = 0;

 protected:
  ~ConnectionOwner() = default;
};

/// All members belong to the transport's thread. Reads no byte beyond the handshake before that is over; bytes
/// of frames are then read straight into the frame to which they belong. Lives as long as a read or a write is
/// under way.
class TransportConnection final : public std::enable_shared_from_this<TransportConnection> {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  struct Hello {
    Handshake::Side side;
    std::string token;
    Greeting own;
    Moment deadline;
    std::chrono::milliseconds time;  ///< for messages only
  };

  TransportConnection(asio::ip::tcp::socket socket, asio::ssl::context* tls, Hello hello, ConnectionOwner& owner);

  /// TLS: the other side's certificate must be for this address or name. To be called before `start`.
  void expect(const std::string& host) { wire_.expect(host); }
  void start();
  /// Exchanges frames as peer `id` from now on. The connection must have been greeted.
  void open(std::uint64_t id, std::shared_ptr<TransportLink> link, std::size_t most_frame_bytes,
            std::chrono::milliseconds silence);
  /// Sends queued frames and a farewell, no later than the deadline. Nothing more is received.
  void close(const std::string& why, Moment deadline);
  /// Ends the connection at once.
  void end(const std::string& why);
  /// Handles the link's work for the transport's thread.
  void turn();
  void tick(Moment now);

  /// 0 before `open`.
  std::uint64_t id() const { return id_; }
  const std::shared_ptr<TransportLink>& link() const { return link_; }
  const Greeting& peer() const { return handshake_->peer(); }
  const std::string& address() const { return address_; }

 private:
  enum class Phase : std::uint8_t { hello, open, closing, lingering, ended };
  /// Bytes read ahead of the frame that is being filled: the header of the next frame, or many small frames.
  static constexpr std::size_t kReadAhead = 8192;

  void begin_hello();
  void read();
  void on_read(const asio::error_code& error, std::size_t bytes);
  void take_hello(std::size_t bytes);
  void take_frames(std::size_t bytes);
  void deliver();
  void on_broken(const asio::error_code& error);
  std::string hello_break_off(const asio::error_code& error);
  void refuse(const std::string& why);

  void flush();
  void compose();
  void put_first(FrameHeader header);
  void write();
  void on_written(const asio::error_code& error, std::size_t bytes);
  void discard_written(std::size_t bytes);

  ByteWire wire_;
  Hello hello_;
  std::optional<Handshake> handshake_;  ///< none before that of TLS is over
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

  std::array<std::uint8_t, kReadAhead> ahead_;
  std::vector<std::uint8_t> hello_output_;
  std::deque<OutgoingFrame> output_;
  int waiting_controls_ = 0;  ///< frames of credit and heartbeats in `output_`
  bool beat_due_ = false;
  bool farewell_said_ = false;
  bool writing_ = false;  ///< true while a write is under way, which needs the outputs where they are
  bool mute_ = false;     ///< true if writing has failed
};

using TransportConnectionPtr = std::shared_ptr<TransportConnection>;

}  // namespace tardigrad
