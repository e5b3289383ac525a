#include <fmt/format.h>

#include "scenarios/src/scenario/toml_section.hpp"
#include "scenarios/src/scenario/toml_writer.hpp"

namespace tardigrad {
namespace {

std::string matrix_toml(const MatrixSpec& spec) {
  std::string text = "{ rates = " + toml_quoted(spec.rates);
  if (!spec.latencies.empty()) text += ", latencies = " + toml_quoted(spec.latencies);
  if (!spec.regions.empty()) text += ", regions = " + value_toml(spec.regions);
  return text + ", latency = " + value_toml(spec.latency) + " }";
}

std::string loss_toml(const LossModel& loss) {
  std::string text = fmt::format("{{ rate = {}", loss.rate);
  if (loss.burst.begins > 0) {
    text += fmt::format(", burst = {{ rate = {}, begins = {}, ends = {} }}", loss.burst.rate, loss.burst.begins,
                        loss.burst.ends);
  }
  if (loss.on_loss == OnLoss::drop) return text + ", mode = \"drop\" }";
  return text + fmt::format(", mode = \"retransmit\", timeout = {}, most_transmissions = {} }}",
                            value_toml(loss.timeout), loss.most_transmissions);
}

std::string links_toml(const LinkChange& change) {
  std::vector<std::string> pairs;
  for (const auto& [from, to] : change.links) pairs.push_back(fmt::format("[{}, {}]", from, to));
  return fmt::format("[{}]", fmt::join(pairs, ", "));
}

void write_when(const When& when, const WhenKeys& keys, TomlWriter& out) {
  if (const Interval* once = std::get_if<Interval>(&when)) {
    out.key(keys.begin, value_toml(once->begin));
    if (once->end != kNever) out.key(keys.end, value_toml(once->end));
    return;
  }
  const OnOff& drawn = std::get<OnOff>(when);
  out.key(keys.mean_on, value_toml(drawn.mean_on));
  out.key(keys.mean_off, value_toml(drawn.mean_off));
}

void write_stragglers(const LinkStragglers& rule, TomlWriter& out) {
  out.header("[[network.stragglers]]");
  out.key("nodes", value_toml(rule.nodes));
  if (!rule.uplink && !rule.downlink) out.key("factor", value_toml(rule.factor));
  if (rule.uplink) out.key("uplink", value_toml(*rule.uplink));
  if (rule.downlink) out.key("downlink", value_toml(*rule.downlink));
  out.key("jitter", value_toml(rule.jitter));
  if (rule.on_off) {
    out.key(kChangeKeys.mean_on, value_toml(rule.on_off->mean_on));
    out.key(kChangeKeys.mean_off, value_toml(rule.on_off->mean_off));
  }
}

std::string direction_toml(Direction direction) {
  return toml_quoted(direction == Direction::uplink     ? "uplink"
                     : direction == Direction::downlink ? "downlink"
                                                        : "both");
}

void write_change(const LinkChange& change, TomlWriter& out) {
  out.header("[[network.changes]]");
  if (change.links.empty()) {
    out.key("nodes", value_toml(change.nodes));
    out.key("direction", direction_toml(change.direction));
  } else {
    out.key("links", links_toml(change));
  }
  write_when(change.when, kChangeKeys, out);
  if (change.factor) {
    out.key("factor", value_toml(*change.factor));
  } else {
    out.key("outage", "true");
  }
}

void write_trace(const LinkTrace& trace, TomlWriter& out) {
  out.header("[[network.traces]]");
  out.key("path", toml_quoted(trace.path));
  out.key("at_end", value_toml(trace.at_end));
  if (trace.traces->scope != TraceScope::pair) out.key("direction", direction_toml(trace.direction));
}

}  // namespace

void write_network(const NetworkSection& network, TomlWriter& out) {
  out.header("[network]");
  if (!network.emulated) out.key("emulation", toml_quoted("off"));
  out.key("sharing", toml_quoted(network.sharing == Sharing::fair ? "fair" : "serial"));
  out.key("uplink", value_toml(network.access.uplink));
  out.key("downlink", value_toml(network.access.downlink));
  out.key("latency", value_toml(network.late_by, network.latency));
  if (network.loss.loses()) out.key("loss", loss_toml(network.loss));
  if (network.matrix) out.key("matrix", matrix_toml(network.matrix->spec));
  if (network.topology) out.key("topology", value_toml(*network.topology));
  for (const LinkStragglers& rule : network.stragglers) write_stragglers(rule, out);
  for (const LinkChange& change : network.changes) write_change(change, out);
  for (const LinkTrace& trace : network.traces) write_trace(trace, out);
}

void write_churn(const std::vector<ChurnRule>& rules, TomlWriter& out) {
  for (const ChurnRule& rule : rules) {
    out.header("[[churn]]");
    out.key("nodes", value_toml(rule.nodes));
    write_when(rule.away, kChurnKeys, out);
  }
}

}  // namespace tardigrad
