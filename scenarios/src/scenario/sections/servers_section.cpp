/// [[servers]].
#include <string>
#include <vector>

#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using ServerKey = Key<ServerSection>;

bool has_region(const ServerSection& server) { return !server.region.empty(); }

void read_region(const TomlSection& table, const ServerKey& key, const Scenario& so_far, ServerSection& server) {
  if (!table.has(key.name)) return;
  const auto& matrix = so_far.network.matrix;
  const std::vector<std::string> known = matrix ? matrix->links->regions() : std::vector<std::string>();
  if (!known.empty()) {
    server.region = table.choice(key.name, known, known.front());
  } else if (!table.has_mistake()) {
    table.complain(key.name, "expected a matrix by region in [network]");
  }
}

void read_uplink(const TomlSection& table, const ServerKey& key, const Scenario& so_far, ServerSection& server) {
  server.access.uplink = read_access_rate(table, key.name, so_far.network.access.uplink);
}

void read_downlink(const TomlSection& table, const ServerKey& key, const Scenario&, ServerSection& server) {
  server.access.downlink = read_access_rate(table, key.name, server.access.uplink);
}

void read_latency(const TomlSection& table, const ServerKey& key, const Scenario& so_far, ServerSection& server) {
  server.latency = table.duration(key.name, so_far.network.latency, true);
  if (table.has(key.name) && table.has("region")) {
    table.complain(key.name, "expected either a latency or a region, which has latencies, not both");
  }
}

}  // namespace

const Section<ServerSection>& servers_section() {
  static const Section<ServerSection> section = {
      "[[servers]]",
      {ServerKey("region", &ServerSection::region, "of the matrix: it has the links of a node there")
           .read_by(read_region)
           .may_be({"a region", ValueForm::Type::text})
           .usually("")
           .excluding({"latency"})
           .such_as("region = \"tokyo\"")
           .written_if(has_region),
       ServerKey("uplink", nested(&ServerSection::access, &AccessRates::uplink), "of its own")
           .read_by(read_uplink)
           .may_be(rate_or_unlimited())
           .usually("that of [network]")
           .such_as("uplink = \"100Mbps\""),
       ServerKey("downlink", nested(&ServerSection::access, &AccessRates::downlink), "of its own")
           .read_by(read_downlink)
           .may_be(rate_or_unlimited())
           .usually("the uplink")
           .such_as("downlink = \"100Mbps\""),
       ServerKey("latency", &ServerSection::latency, "one way, to and from every node")
           .read_by(read_latency)
           .usually("that of [network]")
           .written_if([](const ServerSection& server) { return !has_region(server); })
           .excluding({"region"})
           .such_as("latency = \"10ms\""),
       ServerKey("host", &ServerSection::host, "place in --hosts").within(1, kMostHosts).such_as("host = 1")}};
  return section;
}

}  // namespace tardigrad
