#include "runtime/transport/byte_wire.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstring>
#include <stdexcept>

namespace tardigrad {

namespace {
constexpr char kExporterLabel[] = "EXPORTER-tardigrad-token";
constexpr std::size_t kSessionBytes = 32;
}  // namespace

ByteWire::ByteWire(Socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
  asio::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (tls != nullptr) tls_.emplace(socket_, *tls);
}

void ByteWire::expect(const std::string& host) {
  if (!tls_) return;
  X509_VERIFY_PARAM* rule = SSL_get0_param(tls_->native_handle());
  X509_VERIFY_PARAM_set_hostflags(rule, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_ip_asc(rule, host.c_str()) == 1) return;
  // OpenSSL takes no name for any name.
  const std::string name = host.empty() ? "localhost" : host;
  if (X509_VERIFY_PARAM_set1_host(rule, name.c_str(), 0) != 1) throw std::runtime_error("OpenSSL takes no host name");
}

std::string ByteWire::session() {
  if (!tls_) return {};
  std::string secret(kSessionBytes, '\0');
  if (SSL_export_keying_material(tls_->native_handle(), reinterpret_cast<unsigned char*>(secret.data()), secret.size(),
                                 kExporterLabel, std::strlen(kExporterLabel), nullptr, 0, 0) != 1) {
    throw std::runtime_error("OpenSSL exports no keying material");
  }
  return secret;
}

std::string ByteWire::reason(const asio::error_code& error) {
  if (error.category() != asio::error::get_ssl_category()) return error.message();
  const long verdict = SSL_get_verify_result(tls_->native_handle());
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return "TLS: the certificate is not for this address or name";
  }
  const char* reason = ERR_reason_error_string(static_cast<unsigned long>(error.value()));
  return reason == nullptr ? "TLS: broken off" : std::string("TLS: ") + reason;
}

bool ByteWire::is_break_off(const asio::error_code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset || error == asio::error::broken_pipe ||
         error == asio::ssl::error::stream_truncated;
}

}  // namespace tardigrad
