/// [[network.stragglers]], [[network.changes]] and [[network.traces]].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "scenarios/src/scenario/sections/moments.hpp"
#include "scenarios/src/scenario/sections/node_selection.hpp"
#include "scenarios/src/scenario/sections/shared_keys.hpp"
#include "scenarios/src/scenario/sections/whole_file.hpp"

namespace tardigrad {
namespace {

using StragglerKey = Key<LinkStragglers>;
using ChangeKey = Key<LinkChange>;
using TraceKey = Key<LinkTrace>;

constexpr double kHighestFactor = 1e9;
constexpr const char* kNothingToDivide =
    "there is nothing to divide: uplink and downlink of [network] are unlimited, expected rates there or a trace";

/// The rates of [network] that a factor of its tables can divide.
struct DivisibleRates {
  bool uplinks;
  bool downlinks;
  bool links;
  bool by_trace;  ///< access links have their usual rates from a trace
};

template <class Spec>
Key<Spec> direction_key(Direction Spec::*member) {
  return choice_key<Spec>(
      "direction", member,
      ValueNames<Direction>{
          {"both", Direction::both}, {"uplink", Direction::uplink}, {"downlink", Direction::downlink}},
      "which access links of the nodes");
}

bool has_rates(const LinkStragglers& rule) { return rule.uplink || rule.downlink; }

/// As in [network] itself: the uplink sets both.
void read_downlink(const TomlSection& table, const StragglerKey& key, const Scenario&, LinkStragglers& rule) {
  rule.downlink = rule.uplink;
  if (table.has(key.name)) rule.downlink = table.rate(key.name, {});
}

void read_jitter(const TomlSection& table, const StragglerKey& key, const Scenario&, LinkStragglers& rule) {
  rule.jitter = table.rate(key.name, {}, true);
}

void check_stragglers(const TomlSection& table, const Scenario&, LinkStragglers& rule) {
  if (!has_rates(rule)) table.require("factor", "factor = 5");
  if (has_rates(rule) && table.has("factor")) {
    table.complain("factor", "expected either a factor or rates (uplink, downlink), not both");
  }
}

std::vector<StragglerKey> straggler_keys() {
  std::vector<StragglerKey> keys = {
      nodes_key<LinkStragglers>(&LinkStragglers::nodes),
      StragglerKey("factor", &LinkStragglers::factor, "rates are divided by it, instead of rates of their own")
          .within(1, kHighestFactor)
          .usually("")
          .written_if([](const LinkStragglers& rule) { return !has_rates(rule); })
          .excluding({"uplink", "downlink"})
          .such_as("factor = 5")
          .also_called({{"slowdown"}, {"slow_factor"}}),
      StragglerKey("uplink", &LinkStragglers::uplink, "rate of the uplink")
          .excluding({"factor"})
          .such_as("uplink = \"10Mbps\"")
          .also_called({{"bandwidth"}, {"rate"}}),
      StragglerKey("downlink", &LinkStragglers::downlink, "rate of the downlink")
          .read_by(read_downlink)
          .usually("the uplink")
          .excluding({"factor"})
          .such_as("downlink = \"10Mbps\""),
      StragglerKey("jitter", &LinkStragglers::jitter, "slow rates are drawn within so much above and below")
          .read_by(read_jitter)
          .such_as("jitter = \"2Mbps\"")};
  for (StragglerKey& key : on_off_keys(&LinkStragglers::on_off, kChangeKeys)) keys.push_back(std::move(key));
  return keys;
}

void check_rates(const TomlSection& table, const LinkStragglers& rule, const DivisibleRates& rates) {
  if (table.has("factor") && !rates.uplinks && !rates.downlinks) table.complain("factor", kNothingToDivide);
  for (const char* key : {"uplink", "downlink", "jitter"}) {
    const bool is_zero_jitter = std::string(key) == "jitter" && rule.jitter.value == 0;
    if (rates.by_trace && table.has(key) && !is_zero_jitter) {
      table.complain(key, "beside a trace, which gives the usual rates, expected a factor alone");
    }
  }
}

bool is_of_nodes(const LinkChange& change) { return change.links.empty(); }

void read_nodes(const TomlSection& table, const ChangeKey& key, const Scenario& so_far, LinkChange& change) {
  if (!table.has("links")) {
    change.nodes = read_selection(table, so_far);
  } else if (table.has(key.name)) {
    table.complain(key.name, "expected either nodes or links, not both");
  }
}

void read_links(const TomlSection& table, const ChangeKey& key, const Scenario& so_far, LinkChange& change) {
  for (const auto& [from, to] : table.distinct_pairs(key.name, std::int64_t{so_far.nodes.count} - 1)) {
    change.links.emplace_back(static_cast<NodeId>(from), static_cast<NodeId>(to));
  }
  if (table.has(key.name) && table.has("direction")) {
    table.complain("direction", "expected only with nodes: links have one");
  }
}

std::string links_text(const LinkChange& change) {
  std::vector<std::string> pairs;
  for (const auto& [from, to] : change.links) pairs.push_back(fmt::format("[{}, {}]", from, to));
  return fmt::format("[{}]", fmt::join(pairs, ", "));
}

void read_outage(const TomlSection& table, const ChangeKey& key, const Scenario&, LinkChange&) {
  if (table.flag(key.name, false) != table.has("factor")) return;
  table.complain("factor", "expected exactly one of factor and outage, such as factor = 10 or outage = true");
}

void check_end(const TomlSection& table, const Scenario&, LinkChange& change) {
  const Interval* once = std::get_if<Interval>(&change.when);
  if (change.factor || !once || once->end != kNever) return;
  table.complain("outage",
                 "what is sent in an outage without an end never arrives: expected for example end = \"200s\"");
}

std::vector<ChangeKey> change_keys() {
  std::vector<ChangeKey> keys = {
      nodes_key(&LinkChange::nodes).read_by(read_nodes).written_if(is_of_nodes).optional().excluding({"links"}),
      direction_key(&LinkChange::direction).written_if(is_of_nodes).excluding({"links"}),
      ChangeKey("links", ValueForm{ValueForm::Type::list_of_pairs}, "instead of nodes: these links", read_links,
                links_text)
          .usually("")
          .excluding({"nodes", "direction"})
          .such_as("links = [[0, 3], [3, 0]]")
          .written_if([](const LinkChange& change) { return !is_of_nodes(change); })};
  for (ChangeKey& key : when_keys(&LinkChange::when, kChangeKeys)) keys.push_back(std::move(key));
  keys.push_back(ChangeKey("factor", &LinkChange::factor, "rates are divided by it, instead of an outage")
                     .within(1, kHighestFactor)
                     .excluding({"outage"})
                     .such_as("factor = 10"));
  keys.push_back(ChangeKey("outage", {"true", ValueForm::Type::flag}, "nothing passes", read_outage,
                           [](const LinkChange&) { return "true"; })
                     .usually("")
                     .excluding({"factor"})
                     .such_as("outage = true")
                     .written_if([](const LinkChange& change) { return !change.factor; }));
  return keys;
}

void check_rates(const TomlSection& table, const LinkChange& change, const DivisibleRates& rates) {
  if (!change.factor) return;
  if (!is_of_nodes(change)) {
    if (rates.links) return;
    table.complain(
        "factor",
        "links have no rate of their own to divide: expected a matrix or a trace of them in [network], or an "
        "outage");
    return;
  }
  const bool up = change.direction != Direction::downlink && rates.uplinks;
  const bool down = change.direction != Direction::uplink && rates.downlinks;
  if (!up && !down) table.complain("factor", kNothingToDivide);
}

void read_file(const TomlSection& table, const Scenario& so_far, LinkTrace& trace) {
  auto read = std::make_shared<TraceResult>();
  if (!trace.path.empty()) *read = read_trace(trace.path, TraceKind::link, trace.at_end, so_far.nodes.count);
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
}

DivisibleRates divisible_rates(const NetworkSection& network) {
  DivisibleRates rates{network.access.uplink != kUnlimited, network.access.downlink != kUnlimited,
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

}  // namespace

const Section<LinkStragglers>& link_stragglers_section() {
  static const Section<LinkStragglers> section = {"[[network.stragglers]]", straggler_keys(), check_stragglers};
  return section;
}

const Section<LinkChange>& link_changes_section() {
  static const Section<LinkChange> section = {"[[network.changes]]", change_keys(), check_end};
  return section;
}

const Section<LinkTrace>& link_traces_section() {
  static const Section<LinkTrace> section = {
      "[[network.traces]]",
      {TraceKey("path", &LinkTrace::path, "the rates over time").path().required("path = \"trace.csv\""),
       trace_end_key(&LinkTrace::at_end), direction_key(&LinkTrace::direction).written_if([](const LinkTrace& trace) {
         return trace.traces->scope != TraceScope::pair;
       })},
      read_file};
  return section;
}

void check_rates_of_rules(const TomlSection& section, const Scenario&, NetworkSection& network) {
  const DivisibleRates rates = divisible_rates(network);
  const auto stragglers = section.sections("stragglers");
  for (std::size_t r = 0; r < stragglers.size(); ++r) check_rates(stragglers[r], network.stragglers[r], rates);
  const auto changes = section.sections("changes");
  for (std::size_t c = 0; c < changes.size(); ++c) check_rates(changes[c], network.changes[c], rates);
}

}  // namespace tardigrad
