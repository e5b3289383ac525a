#include "runtime/transport/byte_wire.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <caf/openssl/session.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>
#include <vector>

namespace tardigrad {

namespace {

using caf::io::network::native_socket;
using caf::io::network::rw_state;

class PlainWire final : public ByteWire {
 public:
  explicit PlainWire(native_socket socket) : socket_(socket) {}

  Progress read(const iovec* parts, int count) override {
    const ssize_t bytes = ::readv(socket_, parts, count);
    return bytes == 0 ? Progress{0, State::ended} : progress(bytes);
  }

  Progress write(const iovec* parts, int count) override {
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(parts);  // sendmsg does not write to it
    message.msg_iovlen = static_cast<std::size_t>(count);
    return progress(::sendmsg(socket_, &message, MSG_NOSIGNAL));
  }

  std::string failure() const override { return std::strerror(error_); }

 private:
  Progress progress(ssize_t bytes) {
    if (bytes >= 0) return {static_cast<std::size_t>(bytes), State::open};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {};
    error_ = errno;
    // The other side closed the connection before it had read everything.
    return {0, errno == ECONNRESET || errno == EPIPE ? State::ended : State::failed};
  }

  native_socket socket_;
  int error_ = 0;
};

std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "" : reason;
}

/// The reason why the file cannot be read; empty if it can. OpenSSL only reports that the system refused.
std::string why_unreadable(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"), std::fclose);
  if (!file) return std::strerror(errno);
  errno = 0;
  const bool has_more = std::fgetc(file.get()) != EOF;
  if (errno != 0) return std::strerror(errno);
  return has_more ? "" : "it is empty";
}

/// Without this OpenSSL would ask for the key's password on the terminal, if there is one.
int refuse_to_ask(char*, int, int, void* is_encrypted) {
  *static_cast<bool*>(is_encrypted) = true;
  return -1;
}

/// CAF's session only reports that something failed; the reason is in OpenSSL's queue of errors. That queue
/// belongs to the thread: errors left by one connection would be taken for those of the next.
class TlsWire final : public ByteWire {
 public:
  TlsWire(caf::openssl::session_ptr session, native_socket socket) : session_(std::move(session)), socket_(socket) {}

  Progress read(const iovec* parts, int count) override {
    const iovec* part = std::find_if(parts, parts + count, [](const iovec& p) { return p.iov_len > 0; });
    ERR_clear_error();
    std::size_t bytes = 0;
    const rw_state state = session_->read_some(bytes, socket_, part->iov_base, part->iov_len);
    if (state != rw_state::failure) return arrived(bytes);
    return {0, failed() ? State::failed : State::ended};
  }

  Progress write(const iovec* parts, int count) override {
    if (!write_held()) return {0, State::failed};
    if (!held_.empty()) return {};
    const std::size_t taken = hold(parts, count);
    if (!write_held()) return {0, State::failed};
    return {taken, State::open};
  }

  bool holds_unwritten() const override { return !held_.empty(); }
  bool holds_unread() override { return session_->must_read_more(socket_, 1); }
  bool awaits_peer() const override { return !established_; }
  std::string failure() const override { return reason_.empty() ? "TLS: broken off" : "TLS: " + reason_; }

 private:
  static constexpr std::size_t kRecordBytes = 16384;

  Progress arrived(std::size_t bytes) {
    established_ = established_ || bytes > 0;
    return {bytes, State::open};
  }

  /// A retry must offer OpenSSL the same bytes at the same address, hence the copy.
  std::size_t hold(const iovec* parts, int count) {
    for (int i = 0; i < count && held_.size() < kRecordBytes; ++i) {
      const auto* begin = static_cast<const std::uint8_t*>(parts[i].iov_base);
      held_.insert(held_.end(), begin, begin + std::min(parts[i].iov_len, kRecordBytes - held_.size()));
    }
    return held_.size();
  }

  /// False if the connection has failed.
  bool write_held() {
    if (held_.empty()) return true;
    ERR_clear_error();
    std::size_t bytes = 0;
    if (session_->write_some(bytes, socket_, held_.data(), held_.size()) == rw_state::failure) {
      failed();
      return false;
    }
    if (arrived(bytes).bytes > 0) held_.clear();  // a record is written as a whole
    return true;
  }

  /// False if the other side has closed the connection.
  bool failed() {
    const unsigned long error = ERR_peek_last_error();
    if (error == 0 || ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return false;
    reason_ = openssl_reason();
    return true;
  }

  caf::openssl::session_ptr session_;
  native_socket socket_;
  bool established_ = false;
  std::vector<std::uint8_t> held_;
  std::string reason_;
};

}  // namespace

std::optional<std::string> mistake_in(const TlsFiles& files) {
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_method()), SSL_CTX_free);
  bool is_encrypted = false;
  SSL_CTX_set_default_passwd_cb_userdata(context.get(), &is_encrypted);
  SSL_CTX_set_default_passwd_cb(context.get(), refuse_to_ask);
  const auto mistake = [](const std::string& what, const std::string& file, const std::string& why) {
    return what + " \"" + file + "\" cannot be used: " + why;
  };
  const auto try_file = [&](const std::string& what, const std::string& file,
                            const auto& use) -> std::optional<std::string> {
    ERR_clear_error();
    if (const std::string unreadable = why_unreadable(file); !unreadable.empty()) {
      return mistake(what, file, unreadable);
    }
    if (use(file.c_str()) == 1) return std::nullopt;
    return mistake(what, file, is_encrypted ? "it is encrypted, expected one without a password" : openssl_reason());
  };
  auto problem = try_file("the certificate", files.certificate,
                          [&](const char* file) { return SSL_CTX_use_certificate_chain_file(context.get(), file); });
  if (problem) return problem;
  problem = try_file("the private key", files.key, [&](const char* file) {
    return SSL_CTX_use_PrivateKey_file(context.get(), file, SSL_FILETYPE_PEM);
  });
  // OpenSSL has already refused a key of another kind than the certificate's.
  const bool is_another = ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509;
  if ((problem && is_another) || (!problem && SSL_CTX_check_private_key(context.get()) != 1)) {
    return mistake("the private key", files.key, "it is not that of the certificate \"" + files.certificate + "\"");
  }
  if (problem) return problem;
  return try_file("the CA's certificate", files.ca,
                  [&](const char* file) { return SSL_CTX_load_verify_locations(context.get(), file, nullptr); });
}

std::shared_ptr<ByteWire> plain_wire(native_socket socket) { return std::make_shared<PlainWire>(socket); }

Result<std::shared_ptr<ByteWire>> tls_wire(caf::actor_system& system, native_socket socket, bool accepted) {
  using Wire = Result<std::shared_ptr<ByteWire>>;
  ERR_clear_error();
  try {
    caf::openssl::session_ptr session = caf::openssl::make_session(system, socket, accepted);
    if (session) return std::shared_ptr<ByteWire>(std::make_shared<TlsWire>(std::move(session), socket));
    const std::string reason = openssl_reason();
    return Wire::failure(reason.empty() ? "TLS: broken off" : "TLS: " + reason);
  } catch (const std::exception& failure) {
    return Wire::failure(std::string("TLS: ") + failure.what());
  }
}

}  // namespace tardigrad
