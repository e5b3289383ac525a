#include "actors/protocols/averaging/relay_sgd.hpp"

#include <algorithm>
#include <utility>

#include "models/weighted_sum.hpp"
#include "netem/graph/trees.hpp"

namespace tardigrad {

TreeRelay::TreeRelay(const Graph& tree, NodeId self, Coordinates coordinates)
    : coordinates_(coordinates), neighbours_(tree.neighbours(self)), received_(neighbours_.size()) {}

std::uint64_t TreeRelay::message_length(NodeId neighbour, std::uint64_t parameters) const {
  const bool joined = std::binary_search(neighbours_.begin(), neighbours_.end(), neighbour);
  return joined ? coordinates_.count(parameters) + 1 : 0;
}

void TreeRelay::relay(const Values& half, std::map<NodeId, Values>& messages) const {
  // Sums all terms before a neighbour and all terms behind it: the sum without the neighbour's own term,
  // without subtraction.
  std::vector<Relayed> sums;
  Relayed passed = own(half);
  for (const Relayed& received : received_) {
    sums.push_back(passed);
    passed.add(received);
  }
  passed = {Values(coordinates_.count(half.size()), 0.0F), 0};
  for (std::size_t k = neighbours_.size(); k-- > 0;) {
    sums[k].add(passed);
    passed.add(received_[k]);
    Values& message = messages[neighbours_[k]];
    message.insert(message.end(), sums[k].values.begin(), sums[k].values.end());
    message.push_back(sums[k].count);
  }
}

void TreeRelay::forget_received() { received_.assign(neighbours_.size(), Relayed{}); }

void TreeRelay::receive(NodeId neighbour, const float* values, std::uint64_t parameters) {
  const auto place = std::lower_bound(neighbours_.begin(), neighbours_.end(), neighbour) - neighbours_.begin();
  const float* const end = values + coordinates_.count(parameters);
  received_[static_cast<std::size_t>(place)] = {Values(values, end), *end};
}

void TreeRelay::mix(const Values& half, const Values& initial, std::optional<NodeId> nodes, Values& mixed) const {
  Relayed sum = own(half);
  for (const Relayed& received : received_) sum.add(received);
  const float missing = nodes ? static_cast<float>(*nodes) - sum.count : 0;
  const float scale = 1 / (sum.count + missing);
  for (std::size_t k = 0; k < sum.values.size(); ++k) {
    const std::size_t p = coordinates_.first + k * coordinates_.stride;
    mixed[p] = (sum.values[k] + missing * initial[p]) * scale;
  }
}

TreeRelay::Relayed TreeRelay::own(const Values& half) const {
  Relayed result{Values(coordinates_.count(half.size())), 1};
  for (std::size_t k = 0; k < result.values.size(); ++k) {
    result.values[k] = half[coordinates_.first + k * coordinates_.stride];
  }
  return result;
}

void TreeRelay::Relayed::add(const Relayed& other) {
  add_weighted(values, 1.0F, other.values);
  count += other.count;
}

RelaySgd::RelaySgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                   const std::vector<Graph>& trees, Normalization normalization)
    : SynchronousProtocol(info, std::move(graphs)), nodes_(trees.front().size()), normalization_(normalization) {
  const auto stride = static_cast<unsigned>(trees.size());
  for (unsigned first = 0; first < stride; ++first) {
    trees_.emplace_back(trees[first], info.node, Coordinates{first, stride});
  }
}

void RelaySgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  std::map<NodeId, Values> messages;
  if (learns()) {
    for (const TreeRelay& tree : trees_) tree.relay(*trained, messages);
  }
  std::uint64_t order = 0;
  for (const NodeId neighbour : graph.neighbours(self())) {
    const Bytes payload = sizeof(float) * message_length(neighbour);
    actions.send({neighbour, 0, round, share(std::move(messages[neighbour])), order++, nullptr, payload});
  }
}

std::uint64_t RelaySgd::message_length(NodeId neighbour) const {
  std::uint64_t length = 0;
  for (const TreeRelay& tree : trees_) length += tree.message_length(neighbour, parameters());
  return length;
}

bool RelaySgd::read(ProtocolMessage& message, const SharedValues&) {
  if (!message.values || message.values->size() != message_length(message.from)) return false;
  const float* next = message.values->data();
  for (const TreeRelay& tree : trees_) {
    const std::uint64_t length = tree.message_length(message.from, parameters());
    if (length == 0) continue;
    next += length;
    // Between one and all other nodes may be on the other side of the edge; any other number is invalid.
    if (!(next[-1] >= 1 && next[-1] < static_cast<float>(nodes_))) return false;
  }
  return true;
}

SharedValues RelaySgd::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  Values mixed(trained->size());
  for (TreeRelay& tree : trees_) tree.forget_received();
  for (const ProtocolMessage& message : exchange.arrived) {
    const float* next = message.values->data();
    for (TreeRelay& tree : trees_) {
      const std::uint64_t length = tree.message_length(message.from, parameters());
      if (length > 0) tree.receive(message.from, next, parameters());
      next += length;
    }
  }
  const bool fills_up = normalization_ == Normalization::world_size;
  for (const TreeRelay& tree : trees_) {
    tree.mix(*trained, *initial_, fills_up ? std::optional<NodeId>(nodes_) : std::nullopt, mixed);
  }
  return share(std::move(mixed));
}

namespace {

bool is_double_binary(const Graph& graph) { return graph == united(double_binary_trees(graph.size())); }

std::vector<Graph> trees_of(const Graph& graph) {
  if (is_tree(graph)) return {graph};
  auto [tree, mirrored] = double_binary_trees(graph.size());
  return {std::move(tree), std::move(mirrored)};
}

bool is_binary_tree_edge(NodeId a, NodeId b) { return (std::max(a, b) - 1) / 2 == std::min(a, b); }

/// On double binary trees: half of the coordinates on each tree that has the edge, and their count.
std::vector<SentMessages> sends_on_both_trees(const Sender& sender) {
  const NodeId last = sender.graph.size() - 1;
  std::vector<SentMessages> sends;
  for (const NodeId neighbour : sender.graph.neighbours(sender.node)) {
    std::uint64_t values = 0;
    if (is_binary_tree_edge(sender.node, neighbour)) values += Coordinates{0, 2}.count(sender.parameters) + 1;
    if (is_binary_tree_edge(last - sender.node, last - neighbour)) {
      values += Coordinates{1, 2}.count(sender.parameters) + 1;
    }
    sends.push_back({1, static_cast<double>(sizeof(float) * values)});
  }
  return sends;
}

}  // namespace

Algorithm relay_sgd_algorithm() {
  Algorithm algorithm;
  algorithm.name = "relay-sgd";
  algorithm.summary = "synchronous: sums of models relayed along a tree, everyone's counted once (NeurIPS 2021)";
  algorithm.options = {{"normalization",
                        std::string("world-size"),
                        "what the models that are still on their way are replaced by: the initial one, or nothing",
                        0,
                        0,
                        {"world-size", "counts"}}};
  algorithm.waits = true;
  algorithm.averages_alone = true;
  algorithm.usual_topology = {"binary-tree", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) -> std::string {
    if (is_tree(graph) || is_double_binary(graph)) return {};
    return "the graph is not a tree; use topology = \"chain\", \"binary-tree\", \"double-binary-trees\" or "
           "{ kind = \"spanning-tree\", of = \"torus\" }";
  };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) -> std::vector<SentMessages> {
    const bool is_one_tree = sender.graph.edge_count() + 1 == sender.graph.size();
    if (!is_one_tree) return sends_on_both_trees(sender);
    const double payload = static_cast<double>(sizeof(float) * (sender.parameters + 1));
    return {{static_cast<double>(sender.graph.degree(sender.node)), payload}};
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto normalization = options.text("normalization") == "counts" ? RelaySgd::Normalization::counts
                                                                         : RelaySgd::Normalization::world_size;
    return [graphs = run.graphs, normalization, trees = trees_of(*run.graphs->at(0))](const FragmentInfo& info) {
      return std::make_unique<RelaySgd>(info, graphs, trees, normalization);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
