#pragma once

#include <cstdint>
#include <string>

namespace tardigrad {

/// "192.0.2.1:4242", "[2001:db8::1]:4242".
inline std::string address_text(const std::string& host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace tardigrad
