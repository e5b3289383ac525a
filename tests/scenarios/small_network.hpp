/// A network that is quick to run and busy.
#pragma once

#include <fmt/format.h>

#include <string>

namespace tardigrad::test {

/// A scenario without its head and its algorithms: six nodes that learn nothing, on slow links, two of them slower
/// still. `more` stands behind the keys of [network].
inline std::string small_network(const std::string& sharing, const std::string& duration,
                                 const std::string& more = "") {
  return fmt::format(R"(
[time]
duration = "{}"
[nodes]
count = 6
model = {{ kind = "null", parameters = 1000 }}
[training]
local_steps = 1
[network]
sharing = "{}"
uplink = "1Mbps"
downlink = "1Mbps"
{}
[[network.stragglers]]
nodes = {{ count = 2 }}
factor = 4
)",
                     duration, sharing, more);
}

}  // namespace tardigrad::test
