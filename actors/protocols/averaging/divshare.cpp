#include "actors/protocols/averaging/divshare.hpp"

#include <fmt/format.h>

#include <utility>

#include "actors/protocols/parts/staleness_weight.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

DivShareFragment::DivShareFragment(NodeId self, FragmentId fragment, DivShareOptions options,
                                   std::shared_ptr<const Graph> graph, std::uint64_t seed)
    : self_(self), fragment_(fragment), options_(options), graph_(std::move(graph)), seed_(seed) {}

void DivShareFragment::on_trained(LocalRound local, Actions& actions) {
  if (options_.flush) actions.flush();
  const std::uint64_t entity = std::uint64_t{self_} << 32 | fragment_;
  RandomStream recipients(seed_, Purpose::recipients, entity, local.round);
  // Random positions shuffle a node's messages over all fragments without communication between fragments.
  RandomStream send_order(seed_, Purpose::send_order, entity, local.round);
  for (const NodeId k : recipients.sample(options_.recipients, graph_->degree(self_))) {
    actions.send({graph_->neighbour(self_, k), 0, local.round, local.values, send_order()});
  }
  actions.start_round(inbox_.average_into(local.values, local.round, actions, options_.staleness_power));
}

void DivShareFragment::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.kind != 0 || !graph_->has_edge(message.from, self_)) return actions.refuse(message.from);
  inbox_.put(message);
}

std::string objection_to_recipients(std::int64_t recipients, const Graph& graph) {
  NodeId poorest = 0;
  for (NodeId node = 1; node < graph.size(); ++node) {
    if (graph.degree(node) < graph.degree(poorest)) poorest = node;
  }
  const NodeId degree = graph.degree(poorest);
  if (degree >= recipients) return {};
  return fmt::format("recipients = {} is too many: node {} has {} other node{} to send to", recipients, poorest, degree,
                     degree == 1 ? "" : "s");
}

Algorithm divshare_algorithm() {
  Algorithm algorithm;
  algorithm.name = "divshare";
  algorithm.summary = "fragments of the model, each to recipients of its own; unsent ones are dropped (WWW 2025)";
  algorithm.options = {{"fragments", std::int64_t{10}, "K, parts that the model is cut into", 1, 1e6},
                       {"recipients", std::int64_t{6}, "J, nodes that each fragment is sent to in a round", 1, 1e6},
                       {"flush", true, "a new round's fragments replace what is unsent of the last"},
                       staleness_option()};
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    return objection_to_recipients(options.integer("recipients"), graph);
  };
  algorithm.fragments = [](const AlgorithmOptions& options) {
    return static_cast<FragmentId>(options.integer("fragments"));
  };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    return whole_fragments(static_cast<double>(options.integer("recipients")), sender);
  };
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::any; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    const DivShareOptions own{static_cast<NodeId>(options.integer("recipients")), options.flag("flush"),
                              options.number("staleness_weight")};
    return [own, graph, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<DivShareFragment>(info.node, info.fragment, own, graph, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
