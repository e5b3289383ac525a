/// A socket that bytes go through as they are, or through TLS. Never blocks.
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

/// Files in PEM format. Both sides must show a certificate that `ca` vouches for; names are not checked.
struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

/// One line about the first file that cannot be used, nothing if all can.
std::optional<std::string> mistake_in(const TlsFiles& files);

class ByteWire {
 public:
  enum class State { open, ended, failed };
  struct Progress {
    std::size_t bytes = 0;  ///< 0 of an open wire: nothing to read, or no space to write
    State state = State::open;
  };

  virtual ~ByteWire() = default;

  /// Fills the parts in their order, not necessarily all.
  virtual Progress read(const iovec* parts, int count) = 0;
  /// Takes bytes from the parts in their order, not necessarily all. What is taken may still be held
  /// back: `holds_unwritten`, and then any further call writes it first.
  virtual Progress write(const iovec* parts, int count) = 0;
  virtual bool holds_unwritten() const { return false; }
  /// There is more to read although the socket has nothing.
  virtual bool holds_unread() { return false; }
  /// Writing goes on when the socket has been read, not when it has space: the handshake of TLS.
  virtual bool awaits_peer() const { return false; }
  /// Why it has failed.
  virtual std::string failure() const = 0;
};

/// The socket stays the caller's.
std::shared_ptr<ByteWire> plain_wire(caf::io::network::native_socket socket);
/// The system has CAF's OpenSSL module, and its configuration the files.
Result<std::shared_ptr<ByteWire>> tls_wire(caf::actor_system& system, caf::io::network::native_socket socket,
                                           bool accepted);

}  // namespace tardigrad
