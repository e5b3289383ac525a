#include "actors/protocols/averaging/swift.hpp"

#include <algorithm>
#include <utility>

#include "actors/protocols/parts/staleness_weight.hpp"

namespace tardigrad {

Swift::Swift(SwiftOptions options, std::vector<NodeId> neighbours, MixingRow weights)
    : options_(options), neighbours_(std::move(neighbours)), weights_(std::move(weights)) {}

void Swift::on_start(SharedValues initial, Actions& actions) {
  model_ = std::move(initial);
  stored_.assign(neighbours_.size(), Stored{});
  // All nodes start from the same model, so every neighbour would have sent it.
  if (options_.stored_models) stored_.assign(neighbours_.size(), Stored{0, model_});
  broadcast(0, actions);
  actions.start_round(model_);
}

void Swift::on_trained(LocalRound local, Actions& actions) {
  const Round step = local.round + 1;
  const bool averages = step % (options_.communication_set + 1) == 0;
  model_ = averages ? share(averaged_plus_change(step, *local.values, actions)) : std::move(local.values);
  broadcast(step, actions);  // the first act of the next step
  actions.start_round(model_);
}

void Swift::on_message(const ProtocolMessage& message, Actions& actions) {
  const auto neighbour = std::lower_bound(neighbours_.begin(), neighbours_.end(), message.from);
  const bool is_known = neighbour != neighbours_.end() && *neighbour == message.from;
  if (!is_known || message.kind != 0 || !message.has(model_->size())) return actions.refuse(message.from);
  stored_[static_cast<std::size_t>(neighbour - neighbours_.begin())] = {message.round, message.values};
}

void Swift::broadcast(Round round, Actions& actions) const {
  for (std::size_t k = 0; k < neighbours_.size(); ++k) {
    actions.send({neighbours_[k], 0, round, model_, k});
  }
}

Values Swift::averaged_plus_change(Round round, const Values& trained, Actions& actions) {
  const Values& own = *model_;
  double self_weight = weights_.self;
  std::vector<double> weights(stored_.size());
  for (std::size_t k = 0; k < stored_.size(); ++k) {
    const double whole = weights_.neighbours[k];
    if (stored_[k].values) weights[k] = whole * staleness_weight(round, stored_[k].round, options_.staleness_power);
    self_weight += whole - weights[k];
  }
  // w_ii x + (trained - x), then the neighbours in ascending order.
  Values result(own.size());
  const auto kept = static_cast<float>(self_weight);
  for (std::size_t p = 0; p < own.size(); ++p) result[p] = kept * own[p] + (trained[p] - own[p]);
  for (std::size_t k = 0; k < stored_.size(); ++k) {
    if (!stored_[k].values) continue;
    const auto weight = static_cast<float>(weights[k]);
    const Values& theirs = *stored_[k].values;
    for (std::size_t p = 0; p < own.size(); ++p) result[p] += weight * theirs[p];
    actions.mixed(round, stored_[k].round);
    if (!options_.stored_models) stored_[k].values.reset();
  }
  return result;
}

Algorithm swift_algorithm() {
  Algorithm algorithm;
  algorithm.name = "swift";
  algorithm.summary = "wait-free averaging with stored neighbour models on a fixed graph, as published (ICLR 2023)";
  algorithm.options = {
      {"communication_set", std::int64_t{0}, "s of C_s: averaging once every s + 1 rounds", 0, 1e6},
      {"weights", std::string("ccs"), "how neighbours are weighted", 0, 0, {"ccs", "metropolis-hastings"}},
      {"stored_models", true, "keep every neighbour's last model; false: the memory-efficient variant"},
      staleness_option()};
  algorithm.usual_topology = {"ring", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) {
    return whole_fragments(sender.graph.degree(sender.node), sender);
  };
  // A stored model is mixed repeatedly, with the node's own model before its local steps: values that are not
  // sent could only count as that one's.
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::dense; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    const SwiftOptions own{static_cast<Round>(options.integer("communication_set")), options.flag("stored_models"),
                           options.number("staleness_weight")};
    auto weights = options.text("weights") == "ccs" ? ccs_weights(*graph) : metropolis_hastings_weights(*graph);
    return [own, graph, weights = std::move(weights)](const FragmentInfo& info) {
      return std::make_unique<Swift>(own, graph->neighbours(info.node), weights[info.node]);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
