#pragma once

#include <asio/ssl/context.hpp>
#include <memory>

#include "runtime/transport/tls_files.hpp"
#include "runtime/transport/transport_result.hpp"

namespace tardigrad {

/// Speaks TLS 1.3 alone, and wants a certificate of the other side. Or one line about the first unusable file.
Result<std::shared_ptr<asio::ssl::context>> tls_context(const TlsFiles& files);

}  // namespace tardigrad
