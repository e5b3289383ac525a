/// A coordinator or host that says whatever a test wants.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "scenarios/src/hosts/host_command.hpp"
#include "scenarios/src/hosts/host_frames.hpp"
#include "scenarios/src/hosts/host_network.hpp"

namespace tardigrad::test {

/// Knows the token, and speaks the transport's protocol as it should: what it says is its own affair.
class ForgedPeer {
 public:
  ForgedPeer(const std::string& address, HostRole role) : network_(settings(role), [](const std::string&) {}) {
    const std::size_t colon = address.rfind(':');
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)));
    const auto peer = network_.connect(address.substr(0, colon), port, kMost);
    REQUIRE_MESSAGE(peer, peer.error());
    host_ = peer->id;
  }

  /// Never waits.
  void send(WireBytes frame) { network_.post(host_, std::move(frame)); }
  /// The host's next frame; none if it ends the session.
  std::optional<WireBytes> next() {
    for (;;) {
      auto event = network_.next(kMost);
      if (!event || event->kind == HostNetwork::PeerEvent::Kind::gone) return std::nullopt;
      if (event->kind == HostNetwork::PeerEvent::Kind::frame) return std::move(event->bytes);
    }
  }
  /// From now on, frames of this run.
  void set_run(std::uint32_t run) { network_.set_run(run); }
  /// True if the host is ready; false if it ends the session.
  bool is_ready() {
    while (const auto frame = next()) {
      ByteReader in(*frame);
      in.get<std::uint32_t>();
      if (in.get<std::uint8_t>() != static_cast<std::uint8_t>(HostFrame::ready)) continue;
      last_word_ = read_ready(in).problem;
      return last_word_.empty();
    }
    return false;
  }
  /// With which the host has ended the session; it has.
  std::string last_word() {
    while (is_ready()) {
    }
    return last_word_;
  }

 private:
  static constexpr std::chrono::seconds kMost{120};

  static TransportSettings settings(HostRole role) {
    TransportSettings settings;
    settings.token = std::getenv(kTokenVariable);
    settings.role = static_cast<std::uint32_t>(role);
    return settings;
  }

  HostNetwork network_;
  PeerId host_ = 0;
  std::string last_word_;
};

}  // namespace tardigrad::test
