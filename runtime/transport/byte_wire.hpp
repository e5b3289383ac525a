/// The bytes of one connection: a socket, plain or under TLS 1.3. Never blocks.
#pragma once

#include <asio/ip/tcp.hpp>
#include <asio/ssl/stream.hpp>
#include <optional>
#include <string>
#include <utility>

namespace tardigrad {

/// All members belong to the thread of the socket's io_context. One read and one write may be under way at a time;
/// handlers get an error code, reads and writes also a number of bytes.
class ByteWire {
 public:
  using Socket = asio::ip::tcp::socket;

  /// Plain without a context, which must outlive the wire.
  ByteWire(Socket socket, asio::ssl::context* tls);

  /// TLS: the other side's certificate must name this address or host as a subjectAltName.
  void expect(const std::string& host);

  /// The handshake of TLS; a plain wire has none.
  template <class Handler>
  void shake_hands(asio::ssl::stream_base::handshake_type side, Handler handler) {
    if (!tls_) return handler(asio::error_code());
    tls_->async_handshake(side, std::move(handler));
  }
  template <class Buffers, class Handler>
  void read_some(const Buffers& to, Handler handler) {
    if (!tls_) return socket_.async_read_some(to, std::move(handler));
    tls_->async_read_some(to, std::move(handler));
  }
  template <class Buffers, class Handler>
  void write_some(const Buffers& from, Handler handler) {
    if (!tls_) return socket_.async_write_some(from, std::move(handler));
    tls_->async_write_some(from, std::move(handler));
  }

  /// Below TLS.
  Socket& socket() { return socket_; }
  /// 32 bytes that both ends of a TLS session derive from it, and nobody else (RFC 8446, section 7.5); empty
  /// without TLS. Valid after the handshake.
  std::string session();
  /// The reason for the error in one line.
  std::string reason(const asio::error_code& error);
  /// True if the other side has closed the connection, perhaps before it had read everything.
  static bool is_break_off(const asio::error_code& error);

 private:
  Socket socket_;
  std::optional<asio::ssl::stream<Socket&>> tls_;
};

}  // namespace tardigrad
