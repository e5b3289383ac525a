#include "actors/protocols/averaging/gossip.hpp"

#include <utility>

#include "actors/protocols/averaging/divshare.hpp"
#include "actors/protocols/parts/staleness_weight.hpp"
#include "models/weighted_sum.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

Gossip::Gossip(NodeId self, GossipOptions options, std::shared_ptr<const Graph> graph, std::uint64_t seed)
    : self_(self), options_(options), graph_(std::move(graph)), seed_(seed) {}

void Gossip::on_start(SharedValues initial, Actions& actions) {
  model_ = start_ = std::move(initial);
  actions.start_round(model_);
}

void Gossip::on_trained(LocalRound local, Actions& actions) {
  finished_ = local.round + 1;
  if (model_ == start_) {
    model_ = std::move(local.values);
  } else {
    Values changed = *model_;
    add_difference(changed, *local.values, *start_);
    model_ = share(std::move(changed));
  }
  RandomStream recipients(seed_, Purpose::recipients, self_, local.round);
  std::uint64_t order = 0;
  for (const NodeId k : recipients.sample(options_.recipients, graph_->degree(self_))) {
    actions.send({graph_->neighbour(self_, k), 0, finished_, model_, order++});
  }
  start_ = model_;
  actions.start_round(model_);
}

double Gossip::share_of(Round age) const {
  const double ages = static_cast<double>(finished_) + age;
  return options_.by_age && ages > 0 ? age / ages : 0.5;
}

void Gossip::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_sound = message.kind == 0 && message.has(model_->size()) && graph_->has_edge(message.from, self_);
  if (!is_sound) return actions.refuse(message.from);
  actions.mixed(finished_, message.round);
  if (model_->empty()) return;
  const auto weight = static_cast<float>(staleness_weight(finished_, message.round, options_.staleness_power) *
                                         share_of(message.round));
  Values average = *model_;
  for (std::size_t p = 0; p < average.size(); ++p) average[p] += weight * ((*message.values)[p] - average[p]);
  model_ = share(std::move(average));
  actions.update(model_);
}

Algorithm gossip_algorithm() {
  Algorithm algorithm;
  algorithm.name = "gossip";
  algorithm.summary = "whole models to random neighbours, averaged in pairwise as they arrive; nobody waits";
  algorithm.options = {
      {"recipients", std::int64_t{1}, "nodes that the model is sent to in a round", 1, 1e6},
      {"average", std::string("equal"), "how the own model and another are weighted", 0, 0, {"equal", "by-age"}},
      staleness_option()};
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
    const GossipOptions own{static_cast<NodeId>(options.integer("recipients")), options.text("average") == "by-age",
                            options.number("staleness_weight")};
    return [own, graph = run.graphs->at(0), seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<Gossip>(info.node, own, graph, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
