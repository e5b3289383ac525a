/// A network that is quick to run and busy.
#pragma once

#include <fmt/format.h>

#include <string>

namespace tardigrad::test {

/// [time] with these keys, and six nodes that learn nothing.
inline std::string small_nodes(const std::string& time) {
  return "[time]\n" + time + R"(
[nodes]
count = 6
model = { kind = "null", parameters = 1000 }
[training]
local_steps = 1
)";
}

/// A scenario without its head and its algorithms: small nodes on slow links, two of them on slower ones still. `more`
/// stands behind the keys of [network].
inline std::string small_network(const std::string& sharing, const std::string& duration,
                                 const std::string& more = "") {
  return small_nodes(fmt::format("duration = \"{}\"", duration)) + fmt::format(R"([network]
sharing = "{}"
uplink = "1Mbps"
downlink = "1Mbps"
{}
[[network.stragglers]]
nodes = {{ count = 2 }}
factor = 4
)",
                                                                               sharing, more);
}

/// A whole scenario that is done at once: four nodes that learn nothing.
inline std::string tiny_scenario() {
  return R"(
name = "tiny"
[time]
duration = "200ms"
[nodes]
count = 4
model = { kind = "null", parameters = 1000 }
[training]
local_steps = 1
[[algorithm]]
kind = "d-psgd"
)";
}

}  // namespace tardigrad::test
