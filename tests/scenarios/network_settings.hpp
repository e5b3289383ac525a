/// How a test's own end of a connection between hosts presents itself.
#pragma once

#include <cstdint>

#include "runtime/transport/transport.hpp"
#include "scenarios/src/hosts/host_frames.hpp"

namespace tardigrad::test {

inline TransportSettings settings_of(HostRole role) {
  TransportSettings settings;
  settings.token = "of these tests";
  settings.role = static_cast<std::uint32_t>(role);
  return settings;
}

}  // namespace tardigrad::test
