#include "actors/protocols/low_communication/noloco.hpp"

#include <fmt/format.h>

#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

std::shared_ptr<const GraphSchedule> drawn_pairs(NodeId nodes, std::uint64_t seed) {
  return std::make_shared<const GraphSchedule>([nodes, seed](Round round) {
    std::vector<NodeId> order(nodes);
    for (NodeId node = 0; node < nodes; ++node) order[node] = node;
    RandomStream(seed, Purpose::partner, 0, round).shuffle(order);
    std::vector<Edge> pairs;
    for (NodeId first = 0; first + 1 < nodes; first += 2) pairs.emplace_back(order[first], order[first + 1]);
    return Graph::from_edges(nodes, pairs);
  });
}

std::string objection_to_settings(const AlgorithmOptions& options, const Graph& graph) {
  const double alpha = options.number("outer_momentum");
  const double bound = 2 * (1 - alpha * alpha);
  if (options.number("gamma") >= bound) {
    return fmt::format(
        "gamma = {} with outer_momentum = {} lets nodes drift apart without bound; gamma must be below "
        "2 (1 - outer_momentum^2) = {:.4g}",
        options.number("gamma"), alpha, bound);
  }
  if (graph.is_complete()) return {};
  return "partners are drawn among all nodes, but in this graph some have no edge; use topology = \"complete\"";
}

/// Of an odd number of nodes one is left over in every round.
double share_with_partner(NodeId nodes) { return nodes % 2 == 0 ? 1 : (nodes - 1.0) / nodes; }

}  // namespace

// Of two nodes that have each other alone, Metropolis-Hastings weights are a half; without a message they are the own
// one.
Values NoLoCo::next_model(Pair means, const Pair& own, const Values&) {
  Values& momentum = correction();
  for (std::size_t p = 0; p < momentum.size(); ++p) {
    const float pull = means.first[p] - own.first[p];
    momentum[p] = settings_.alpha * momentum[p] + settings_.beta * means.second[p] + settings_.gamma * pull;
    means.first[p] = own.first[p] + momentum[p];
  }
  return std::move(means.first);
}

Algorithm noloco_algorithm() {
  Algorithm algorithm = pair_mixing_algorithm(
      "noloco", "synchronous: an outer momentum step with one partner, drawn anew every round (2025)");
  algorithm.options = {{"outer_momentum", 0.5, "alpha, the share of the momentum that stays in a round", 0, 0.9999},
                       {"beta", 0.7, "weight of the mean of both nodes' changes", 0, 1e3},
                       {"gamma", 0.7, "weight of the way to the mean of both nodes' models", 0, 2}};
  algorithm.needs_every_message = false;
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = objection_to_settings;
  algorithm.sends = [pairs = algorithm.sends](const AlgorithmOptions& options, const Sender& sender) {
    std::vector<SentMessages> sent = pairs(options, sender);
    sent.front().count = share_with_partner(sender.graph.size());
    return sent;
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const NoLoCo::Settings settings{static_cast<float>(options.number("outer_momentum")),
                                    static_cast<float>(options.number("beta")),
                                    static_cast<float>(options.number("gamma"))};
    return [pairs = drawn_pairs(run.graphs->at(0)->size(), run.seed), settings](const FragmentInfo& info) {
      return std::make_unique<NoLoCo>(info, pairs, settings);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
