#include "actors/protocols/push_sum/sgp.hpp"

#include <utility>

namespace tardigrad {

namespace {

/// If a node's sources are away, it gives shares away and receives none: its weight and values would shrink to
/// nothing.
constexpr float kLeastWeight = 1e-18F;
/// With running sums no node may begin anew, and a message need not give anything away.
constexpr float kLeastRobustWeight = 1e-3F;

PushSumForm form_of(const AlgorithmOptions& options) {
  const bool robust = options.flag("robust");
  return {robust, robust ? kLeastRobustWeight : 0};
}

}  // namespace

Sgp::Sgp(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, PushSumForm form)
    : SynchronousProtocol(info, std::move(graphs)), mass_(form) {}

void Sgp::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Actions::Send message;
  message.payload = mass_.form().payload(parameters());
  if (learns()) {
    mass_.add(*trained, *start());
    mass_.give(graph.degree(self()), message);
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool Sgp::read(ProtocolMessage& message, const SharedValues&) { return mass_.read(message); }

SharedValues Sgp::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  for (const ProtocolMessage& message : exchange.arrived) mass_.take(*message.values);
  Values model = mass_.model();
  if (mass_.weight() < kLeastWeight) mass_.renew();
  return share(std::move(model));
}

Algorithm sgp_algorithm() {
  Algorithm algorithm;
  algorithm.name = "sgp";
  algorithm.summary = "synchronous: push-sum on graphs that may be directed and change every round (ICML 2019)";
  algorithm.waits = true;
  algorithm.averages_alone = true;
  algorithm.options = {robust_option()};
  algorithm.follows_changing_graphs = [](const AlgorithmOptions& options) { return !options.flag("robust"); };
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"one-peer-exponential", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return form_of(options).payload(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs, form = form_of(options)](const FragmentInfo& info) {
      return std::make_unique<Sgp>(info, graphs, form);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
