#include "actors/protocols/d_psgd.hpp"

#include <utility>

#include "models/weighted_sum.hpp"
#include "netem/mixing_weights.hpp"

namespace tardigrad {

DPsgd::DPsgd(const Seat& seat, std::shared_ptr<const GraphSchedule> graphs)
    : SynchronousProtocol(seat, std::move(graphs)) {}

void DPsgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  std::uint64_t order = 0;
  for (const NodeId neighbour : graph.neighbours(self())) actions.send({neighbour, 0, round, trained, order++});
}

SharedValues DPsgd::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  Values mixed(trained->size(), 0.0F);
  double self_weight = 1;
  for (const ProtocolMessage& message : exchange.arrived) {
    const double weight = metropolis_hastings_weight(*exchange.graph, self(), message.from);
    self_weight -= weight;
    add_weighted(mixed, static_cast<float>(weight), *message.values);
  }
  add_weighted(mixed, static_cast<float>(self_weight), *trained);
  return share(std::move(mixed));
}

Algorithm d_psgd_algorithm() {
  Algorithm algorithm;
  algorithm.name = "d-psgd";
  algorithm.summary = "synchronous: whole models to all neighbours, weighted mean of theirs (NeurIPS 2017)";
  algorithm.waits = true;
  algorithm.follows_changing_graphs = true;
  algorithm.usual_topology = {"ring", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.models_per_round = [](const AlgorithmOptions&, const Graph& graph, NodeId node) {
    return static_cast<double>(graph.degree(node));
  };
  algorithm.protocols = [](const AlgorithmOptions&, std::shared_ptr<const GraphSchedule> graphs,
                           std::uint64_t) -> ProtocolFactory {
    return [graphs](const Seat& seat) { return std::make_unique<DPsgd>(seat, graphs); };
  };
  return algorithm;
}

}  // namespace tardigrad
