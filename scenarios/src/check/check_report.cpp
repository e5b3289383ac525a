#include "scenarios/src/check/check_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "models/fragmentation.hpp"
#include "models/networks/model_kind.hpp"
#include "models/nodes_text.hpp"
#include "netem/graph/edge_list.hpp"
#include "scenarios/src/check/network_report.hpp"
#include "scenarios/src/run/expected_work.hpp"
#include "scenarios/src/run/experiment.hpp"
#include "scenarios/src/run/refinement.hpp"
#include "scenarios/src/scenario/network_plan.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/text/range_text.hpp"
#include "scenarios/src/text/text_columns.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

/// Graph figures that would take longer than about a second are left out: nodes times edges for the diameter,
/// edges and nodes times Lanczos steps for the spectral gap.
constexpr double kMostSearchWork = 5e8;
constexpr double kMostLanczosWork = 1e8;

/// Nodes that a scenario treats alike, apart from draws (jitter, stays) and traces.
struct NodeClass {
  std::vector<NodeId> nodes;
  Range uplink;
  Range downlink;
  Range round_seconds;
};

/// Nodes less than half as fast as the fastest: of nodes that differ by a trace, those worth a line of their
/// own.
std::vector<NodeId> slow_nodes(const std::vector<NodeMeans>& means) {
  const auto rate = [](const NodeMeans& node) { return std::min(node.uplink, node.downlink); };
  double highest = 0;
  for (const NodeMeans& node : means) highest = std::max(highest, rate(node));
  std::vector<NodeId> slow;
  for (NodeId node = 0; node < means.size(); ++node) {
    if (rate(means[node]) < highest / 2) slow.push_back(node);
  }
  return slow;
}

/// The marks that hold throughout a run: rates of both access links and the slowdown.
constexpr std::size_t kSteadyMarks = 3;

/// Marks of each node by the scenario's rules: the same numbers for nodes that the rules treat alike.
std::vector<std::vector<double>> rule_marks(const Scenario& scenario, const std::vector<NodeMeans>& means) {
  const NodeId size = scenario.nodes.count;
  const std::uint64_t seed = scenario.seeds.front();
  std::vector<LinkStragglerRule> even_rules(scenario.network.stragglers.begin(), scenario.network.stragglers.end());
  for (LinkStragglerRule& rule : even_rules) rule.jitter = {};
  const auto even = access_rates(scenario.network.access, even_rules, size, seed);
  const auto slowdowns = compute_slowdowns(scenario.compute.stragglers, size, seed);
  std::vector<std::vector<double>> marks;
  for (NodeId node = 0; node < size; ++node) {
    marks.push_back({-even[node].uplink.value, -even[node].downlink.value, slowdowns[node]});
  }
  const auto add_mark = [&](const std::vector<NodeId>& nodes) {
    for (auto& own : marks) own.push_back(0);
    for (const NodeId node : nodes) marks[node].back() = 1;
  };
  for (std::size_t r = 0; r < scenario.network.stragglers.size(); ++r) {
    if (scenario.network.stragglers[r].on_off) add_mark(nodes_of_stragglers(scenario, r, seed));
  }
  for (std::size_t c = 0; c < scenario.network.changes.size(); ++c) add_mark(nodes_of_change(scenario, c, seed));
  for (std::size_t p = 0; p < scenario.compute.pauses.size(); ++p) add_mark(nodes_of_pause(scenario, p, seed));
  if (!scenario.network.traces.empty()) add_mark(slow_nodes(means));
  return marks;
}

/// The classes of nodes by the rules, the fastest first. Many rules make many classes: then only the rules that
/// hold throughout are considered.
std::vector<NodeClass> node_classes(const Scenario& scenario, const std::vector<NodeMeans>& means) {
  constexpr std::size_t most_classes = 12;
  auto marks = rule_marks(scenario, means);
  if (std::set<std::vector<double>>(marks.begin(), marks.end()).size() > most_classes) {
    for (auto& own : marks) own.resize(kSteadyMarks);
  }
  std::map<std::vector<double>, NodeClass> classes;
  for (NodeId node = 0; node < scenario.nodes.count; ++node) {
    NodeClass& own = classes[marks[node]];
    own.nodes.push_back(node);
    own.uplink.add(means[node].uplink);
    own.downlink.add(means[node].downlink);
    own.round_seconds.add(means[node].round_seconds);
  }
  std::vector<NodeClass> result;
  for (auto& entry : classes) result.push_back(std::move(entry.second));
  return result;
}

/// The number of rounds over which traffic is averaged. One stands for all where nodes have as many neighbours in each;
/// of drawn ones there are fewer where a graph is large.
Round averaged_rounds(const TopologyResult& built) {
  constexpr Round kMostWork = 1'000'000;
  if (!built.has_all_rounds) return 1;
  if (built.period > 0) return built.period;
  return std::clamp<Round>(kMostWork / (built.graph.size() + built.graph.edge_count()), 100, 2000);
}

/// The traffic of one algorithm's nodes in a round.
class RoundTraffic {
 public:
  using Sends = decltype(Algorithm::sends);

  /// Of the graph's nodes, and the algorithm's servers behind them, by its `sends` or `consensus_sends`: the mean over
  /// `averaged_rounds`.
  RoundTraffic(const AlgorithmSection& section, const Sends& sends, const TopologyResult& built,
               const ParameterLayout& layout)
      : section_(section), sends_(sends), layout_(layout), codec_(make_codec(section.compression)) {
    // Sizes alone: no permutation of the values is needed.
    const FragmentId fragments = section.algorithm->fragments(section.options);
    const Fragmentation fragmentation({layout.tensors, false}, fragments, 0);
    for (FragmentId fragment = 0; fragment < fragments; ++fragment) ++sizes_[fragmentation.size(fragment)];
    for (const auto& [size, count] : sizes_) raw_bytes_ += count * static_cast<double>(message_size(size));
    nodes_.resize(built.graph.size() + section.algorithm->server_count(section.options));
    if (built.graph.size() == 1) return;
    const Round rounds = averaged_rounds(built);
    if (!built.has_all_rounds) add(built.graph);
    for (Round round = 0; built.has_all_rounds && round < rounds; ++round) add(built.rounds(round));
    for (OfNode& sum : nodes_) {
      sum.messages /= static_cast<double>(rounds);
      sum.bytes /= static_cast<double>(rounds);
    }
  }

  struct OfNode {
    double messages = 0;
    double bytes = 0;  ///< with headers
  };
  const OfNode& operator[](NodeId node) const { return nodes_[node]; }
  /// Bytes, with header.
  const Range& message_bytes() const { return message_bytes_; }
  /// The bytes of all fragments without compression.
  double raw_bytes() const { return raw_bytes_; }

 private:
  /// What is sent in a round of this graph.
  void add(const Graph& graph) {
    for (NodeId node = 0; node < nodes_.size(); ++node) {
      for (const auto& [size, fragments] : sizes_) {
        for (const SentMessages& sent : sends_(section_.options, {node, size, graph, *codec_, &layout_})) {
          const double bytes = static_cast<double>(kHeaderBytes) + sent.payload;
          message_bytes_.add(bytes);
          nodes_[node].messages += fragments * sent.count;
          nodes_[node].bytes += fragments * sent.count * bytes;
        }
      }
    }
  }

  const AlgorithmSection& section_;
  const Sends& sends_;
  const ParameterLayout& layout_;
  std::unique_ptr<Codec> codec_;
  std::map<std::uint64_t, double> sizes_;  ///< sizes of fragments, and the number of fragments of each size
  std::vector<OfNode> nodes_;
  Range message_bytes_;
  double raw_bytes_ = 0;
};

const char* const kTooLarge = "not computed for a graph of this size";

/// Longest shortest path in hops; nothing if the graph is too large to search.
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

std::string gap_text(const Graph& graph, const RoundTraffic& traffic, FragmentId fragments) {
  const bool uses_all = std::lround(traffic[0].messages / fragments) >= graph.degree(0);
  return fmt::format("{:.4g} (of Metropolis-Hastings averaging over all edges{})", spectral_gap(graph),
                     uses_all ? "" : "; a round uses only some of them");
}

/// Notes on reading a graph's file; empty for other graphs.
std::vector<std::string> notes_on_file(const TopologySpec& topology, NodeId nodes) {
  if (topology.of) return notes_on_file(*topology.of, nodes);
  return topology.kind == "file" ? read_edge_list(topology.file, nodes).notes : std::vector<std::string>();
}

std::string change_text(const TopologyResult& built) {
  if (!built.has_all_rounds) return "another one every round; here that of the first";
  const std::string text = "another one every round; here the edges of all, and what is sent on average of ";
  const std::string rounds = grouped(static_cast<double>(averaged_rounds(built)));
  return text + (built.period > 0 ? fmt::format("the {} that take turns", rounds) : "the first " + rounds);
}

std::vector<TextRow> graph_rows(const AlgorithmSection& section, const TopologyResult& built,
                                const RoundTraffic& traffic) {
  const Graph& graph = built.graph;
  if (graph.size() == 1) return {{"graph", "one node, which trains alone: it sends nothing, whatever the algorithm"}};
  if (const NodeId servers = section.algorithm->server_count(section.options)) {
    return {{"graph",
             fmt::format("{}, which send to {} alone", count_of(graph.size(), "node"), count_of(servers, "server"))}};
  }
  Range degrees;
  for (NodeId node = 0; node < graph.size(); ++node) degrees.add(graph.degree(node));
  const std::optional<std::uint32_t> hops = affordable_diameter(graph);
  const bool directed = graph.is_directed();
  std::vector<TextRow> rows = {
      {"graph", fmt::format("{}, {}, {}, {} {}", section.topology.kind, count_of(graph.size(), "node"),
                            count_of(graph.edge_count(), directed ? "directed edge" : "edge"),
                            directed ? "out-degree" : "degree", range_text(degrees))}};
  if (built.rounds) rows.push_back({"", change_text(built)});
  for (const std::string& note : notes_on_file(section.topology, graph.size()))
    rows.push_back({"", "in the file: " + note});
  rows.push_back({"", "diameter " + (hops ? std::to_string(*hops) : kTooLarge)});
  if (!directed && !built.has_all_rounds) {
    rows.push_back({"", "spectral gap " + (is_gap_affordable(graph, hops)
                                               ? gap_text(graph, traffic, section.algorithm->fragments(section.options))
                                               : kTooLarge)});
  }
  return rows;
}

const char* const kNotLimited = "-";

std::string access_text(const Range& rates) {
  if (rates.low > kHighestRate.value) return kUnlimitedText;
  return range_text({rates.low / 1e6, rates.high / 1e6}, " Mbps");
}

TextRow class_row(const RoundTraffic& traffic, const NodeClass& own) {
  Range messages, bytes;
  for (const NodeId node : own.nodes) {
    messages.add(traffic[node].messages);
    bytes.add(traffic[node].bytes);
  }
  const Range models{bytes.low / traffic.raw_bytes(), bytes.high / traffic.raw_bytes()};
  const bool is_limited = own.uplink.low <= kHighestRate.value && bytes.high > 0;
  const Range upload{8 * bytes.low / own.uplink.high, 8 * bytes.high / own.uplink.low};
  const Range rho{own.round_seconds.low / upload.high, own.round_seconds.high / upload.low};
  return {count_of(own.nodes.size(), "node"),
          access_text(own.uplink),
          access_text(own.downlink),
          range_text(own.round_seconds, " s"),
          range_text(messages),
          range_text(models),
          range_text(bytes, "", grouped),
          is_limited ? range_text(upload, " s") : kNotLimited,
          is_limited ? range_text(rho) : kNotLimited};
}

/// The scenario's nodes with the rounds of an algorithm that has local steps of its own.
NodeClass with_rounds_of(const Scenario& scenario, const AlgorithmSection& section, NodeClass own) {
  const double factor = static_cast<double>(scenario.local_steps_of(section)) / scenario.training.local_steps;
  own.round_seconds = {factor * own.round_seconds.low, factor * own.round_seconds.high};
  return own;
}

/// A server's row: what it sends while every node ends one round, as long as these are on average.
TextRow server_row(const Scenario& scenario, const AlgorithmSection& section, const RoundTraffic& traffic,
                   NodeId server, const std::vector<NodeMeans>& means) {
  const AccessRates& rates = scenario.servers[server].access;
  double rounds_a_second = 0;
  for (const NodeMeans& node : means) rounds_a_second += 1 / node.round_seconds;
  NodeClass own;
  own.nodes = {scenario.nodes.count + server};
  own.uplink.add(scenario.network.emulated ? rates.uplink.value : kUnlimited.value);
  own.downlink.add(scenario.network.emulated ? rates.downlink.value : kUnlimited.value);
  own.round_seconds.add(static_cast<double>(means.size()) / rounds_a_second);
  TextRow row = class_row(traffic, with_rounds_of(scenario, section, own));
  row.front() = "server";
  return row;
}

/// The time of a message on a dedicated link.
std::vector<TextRow> link_rows(const NetworkSection& network, const RoundTraffic& traffic) {
  const std::vector<double> rates = matrix_rates(network);
  if (!network.emulated || rates.empty()) return {};
  const Range& bytes = traffic.message_bytes();
  const Range seconds{8 * bytes.low / rates.back(), 8 * bytes.high / rates.front()};
  return {{"link", fmt::format("a message takes {}, {} s at the median rate", range_text(seconds, " s"),
                               range_text({8 * bytes.low / rates[rates.size() / 2],
                                           8 * bytes.high / rates[rates.size() / 2]}))}};
}

/// The rounds without local steps.
std::string consensus_text(const AlgorithmSection& section, const TopologyResult& built,
                           const ParameterLayout& layout) {
  const Algorithm& algorithm = *section.algorithm;
  const RoundTraffic traffic(section, algorithm.consensus_sends ? algorithm.consensus_sends : algorithm.sends, built,
                             layout);
  Range bytes;
  for (NodeId node = 0; node < built.graph.size(); ++node) bytes.add(traffic[node].bytes);
  return fmt::format("{} without local steps behind {}, of {} each at a node",
                     count_of(section.consensus_rounds, "round"), *section.training_rounds,
                     range_text(bytes, " bytes", grouped));
}

std::string algorithm_text(const Scenario& scenario, const AlgorithmSection& section,
                           const std::vector<NodeClass>& classes, const std::vector<NodeMeans>& means,
                           const ParameterLayout& layout) {
  const TopologyResult built = build_topology(section.topology, scenario.nodes.count, scenario.seeds.front());
  const RoundTraffic traffic(section, section.algorithm->sends, built, layout);
  std::vector<TextRow> head = graph_rows(section, built, traffic);
  head.push_back({"model", fmt::format("{} parameters in {}", grouped(static_cast<double>(layout.shared_numel())),
                                       count_of(section.algorithm->fragments(section.options), "fragment"))});
  if (built.graph.size() > 1) {
    head.push_back({"message", range_text(traffic.message_bytes(), " bytes", grouped) + " with header"});
    for (TextRow& row : link_rows(scenario.network, traffic)) head.push_back(std::move(row));
  }
  if (section.consensus_rounds > 0) head.push_back({"consensus", consensus_text(section, built, layout)});
  std::vector<TextRow> table = {
      {"", "uplink", "downlink", "round", "messages/round", "models/round", "bytes/round", "upload/round", "rho"}};
  for (const NodeClass& own : classes) {
    table.push_back(class_row(traffic, with_rounds_of(scenario, section, own)));
  }
  const NodeId servers = built.graph.size() > 1 ? section.algorithm->server_count(section.options) : 0;
  for (NodeId server = 0; server < servers; ++server)
    table.push_back(server_row(scenario, section, traffic, server, means));
  return fmt::format("{}\n{}{}", section.name, in_columns(head, 2), in_columns(table, 2));
}

std::string evaluations_text(const Scenario& scenario) {
  if (!scenario.evaluation.every) return "none";
  const bool is_seldom = *scenario.evaluation.every >= scenario.time.duration;
  const std::string times = grouped(static_cast<double>(evaluation_times(scenario).size())) +
                            (is_seldom ? " (as every is no shorter, at the beginning and the end)" : "");
  const Task task = task_of(scenario.nodes.model);
  if (task == Task::optimum) return fmt::format("{} a run, of every node's distance to the optimum", times);
  if (task == Task::own) return fmt::format("{} a run, of every node on what the learner chooses", times);
  const std::string samples =
      scenario.evaluation.samples == 0 ? "the whole test set" : count_of(scenario.evaluation.samples, "sample");
  return fmt::format("{} a run, of every node on {}", times,
                     task == Task::ratings ? "its own users' test ratings" : samples);
}

std::string refinement_text(const Scenario& scenario, const Learner& learner) {
  const double percent = 100 * refinement_share(scenario);
  const std::string share = fmt::format("{:.{}f} % of all samples", percent, percent < 10 ? 1 : 0);
  const std::string memory = size_text(refinement_memory(scenario, learner));
  if (!scenario.evaluation.refines()) {
    return fmt::format("none; it would test {} more, and keep models of {}", share, memory);
  }
  return fmt::format(
      "to a tenth of the time between evaluations: tests {} more, and keeps models of up to {} until the "
      "target is reached",
      share, memory);
}

/// The effect of short batches.
std::string last_batches_text(const Scenario& scenario, const Learner& learner) {
  std::vector<NodeId> small;
  for (NodeId node = 0; node < scenario.nodes.count; ++node) {
    if (learner.shard_size(node) < scenario.training.batch_size) small.push_back(node);
  }
  const std::string exception =
      small.empty() ? ""
                    : fmt::format("; not those of {}, which {} fewer samples than a batch: they train on all of them",
                                  nodes_text(small), small.size() == 1 ? "has" : "have");
  return "left out where they are short" + exception;
}

/// Of runs whose algorithms have local steps of their own, if so many rounds have the scenario's.
Range rounds_of_runs(const Scenario& scenario, double rounds) {
  Range all;
  for (const AlgorithmSection& section : scenario.algorithms) {
    const double by_time = rounds * scenario.training.local_steps / scenario.local_steps_of(section);
    const double limit = static_cast<double>(section.training_rounds.value_or(0)) * scenario.nodes.count;
    all.add(section.training_rounds ? std::min(by_time, limit) : by_time);
  }
  return all;
}

std::string cost_text(const Scenario& scenario, const std::vector<NodeMeans>& means, const Learner& learner) {
  const double rounds = expected_rounds(scenario, means);
  const double runs = static_cast<double>(scenario.algorithms.size() * scenario.seeds.size());
  std::vector<TextRow> rows = {
      {"runs", fmt::format("{} ({}, {})", grouped(runs), count_of(scenario.algorithms.size(), "algorithm"),
                           count_of(scenario.seeds.size(), "seed"))},
      {"rounds", fmt::format("about {} a run over all nodes, fewer if nodes wait for each other",
                             range_text(rounds_of_runs(scenario, rounds), "", grouped))}};
  if (learner.learns()) {
    const double steps = rounds * scenario.training.local_steps;
    const double model = static_cast<double>(sizeof(float)) * static_cast<double>(learner.layout().numel());
    const int kept = scenario.training.optimizer.values_kept();
    rows.push_back({"local steps", fmt::format("about {} a run, {} in all", grouped(steps), grouped(steps * runs))});
    if (scenario.training.drop_last) rows.push_back({"last batches", last_batches_text(scenario, learner)});
    rows.push_back({"evaluations", evaluations_text(scenario)});
    if (scenario.evaluation.target) rows.push_back({"refinement", refinement_text(scenario, learner)});
    rows.push_back({"memory", fmt::format("{} for the nodes' models{}, and more for messages",
                                          size_text((1 + kept) * model * scenario.nodes.count),
                                          kept > 0 ? " and optimizers" : "")});
  } else {
    rows.push_back({"local steps", "none: the null model is not trained"});
  }
  return "Estimated cost\n" + in_columns(rows, 2);
}

bool is_any_unlimited(const std::vector<NodeClass>& classes) {
  return std::any_of(classes.begin(), classes.end(),
                     [](const NodeClass& own) { return own.uplink.high > kHighestRate.value; });
}

/// True if rates of access links or paces change over time.
bool changes_over_time(const Scenario& scenario) {
  const auto any = [](const auto& rules, const auto& counts) {
    return std::any_of(rules.begin(), rules.end(), counts);
  };
  const NetworkSection& network = scenario.network;
  const bool links_do = any(network.stragglers, [](const auto& rule) { return rule.on_off.has_value(); }) ||
                        any(network.changes, [](const auto& change) { return change.links.empty(); }) ||
                        any(network.traces, [](const auto& trace) { return trace.traces->scope != TraceScope::pair; });
  return (network.emulated && links_do) || !scenario.compute.pauses.empty() || !scenario.compute.traces.empty();
}

}  // namespace

std::string check_report(const Scenario& scenario, const Learner& learner) {
  const std::vector<NodeMeans> means = node_means(scenario);
  const std::vector<NodeClass> classes = node_classes(scenario, means);
  std::string text = to_toml(scenario);
  if (scenario.seeds.size() > 1)
    text += fmt::format("\nWhat is drawn at random is shown for seed {}.\n", scenario.seeds.front());
  if (const auto rows = network_rows(scenario); !rows.empty()) text += "\nNetwork\n" + in_columns(rows, 2);
  if (const auto rows = node_rows(scenario); !rows.empty()) text += "\nNodes\n" + in_columns(rows, 2);
  for (const AlgorithmSection& section : scenario.algorithms) {
    text += "\n" + algorithm_text(scenario, section, classes, means, learner.layout());
  }
  text +=
      "\nrho: length of a round over the time to upload what it sends. Below 1 a node cannot send everything\n"
      "in time: messages are dropped or pile up. Where messages say which values they hold, sizes are typical ones.\n";
  if (is_any_unlimited(classes)) text += "A dash: uplinks hold nothing up.\n";
  if (changes_over_time(scenario)) text += "Rates and rounds are averages over the run.\n";
  return text + "\n" + cost_text(scenario, means, learner);
}

}  // namespace tardigrad
