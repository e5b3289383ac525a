#include "actors/protocols/averaging/epidemic.hpp"

#include <algorithm>
#include <utility>

#include "actors/protocols/averaging/divshare.hpp"
#include "models/weighted_sum.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

Epidemic::Epidemic(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs)
    : SynchronousProtocol(info, std::move(graphs)) {}

void Epidemic::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Actions::Send message;
  message.values = trained;
  send_to_neighbours(round, graph, std::move(message), actions);
}

SharedValues Epidemic::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (exchange.arrived.empty()) return trained;
  Values mean = *trained;
  for (const ProtocolMessage& message : exchange.arrived) add_weighted(mean, 1.0F, *message.values);
  const float weight = 1 / (1 + static_cast<float>(exchange.arrived.size()));
  for (float& value : mean) value *= weight;
  return share(std::move(mean));
}

std::shared_ptr<const GraphSchedule> epidemic_schedule(std::shared_ptr<const GraphSchedule> graphs, NodeId recipients,
                                                       std::uint64_t seed, FragmentId fragment) {
  return std::make_shared<const GraphSchedule>([graphs = std::move(graphs), recipients, seed, fragment](Round round) {
    const auto graph = graphs->at(round);
    std::vector<Edge> arcs;
    for (NodeId node = 0; node < graph->size(); ++node) {
      RandomStream draws(seed, Purpose::recipients, std::uint64_t{fragment} << 32 | node, round);
      const NodeId degree = graph->degree(node);
      for (const NodeId k : draws.sample(std::min(recipients, degree), degree)) {
        arcs.emplace_back(node, graph->neighbour(node, k));
      }
    }
    return Graph::from_arcs(graph->size(), arcs);
  });
}

Algorithm epidemic_algorithm() {
  Algorithm algorithm;
  algorithm.name = "epidemic";
  algorithm.summary = "synchronous: whole models to recipients drawn anew every round, plain mean (NeurIPS 2023)";
  algorithm.options = {{"recipients", std::int64_t{6}, "s, nodes that the model is sent to in a round", 1, 1e6}};
  algorithm.waits = true;
  algorithm.averages_alone = true;
  algorithm.follows_changing_graphs = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    const std::string objection = objection_to_unconnected(graph);
    return objection.empty() ? objection_to_recipients(options.integer("recipients"), graph) : objection;
  };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    return whole_fragments(static_cast<double>(options.integer("recipients")), sender);
  };
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::any; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto recipients = static_cast<NodeId>(options.integer("recipients"));
    return [drawn = epidemic_schedule(run.graphs, recipients, run.seed)](const FragmentInfo& info) {
      return std::make_unique<Epidemic>(info, drawn);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
