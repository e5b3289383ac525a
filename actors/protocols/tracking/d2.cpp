#include "actors/protocols/tracking/d2.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/weighted_sum.hpp"
#include "netem/graph/mixing_weights.hpp"

namespace tardigrad {

namespace {

/// A little above -1/3, at which a mode of the models lives on for ever.
constexpr double kLeastEigenvalue = -0.32;

bool halves(const std::string& half, const Graph& graph) {
  return half == "always" || (half == "auto" && least_eigenvalue(graph) < kLeastEigenvalue);
}

}  // namespace

D2::D2(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, bool halves)
    : SynchronousProtocol(info, std::move(graphs)), halves_(halves) {}

void D2::begin(const SharedValues& initial) { correction_.assign(initial->size(), 0.0F); }

void D2::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Values corrected = *trained;
  add_weighted(corrected, 1.0F, correction_);
  sent_ = share(std::move(corrected));
  Actions::Send message;
  message.values = sent_;
  send_to_neighbours(round, graph, std::move(message), actions);
}

SharedValues D2::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  Values next = weighted_mean(exchange, *sent_);
  if (halves_) {
    for (std::size_t p = 0; p < next.size(); ++p) next[p] = (next[p] + (*sent_)[p]) / 2;
  }
  sent_ = nullptr;
  correction_ = difference(next, *trained);  // x + u is the trained model
  return share(std::move(next));
}

Algorithm d2_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "d2", "synchronous: corrects for unequal data at gossip's price, one model to each neighbour (ICML 2018)");
  algorithm.averages_alone = true;
  algorithm.options = {{"half",
                        std::string("auto"),
                        "weights (I + W) / 2 instead of W: where W's least eigenvalue asks for it, always or never",
                        {0, 0, {"auto", "always", "never"}}}};
  algorithm.needs_every_message = true;
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) -> std::string {
    const std::string objection = objection_to_unconnected(graph);
    if (!objection.empty() || options.text("half") != "never") return objection;
    const double least = least_eigenvalue(graph);
    if (least >= kLeastEigenvalue) return {};
    return fmt::format(
        "with half = \"never\" the models would not come together: the least eigenvalue of this graph's weights is "
        "{:.3f}, "
        "at most -1/3 or close to it; use half = \"auto\" or another topology",
        least);
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const bool halved = halves(options.text("half"), *run.graphs->at(0));
    return
        [graphs = run.graphs, halved](const FragmentInfo& info) { return std::make_unique<D2>(info, graphs, halved); };
  };
  return algorithm;
}

}  // namespace tardigrad
