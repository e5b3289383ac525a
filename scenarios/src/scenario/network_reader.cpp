#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/src/scenario/scenario_keys.hpp"
#include "scenarios/src/scenario/section_readers.hpp"
#include "scenarios/src/scenario/shipped_tables.hpp"
#include "scenarios/src/scenario/value_readers.hpp"
#include "scenarios/src/text/suggestion.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

constexpr double kHighestFactor = 1e9;

/// A rate, or "unlimited".
BitsPerSecond read_access_rate(const TomlSection& section, const std::string& key, BitsPerSecond usual) {
  if (section.is_text(key) && section.text(key, "") == kUnlimitedText) return kUnlimited;
  return section.rate(key, usual);
}

void read_latency(const TomlSection& section, NetworkSection& network) {
  constexpr Time usual = std::chrono::milliseconds(2);
  if (!section.is_table("latency")) {
    network.latency = section.duration("latency", usual, true);
    return;
  }
  network.late_by = read_distribution(section, "latency", usual, {"base"});
  network.latency = section.section("latency").duration("base", {}, true);
  if (network.late_by.kind == Distribution::Kind::constant) {
    network.latency = std::exchange(network.late_by, {}).mean;
  }
}

LossModel read_loss(const TomlSection& section) {
  LossModel loss;
  loss.timeout = std::chrono::milliseconds(200);
  if (!section.has("loss")) return loss;
  const TomlSection table = section.section("loss");
  table.allow(section_keys("network.loss"));
  table.require("rate", "rate = 0.01");
  const bool retransmits = table.choice("mode", {"drop", "retransmit"}, "drop") == "retransmit";
  loss.on_loss = retransmits ? OnLoss::retransmit : OnLoss::drop;
  loss.rate = table.number("rate", 0, {0, 1});
  if (retransmits && loss.rate >= 1) table.complain("rate", "expected less than 1 where what is lost is retransmitted");
  for (const char* key : {"timeout", "most_transmissions"}) {
    if (table.has(key) && !retransmits) table.complain(key, "expected only with mode = \"retransmit\"");
  }
  loss.timeout = table.duration("timeout", loss.timeout);
  loss.most_transmissions = read_count(table, "most_transmissions", loss.most_transmissions, 1000);
  if (loss.timeout > kLongestDuration / loss.most_transmissions) {
    table.complain("timeout", fmt::format("expected {} of them to last at most {}", loss.most_transmissions,
                                          duration_text(kLongestDuration)));
  }
  if (table.has("burst")) {
    const TomlSection burst = table.section("burst");
    burst.allow(section_keys("network.loss.burst"));
    for (const char* key : {"rate", "begins", "ends"}) burst.require(key, "{ rate = 0.5, begins = 0.01, ends = 0.2 }");
    loss.burst = {burst.number("rate", 0, {0, 1}), burst.number("begins", 0, {0, 1}),
                  burst.number("ends", 1, {0, 1, true})};
  }
  return loss;
}

/// True for the name of a table that comes with the program, false for a path.
bool is_table_name(const std::string& text) { return !text.empty() && text.find_first_of("./") == std::string::npos; }

void read_rates(const TomlSection& table, MatrixSpec& spec) {
  const std::string text = table.text("rates", "");
  if (!is_table_name(text)) {
    spec.rates = table.file_path("rates");
    return;
  }
  spec.rates = text;
  const ShippedTable* shipped = find_shipped_table(text);
  if (shipped) {
    spec.rates_text = shipped->text;
    return;
  }
  const auto names = names_of(shipped_tables());
  table.complain("rates", fmt::format("expected the path of a file, such as \"rates.csv\" or \"./rates\", or {}, which "
                                      "comes with the program, got \"{}\"{}",
                                      listed(names), text.substr(0, 60), did_you_mean(text, names)));
}

LinkMatrix read_matrix(const TomlSection& section, NodeId nodes, Time usual_latency) {
  const TomlSection table = section.section("matrix");
  table.allow(section_keys("network.matrix"));
  table.require("rates", "matrix = { rates = \"aws-regions\" }");
  LinkMatrix matrix{{}, std::make_shared<MatrixNetwork>()};
  MatrixSpec& spec = matrix.spec;
  read_rates(table, spec);
  spec.latencies = table.file_path("latencies");
  spec.latency = table.duration("latency", usual_latency, true);
  spec.regions = table.distinct_texts("regions");
  if (spec.rates.empty() || table.has_mistake()) return matrix;
  MatrixResult read = read_matrix_network(spec, nodes);
  if (!read.error.empty()) {
    table.complain("rates", read.error);
  } else if (!spec.regions.empty() && read.network.regions().empty()) {
    table.complain("regions", "expected no regions for a table by node");
  }
  matrix.links = std::make_shared<const MatrixNetwork>(std::move(read.network));
  return matrix;
}

Direction read_direction(const TomlSection& table) {
  const std::string text = table.choice("direction", {"both", "uplink", "downlink"}, "both");
  return text == "uplink" ? Direction::uplink : text == "downlink" ? Direction::downlink : Direction::both;
}

LinkTrace read_trace_table(const TomlSection& table, NodeId nodes) {
  table.allow(section_keys("network.traces"));
  table.require("path", "path = \"trace.csv\"");
  LinkTrace trace{table.file_path("path"), read_trace_end(table), read_direction(table),
                  std::make_shared<TraceResult>()};
  if (trace.path.empty()) return trace;
  auto read = std::make_shared<TraceResult>(read_trace(trace.path, TraceKind::link, trace.at_end, nodes));
  if (!read->error.empty()) table.complain("path", read->error);
  if (read->scope == TraceScope::pair && table.has("direction")) {
    table.complain("direction", "expected no direction for a trace of links from one node to another");
  }
  const bool has_latency = !read->traces.empty() && read->traces.begin()->second.latency;
  if (read->scope == TraceScope::node && has_latency) {
    table.complain("path", trace.path +
                               ": a latency is that of a link: expected latency_ms only beside from and to, or "
                               "in a trace for everyone");
  }
  trace.traces = std::move(read);
  return trace;
}

/// The rates that a factor can divide.
struct Divisible {
  bool uplinks;
  bool downlinks;
  bool links;
  bool by_trace;  ///< access links have their usual rates from a trace
};

Divisible divisible_rates(const NetworkSection& network) {
  Divisible rates{network.access.uplink != kUnlimited, network.access.downlink != kUnlimited,
                  network.matrix.has_value(), false};
  for (const LinkTrace& trace : network.traces) {
    const bool of_pairs = trace.traces->scope == TraceScope::pair;
    rates.links |= of_pairs;
    rates.by_trace |= !of_pairs;
    rates.uplinks |= !of_pairs && trace.direction != Direction::downlink;
    rates.downlinks |= !of_pairs && trace.direction != Direction::uplink;
  }
  return rates;
}

constexpr const char* kNothingToDivide =
    "there is nothing to divide: uplink and downlink of [network] are unlimited, expected rates there or a trace";

LinkStragglers read_stragglers(const TomlSection& table, NodeId nodes, const Divisible& rates) {
  table.allow(section_keys("network.stragglers"));
  LinkStragglers rule;
  rule.nodes = read_selection(table, nodes);
  const bool has_rates = table.has("uplink") || table.has("downlink");
  if (!has_rates) table.require("factor", "factor = 5");
  if (has_rates && table.has("factor")) {
    table.complain("factor", "expected either a factor or rates (uplink, downlink), not both");
  }
  rule.factor = table.number("factor", 1, {1, kHighestFactor});
  if (table.has("factor") && !rates.uplinks && !rates.downlinks) table.complain("factor", kNothingToDivide);
  if (table.has("uplink")) rule.uplink = table.rate("uplink", {});
  // As in [network] itself: the uplink sets both.
  rule.downlink = rule.uplink;
  if (table.has("downlink")) rule.downlink = table.rate("downlink", {});
  rule.jitter = table.rate("jitter", {}, true);
  for (const char* key : {"uplink", "downlink", "jitter"}) {
    const bool is_zero_jitter = std::string(key) == "jitter" && rule.jitter.value == 0;
    if (rates.by_trace && table.has(key) && !is_zero_jitter) {
      table.complain(key, "beside a trace, which gives the usual rates, expected a factor alone");
    }
  }
  if (table.has(kChangeKeys.mean_on) || table.has(kChangeKeys.mean_off)) {
    rule.on_off = read_on_off(table, kChangeKeys.mean_on, kChangeKeys.mean_off);
  }
  return rule;
}

void check_factor(const TomlSection& table, const LinkChange& change, const Divisible& rates) {
  if (!change.links.empty()) {
    if (!rates.links) {
      table.complain("factor",
                     "links have no rate of their own to divide: expected a matrix or a trace of them in "
                     "[network], or an outage");
    }
    return;
  }
  const bool up = change.direction != Direction::downlink && rates.uplinks;
  const bool down = change.direction != Direction::uplink && rates.downlinks;
  if (!up && !down) table.complain("factor", kNothingToDivide);
}

LinkChange read_change(const TomlSection& table, NodeId nodes, const Divisible& rates) {
  table.allow(section_keys("network.changes"));
  LinkChange change;
  if (table.has("links")) {
    for (const auto& [from, to] : table.distinct_pairs("links", std::int64_t{nodes} - 1)) {
      change.links.emplace_back(static_cast<NodeId>(from), static_cast<NodeId>(to));
    }
    if (table.has("nodes")) table.complain("nodes", "expected either nodes or links, not both");
    if (table.has("direction")) table.complain("direction", "expected only with nodes: links have one");
  } else {
    change.nodes = read_selection(table, nodes);
    change.direction = read_direction(table);
  }
  change.when = read_when(table, kChangeKeys);
  const bool outage = table.flag("outage", false);
  if (outage == table.has("factor")) {
    table.complain("factor", "expected exactly one of factor and outage, such as factor = 10 or outage = true");
  }
  if (!outage) {
    change.factor = table.number("factor", 1, {1, kHighestFactor});
    check_factor(table, change, rates);
  }
  const Interval* once = std::get_if<Interval>(&change.when);
  if (outage && once && once->end == kNever) {
    table.complain("outage",
                   "what is sent in an outage without an end never arrives: expected for example end = "
                   "\"200s\"");
  }
  return change;
}

}  // namespace

NetworkSection read_network(const TomlSection& section, NodeId nodes) {
  section.allow(section_keys("network"));
  NetworkSection network;
  network.sharing = section.choice("sharing", {"serial", "fair"}, "serial") == "fair" ? Sharing::fair : Sharing::serial;
  network.emulated = section.choice("emulation", {"on", "off"}, "on") == "on";
  const BitsPerSecond usual_rate = section.has("matrix") ? kUnlimited : BitsPerSecond{60e6};
  network.access.uplink = read_access_rate(section, "uplink", usual_rate);
  network.access.downlink = read_access_rate(section, "downlink", network.access.uplink);
  read_latency(section, network);
  network.loss = read_loss(section);
  if (section.has("matrix")) network.matrix = read_matrix(section, nodes, network.latency);
  if (section.has("topology")) network.topology = read_topology(section);
  for (const TomlSection& table : section.sections("traces")) network.traces.push_back(read_trace_table(table, nodes));
  const Divisible rates = divisible_rates(network);
  for (const TomlSection& table : section.sections("stragglers")) {
    network.stragglers.push_back(read_stragglers(table, nodes, rates));
  }
  for (const TomlSection& table : section.sections("changes")) {
    network.changes.push_back(read_change(table, nodes, rates));
  }
  return network;
}

std::vector<ChurnRule> read_churn(const TomlSection& root, NodeId nodes) {
  std::vector<ChurnRule> rules;
  for (const TomlSection& table : root.sections("churn")) {
    table.allow(section_keys("churn"));
    rules.push_back({read_selection(table, nodes), read_when(table, kChurnKeys)});
  }
  return rules;
}

}  // namespace tardigrad
