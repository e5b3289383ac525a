#include "runtime/transport/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

namespace tardigrad {

namespace {

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

/// One line about the first unusable file; nothing if all have been loaded.
std::optional<std::string> load(const TlsFiles& files, SSL_CTX* context) {
  bool is_encrypted = false;
  SSL_CTX_set_default_passwd_cb_userdata(context, &is_encrypted);
  SSL_CTX_set_default_passwd_cb(context, refuse_to_ask);
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
                          [&](const char* file) { return SSL_CTX_use_certificate_chain_file(context, file); });
  if (problem) return problem;
  problem = try_file("the private key", files.key,
                     [&](const char* file) { return SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM); });
  // OpenSSL has already refused a key of another kind than the certificate's.
  const bool is_another = ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509;
  if ((problem && is_another) || (!problem && SSL_CTX_check_private_key(context) != 1)) {
    return mistake("the private key", files.key, "it is not that of the certificate \"" + files.certificate + "\"");
  }
  if (problem) return problem;
  return try_file("the CA's certificate", files.ca,
                  [&](const char* file) { return SSL_CTX_load_verify_locations(context, file, nullptr); });
}

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> tls_context(const TlsFiles& files) {
  const auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tlsv13);
  context->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  SSL_CTX_set_num_tickets(context->native_handle(), 0);  // no session is ever taken up again
  const std::optional<std::string> problem = load(files, context->native_handle());
  SSL_CTX_set_default_passwd_cb_userdata(context->native_handle(), nullptr);
  if (problem) return Result<std::shared_ptr<asio::ssl::context>>::failure(*problem);
  return context;
}

}  // namespace tardigrad
