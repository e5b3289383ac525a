/// `tardigrad host`, and its common part with `tardigrad run --hosts`.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "netem/base/units.hpp"
#include "runtime/transport/transport.hpp"
#include "scenarios/src/hosts/host_frames.hpp"

namespace tardigrad {

/// The source of the token if the command line has none.
inline constexpr const char* kTokenVariable = "TARDIGRAD_TOKEN";
/// Bounds of a peer's longest silence: a busy machine may be silent for a while, too.
inline constexpr Time kShortestTimeout = std::chrono::seconds(1);
inline constexpr Time kLongestTimeout = std::chrono::hours(1);
/// The first words of a host, followed by its address.
inline constexpr const char* kListeningLine = "listening on ";

/// Settings by which a process and its peers identify each other.
struct PeerArguments {
  std::string token;
  std::string certificate;
  std::string key;
  std::string ca;
  bool any_name = false;                    ///< as in TransportSettings
  Time timeout = std::chrono::seconds(10);  ///< the longest silence of a peer
  Time patience{};                          ///< the time for which a coordinator waits for hosts that are not up yet
};

struct HostArguments {
  PeerArguments peers;
  std::string listen = "127.0.0.1:4242";
  unsigned threads = 1;
  std::string data_root;
  bool insecure = false;
  bool modules = true;  ///< runs scenarios with a TorchScript module, which is code
  /// Runs learners and algorithms in Python, which are code; unsaid: where only this machine can reach it.
  std::optional<bool> python;
  bool once = false;  ///< ends with the first coordinator's runs
};

struct TransportChoice {
  TransportSettings settings;
  std::chrono::milliseconds patience{0};
  std::string error;  ///< one line if the arguments are invalid
};
/// The token may come from the environment.
TransportChoice transport_settings(const PeerArguments& arguments, HostRole role);

/// Returns an exit code.
int host_command(HostArguments arguments);

}  // namespace tardigrad
