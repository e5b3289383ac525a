#include "actors/protocols/tracking/momentum_tracking.hpp"

#include <utility>

#include "actors/protocols/tracking/mean_gradient.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

void MomentumTracking::begin(const SharedValues& initial) {
  PairMixing::begin(initial);
  momentum_.assign(initial->size(), 0.0F);
}

PairMixing::Pair MomentumTracking::own_pair(const Values& trained) {
  for (float& value : momentum_) value *= beta_;
  add_weighted(momentum_, 1, mean_gradient(*start(), trained, local()));
  return {*start(), difference(correction(), momentum_)};
}

Values MomentumTracking::next_model(Pair means, const Pair& own, const Values&) {
  add_weighted(means.first, static_cast<float>(local().learning_rates), own.second);
  correction() = std::move(means.second);
  add_weighted(correction(), 1, momentum_);
  return std::move(means.first);
}

Algorithm momentum_tracking_algorithm() {
  Algorithm algorithm = pair_mixing_algorithm(
      "momentum-tracking", "synchronous: momentum corrected by the others', for unequal data; two models' size (2023)");
  algorithm.options = {{"momentum", 0.9, "beta, the share of the momentum that stays in a round", {0, 0.999}}};
  algorithm.needs_plain_steps = true;
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs, beta = static_cast<float>(options.number("momentum"))](const FragmentInfo& info) {
      return std::make_unique<MomentumTracking>(info, graphs, beta);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
