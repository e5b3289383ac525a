#include "actors/protocols/push_sum/sgp.hpp"

#include <cmath>
#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

/// If a node's sources are away, it gives shares away and receives none: its weight and values would shrink to
/// nothing.
constexpr float kLeastWeight = 1e-18F;

void scale(Values& values, float factor) {
  for (float& value : values) value *= factor;
}

}  // namespace

Sgp::Sgp(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs)
    : SynchronousProtocol(info, std::move(graphs)) {}

void Sgp::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  add_difference(biased_, *trained, *start());
  const float part = 1 / (static_cast<float>(graph.degree(self())) + 1);
  scale(biased_, part);
  weight_ *= part;
  Actions::Send message;
  message.payload = sizeof(float) * (parameters() + 1);
  if (learns()) {
    Values values = biased_;
    values.push_back(weight_);
    message.values = share(std::move(values));
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool Sgp::read(ProtocolMessage& message, const SharedValues& trained) {
  if (!message.values || message.values->size() != trained->size() + 1) return false;
  return message.values->back() > 0 && std::isfinite(message.values->back());
}

SharedValues Sgp::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  for (const ProtocolMessage& message : exchange.arrived) {
    for (std::size_t p = 0; p < biased_.size(); ++p) biased_[p] += (*message.values)[p];
    weight_ += message.values->back();
  }
  Values model = biased_;
  scale(model, 1 / weight_);
  if (weight_ < kLeastWeight) {
    biased_ = model;
    weight_ = 1;
  }
  return share(std::move(model));
}

Algorithm sgp_algorithm() {
  Algorithm algorithm;
  algorithm.name = "sgp";
  algorithm.summary = "synchronous: push-sum on graphs that may be directed and change every round (ICML 2019)";
  algorithm.waits = true;
  algorithm.follows_changing_graphs = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"one-peer-exponential", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  // The weight travels with the values.
  set_payload(algorithm, [](const AlgorithmOptions&, std::uint64_t parameters) -> Bytes {
    return sizeof(float) * (parameters + 1);
  });
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs](const FragmentInfo& info) { return std::make_unique<Sgp>(info, graphs); };
  };
  return algorithm;
}

}  // namespace tardigrad
