#include "actors/protocols/averaging/ad_psgd_pushpull.hpp"

#include <utility>

#include "actors/protocols/averaging/divshare.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

AdPsgdPushPull::AdPsgdPushPull(NodeId self, NodeId recipients, std::shared_ptr<const Graph> graph, std::uint64_t seed)
    : self_(self), pings_(recipients / 2), graph_(std::move(graph)), seed_(seed) {}

void AdPsgdPushPull::on_start(SharedValues initial, Actions& actions) {
  latest_ = initial;
  actions.start_round(std::move(initial));
}

void AdPsgdPushPull::on_trained(LocalRound local, Actions& actions) {
  latest_ = local.values;
  latest_round_ = local.round;
  RandomStream recipients(seed_, Purpose::recipients, self_, local.round);
  for (NodeId i = 0; i < pings_; ++i) {
    const auto k = static_cast<NodeId>(recipients.below(graph_->degree(self_)));
    actions.send({graph_->neighbour(self_, k), ping, local.round, local.values, i});
  }
  actions.start_round(inbox_.average_into(local.values, local.round, actions));
}

void AdPsgdPushPull::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_sound = message.kind <= pong && message.has(latest_->size()) && graph_->has_edge(message.from, self_);
  if (!is_sound) return actions.refuse(message.from);
  inbox_.put(message);
  if (message.kind == ping) actions.send({message.from, pong, latest_round_, latest_, 0});
}

Algorithm ad_psgd_pushpull_algorithm() {
  Algorithm algorithm;
  algorithm.name = "ad-psgd-pushpull";
  algorithm.summary = "whole models pushed, the receiver's pulled back (AD-PSGD as in the DivShare comparison)";
  algorithm.options = {{"recipients", std::int64_t{6}, "J: J/2 pushes a round, each answered", 2, 1e6}};
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    return objection_to_recipients(options.integer("recipients"), graph);
  };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    return whole_fragments(2.0 * static_cast<double>(options.integer("recipients") / 2), sender);
  };
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::any; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    const auto recipients = static_cast<NodeId>(options.integer("recipients"));
    return [recipients, graph, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<AdPsgdPushPull>(info.node, recipients, graph, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
