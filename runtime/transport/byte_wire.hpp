/// A socket with or without TLS. Never blocks.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/io/network/native_socket.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "runtime/transport/transport_result.hpp"

struct iovec;

namespace tardigrad {

/// Files in PEM format. Both sides must show a certificate that `ca` signed; names are not checked.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

/// One line about the first unusable file; nothing if all are usable.
std::optional<std::string> mistake_in(const TlsFiles& files);

class ByteWire {
 public:
  enum class State { open, ended, failed };
  struct Progress {
    std::size_t bytes = 0;  ///< 0 on an open wire: nothing to read, or no space to write
    State state = State::open;
  };

  virtual ~ByteWire() = default;

  /// Fills the parts in their order, not necessarily all of them.
  virtual Progress read(const iovec* parts, int count) = 0;
  /// Takes bytes from the parts in their order, not necessarily all of them. Bytes that were taken may still be
  /// held back (`holds_unwritten`); any further call writes them first.
  virtual Progress write(const iovec* parts, int count) = 0;
  virtual bool holds_unwritten() const { return false; }
  /// True if there is more to read although the socket is empty.
  virtual bool holds_unread() { return false; }
  /// True if writing continues when the socket becomes readable, not when it has space: the handshake of TLS.
  virtual bool awaits_peer() const { return false; }
  /// The reason for the failure.
  virtual std::string failure() const = 0;
};

/// The caller keeps the socket.
std::shared_ptr<ByteWire> plain_wire(caf::io::network::native_socket socket);
/// Needs a system with CAF's OpenSSL module whose configuration has the files.
Result<std::shared_ptr<ByteWire>> tls_wire(caf::actor_system& system, caf::io::network::native_socket socket,
                                           bool accepted);

}  // namespace tardigrad
