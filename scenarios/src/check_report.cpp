#include "scenarios/src/check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "models/fragmentation.hpp"
#include "scenarios/src/experiment.hpp"
#include "scenarios/src/scenario_file.hpp"
#include "scenarios/src/text_columns.hpp"
#include "scenarios/src/units_text.hpp"

namespace tardigrad {
namespace {

/// Graph figures that would take longer than about a second are left out: nodes times edges for the
/// diameter, edges and nodes times Lanczos steps for the spectral gap.
constexpr double kMostSearchWork = 5e8;
constexpr double kMostLanczosWork = 1e8;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

std::string rounded(double value) { return fmt::format("{:.4g}", value); }

/// "5 s", or "5 to 7 s" where the ends differ as written.
std::string range_text(const Range& range, const std::string& unit = "", std::string (*write)(double) = rounded) {
  const std::string low = write(range.low);
  const std::string high = write(range.high);
  return (low == high ? low : low + " to " + high) + unit;
}

std::string count_of(std::size_t number, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(static_cast<double>(number)), noun, number == 1 ? "" : "s");
}

/// Nodes that a scenario makes equal: their access rates, but for jitter, and their slowdown.
struct NodeClass {
  std::vector<NodeId> nodes;
  Range uplink;
  Range downlink;
  double slowdown = 1;
};

/// The fastest first.
std::vector<NodeClass> node_classes(const Scenario& scenario) {
  const NodeId size = scenario.nodes.count;
  const std::uint64_t seed = scenario.seeds.front();
  std::vector<LinkStragglerRule> even_rules = scenario.network.stragglers;
  for (LinkStragglerRule& rule : even_rules) rule.jitter = {};
  const auto even = access_rates(scenario.network.access, even_rules, size, seed);
  const auto rates = access_rates(scenario.network.access, scenario.network.stragglers, size, seed);
  const auto slowdowns = compute_slowdowns(scenario.compute.stragglers, size, seed);

  std::map<std::tuple<double, double, double>, NodeClass> classes;
  for (NodeId node = 0; node < size; ++node) {
    NodeClass& own = classes[{-even[node].uplink.value, -even[node].downlink.value, slowdowns[node]}];
    own.nodes.push_back(node);
    own.uplink.add(rates[node].uplink.value);
    own.downlink.add(rates[node].downlink.value);
    own.slowdown = slowdowns[node];
  }
  std::vector<NodeClass> result;
  for (auto& entry : classes) result.push_back(std::move(entry.second));
  return result;
}

double round_seconds(const Scenario& scenario, const NodeClass& nodes) {
  return to_seconds(scenario.expected_round()) * nodes.slowdown;
}

/// What one algorithm's messages are like.
struct Traffic {
  FragmentId fragments = 1;
  Range message_bytes;
  double model_bytes = 0;  ///< all fragments, with headers
};

Traffic traffic_of(const AlgorithmSection& section, const ParameterLayout& layout) {
  Traffic traffic;
  traffic.fragments = section.algorithm->fragments(section.options);
  // Sizes alone: no permutation of the values is needed.
  const Fragmentation fragmentation({layout.tensors, false}, traffic.fragments, 0);
  for (FragmentId fragment = 0; fragment < traffic.fragments; ++fragment) {
    const auto bytes = static_cast<double>(message_size(fragmentation.size(fragment)));
    traffic.message_bytes.add(bytes);
    traffic.model_bytes += bytes;
  }
  return traffic;
}

const char* const kTooLarge = "not computed for a graph of this size";

/// Longest way in hops, nothing if the graph is too large to search.
std::optional<std::uint32_t> affordable_diameter(const Graph& graph) {
  const double work = static_cast<double>(graph.edge_count()) * graph.size();
  return graph.is_complete() || work <= kMostSearchWork ? diameter(graph) : std::nullopt;
}

/// The closer a graph's nodes, the fewer Lanczos steps: a few times the diameter.
bool is_gap_affordable(const Graph& graph, std::optional<std::uint32_t> hops) {
  if (graph.is_complete()) return true;
  const double step = static_cast<double>(graph.edge_count()) + graph.size();
  return hops && step * std::min(8192.0, 64.0 + 4.0 * *hops) <= kMostLanczosWork;
}

std::string gap_text(const AlgorithmSection& section, const Graph& graph) {
  const double models = section.algorithm->models_per_round(section.options, graph, 0);
  const bool uses_all = models >= graph.degree(0);
  return fmt::format("{:.4g} (of Metropolis-Hastings averaging over all edges{})", spectral_gap(graph),
                     uses_all ? "" : "; a round uses only some of them");
}

std::vector<TextRow> graph_rows(const AlgorithmSection& section, const Graph& graph) {
  Range degrees;
  for (NodeId node = 0; node < graph.size(); ++node) degrees.add(graph.degree(node));
  const std::optional<std::uint32_t> hops = affordable_diameter(graph);
  return {
      {"graph", fmt::format("{}, {}, {}, degree {}", section.topology.kind, count_of(graph.size(), "node"),
                            count_of(graph.edge_count(), "edge"), range_text(degrees))},
      {"", "diameter " + (hops ? std::to_string(*hops) : kTooLarge)},
      {"", "spectral gap " + (is_gap_affordable(graph, hops) ? gap_text(section, graph) : kTooLarge)},
  };
}

TextRow class_row(const Scenario& scenario, const AlgorithmSection& section, const Graph& graph, const Traffic& traffic,
                  const NodeClass& own) {
  Range models;
  for (const NodeId node : own.nodes) {
    models.add(section.algorithm->models_per_round(section.options, graph, node));
  }
  const Range bytes{models.low * traffic.model_bytes, models.high * traffic.model_bytes};
  const Range upload{8 * bytes.low / own.uplink.high, 8 * bytes.high / own.uplink.low};
  const double round = round_seconds(scenario, own);
  const Range rho{round / upload.high, round / upload.low};
  return {count_of(own.nodes.size(), "node"),
          range_text({own.uplink.low / 1e6, own.uplink.high / 1e6}, " Mbps"),
          range_text({own.downlink.low / 1e6, own.downlink.high / 1e6}, " Mbps"),
          rounded(round) + " s",
          range_text(models),
          range_text(bytes, "", grouped),
          range_text(upload, " s"),
          range_text(rho)};
}

std::string algorithm_text(const Scenario& scenario, const AlgorithmSection& section,
                           const std::vector<NodeClass>& classes, const ParameterLayout& layout) {
  const Graph graph = build_topology(section.topology, scenario.nodes.count, scenario.seeds.front()).graph;
  const Traffic traffic = traffic_of(section, layout);
  std::vector<TextRow> head = graph_rows(section, graph);
  head.push_back(
      {"message",
       fmt::format("{} parameters in {}, {} bytes each with header", grouped(static_cast<double>(layout.numel())),
                   count_of(traffic.fragments, "fragment"), range_text(traffic.message_bytes, "", grouped))});
  std::vector<TextRow> table = {
      {"", "uplink", "downlink", "round", "models/round", "bytes/round", "upload/round", "rho"}};
  for (const NodeClass& own : classes) {
    table.push_back(class_row(scenario, section, graph, traffic, own));
  }
  return fmt::format("{}\n{}{}", section.name, in_columns(head, 2), in_columns(table, 2));
}

/// Rounds of all nodes that nothing holds up, each beginning somewhere in the stagger.
double expected_rounds(const Scenario& scenario, const std::vector<NodeClass>& classes) {
  const double stagger = to_seconds(scenario.compute.start_stagger);
  const double time = std::max(0.0, to_seconds(scenario.time.duration) - stagger / 2);
  double rounds = 0;
  for (const NodeClass& own : classes) {
    rounds += static_cast<double>(own.nodes.size()) * time / round_seconds(scenario, own);
  }
  return rounds;
}

std::string evaluations_text(const Scenario& scenario) {
  if (!scenario.evaluation.every) return "none";
  const std::string samples =
      scenario.evaluation.samples == 0 ? "the whole test set" : count_of(scenario.evaluation.samples, "sample");
  return fmt::format("{} a run, of every node on {}", grouped(static_cast<double>(evaluation_times(scenario).size())),
                     samples);
}

std::string cost_text(const Scenario& scenario, const std::vector<NodeClass>& classes, const Learner& learner) {
  const double rounds = expected_rounds(scenario, classes);
  const double runs = static_cast<double>(scenario.algorithms.size() * scenario.seeds.size());
  std::vector<TextRow> rows = {
      {"runs", fmt::format("{} ({}, {})", grouped(runs), count_of(scenario.algorithms.size(), "algorithm"),
                           count_of(scenario.seeds.size(), "seed"))},
      {"rounds", fmt::format("about {} a run over all nodes, fewer if nodes wait for each other", grouped(rounds))}};
  if (learner.learns()) {
    const double steps = rounds * scenario.training.local_steps;
    const double model = static_cast<double>(sizeof(float)) * static_cast<double>(learner.layout().numel());
    rows.push_back({"local steps", fmt::format("about {} a run, {} in all", grouped(steps), grouped(steps * runs))});
    rows.push_back({"evaluations", evaluations_text(scenario)});
    rows.push_back(
        {"memory", size_text(model * scenario.nodes.count) + " for the nodes' models, and more for messages"});
  } else {
    rows.push_back({"local steps", "none: the null model is not trained"});
  }
  return "Estimated cost\n" + in_columns(rows, 2);
}

}  // namespace

std::string check_report(const Scenario& scenario, const Learner& learner) {
  const std::vector<NodeClass> classes = node_classes(scenario);
  std::string text = to_toml(scenario);
  if (scenario.seeds.size() > 1)
    text += fmt::format("\nWhat is drawn at random is shown for seed {}.\n", scenario.seeds.front());
  for (const AlgorithmSection& section : scenario.algorithms) {
    text += "\n" + algorithm_text(scenario, section, classes, learner.layout());
  }
  text +=
      "\nrho: length of a round over the time to upload what it sends. Below 1 a node cannot send everything\n"
      "in time: messages are dropped or pile up.\n";
  return text + "\n" + cost_text(scenario, classes, learner);
}

}  // namespace tardigrad
