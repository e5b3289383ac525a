#include <utility>

#include "netem/graph/topology.hpp"
#include "netem/time/distribution.hpp"
#include "scenarios/src/scenario/sections/key_makers.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

using NetworkKey = Key<NetworkSection>;

void read_uplink(const TomlSection& section, const NetworkKey& key, const Scenario&, NetworkSection& network) {
  const BitsPerSecond usual = section.has("matrix") ? kUnlimited : BitsPerSecond{60e6};
  network.access.uplink = read_access_rate(section, key.name, usual);
}

void read_downlink(const TomlSection& section, const NetworkKey& key, const Scenario&, NetworkSection& network) {
  network.access.downlink = read_access_rate(section, key.name, network.access.uplink);
}

void read_latency(const TomlSection& section, const NetworkKey& key, const Scenario&, NetworkSection& network) {
  constexpr Time usual = std::chrono::milliseconds(2);
  if (!section.is_table(key.name)) {
    network.latency = section.duration(key.name, usual, true);
    return;
  }
  network.late_by = read_distribution(section, key.name, usual, {"base"});
  network.latency = section.section(key.name).duration("base", {}, true);
  if (network.late_by.kind == Distribution::Kind::constant) {
    network.latency = std::exchange(network.late_by, {}).mean;
  }
}

std::string latency_text(const NetworkSection& network) { return value_toml(network.late_by, network.latency); }

void read_matrix(const TomlSection& section, const NetworkKey& key, const Scenario& so_far, NetworkSection& network) {
  if (!section.has(key.name)) return;
  network.matrix.emplace();
  matrix_table().read(section.section(key.name, matrix_table().table_text()), so_far, *network.matrix);
}

std::string matrix_text(const NetworkSection& network) {
  return network.matrix ? inline_toml(matrix_table(), *network.matrix) : "";
}

/// What the table of a drawn latency has besides.
KeyText base_option() {
  KeyText base;
  base.name = "base";
  base.summary = "what is added to every draw";
  base.values = form_of<Time>();
  base.usual = "\"0s\"";
  return base;
}

std::vector<NetworkKey> rate_keys() {
  return {
      choice_key<NetworkSection>("emulation", &NetworkSection::emulated, ValueNames<bool>{{"on", true}, {"off", false}},
                                 "real clock: off lets messages pass as fast as they can")
          .brief()
          .such_as("emulation = \"off\"  # clock = \"real\""),
      choice_key<NetworkSection>("sharing", &NetworkSection::sharing,
                                 ValueNames<Sharing>{{"serial", Sharing::serial}, {"fair", Sharing::fair}},
                                 "one message after the other, or all at once"),
      NetworkKey("uplink", nested(&NetworkSection::access, &AccessRates::uplink),
                 "of each node; unlimited if left out beside a matrix")
          .read_by(read_uplink)
          .may_be(rate_or_unlimited())
          .usually("\"60Mbps\"")
          .also_called({{"bandwidth"}, {"rate"}, {"capacity"}, {"throughput"}, {"upload"}, {"uplink_bandwidth"}}),
      NetworkKey("downlink", nested(&NetworkSection::access, &AccessRates::downlink), "of each node")
          .read_by(read_downlink)
          .may_be(rate_or_unlimited())
          .usually("the uplink")
          .such_as("downlink = \"100Mbps\"")
          .also_called({{"download"}, {"downlink_bandwidth"}}),
      NetworkKey("latency", duration_or_distribution(),
                 "one way; a distribution is drawn from for every message and added to base = \"0s\"", read_latency,
                 latency_text)
          .usually("\"2ms\"")
          .of_kinds("distributions", distribution_kinds(), {base_option()})
          .also_called({{"delay"},
                        {"propagation_delay"},
                        {"ping", "half of it: one way"},
                        {"rtt", "half of it: one way"},
                        {"jitter", "a distribution, which is drawn from for every message"}})};
}

std::vector<NetworkKey> network_keys() {
  std::vector<NetworkKey> keys = rate_keys();
  keys.push_back(table_key("loss", &NetworkSection::loss, loss_table(), "losses of messages")
                     .usually("none")
                     .written_if([](const NetworkSection& network) { return network.loss.loses(); })
                     .such_as("loss = { rate = 0.01 }")
                     .also_called({{"packet_loss"}, {"loss_rate"}, {"drop_rate"}, {"plr"}}));
  keys.push_back(NetworkKey("matrix", ValueForm{ValueForm::Type::table}, "a link of its own for every pair of nodes",
                            read_matrix, matrix_text)
                     .usually("none")
                     .with_sections({matrix_table().text()})
                     .such_as("matrix = { rates = \"aws-regions\" }"));
  keys.push_back(kind_key<NetworkSection>("topology", &NetworkSection::topology, topology_kinds(), "topologies",
                                          "of algorithms that name none")
                     .usually("the algorithm's")
                     .such_as("topology = \"ring\"")
                     .also_called({{"graph"}, {"topo"}}));
  keys.push_back(
      tables_key("stragglers", &NetworkSection::stragglers, link_stragglers_section(), "nodes with slow access links"));
  keys.push_back(tables_key("changes", &NetworkSection::changes, link_changes_section(), "rates lower for a while"));
  keys.push_back(tables_key("traces", &NetworkSection::traces, link_traces_section(),
                            "the usual rates, instead of uplink and downlink; stragglers and changes divide them"));
  return keys;
}

}  // namespace

const Section<NetworkSection>& network_section() {
  static const Section<NetworkSection> section = {"[network]", network_keys(), check_rates_of_rules};
  return section;
}

}  // namespace tardigrad
