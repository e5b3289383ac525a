#include "actors/protocols/tracking/k_gt.hpp"

#include <utility>

#include "actors/protocols/tracking/mean_gradient.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

LocalWork KGt::next_work() const {
  LocalWork next;
  if (learns()) next.offset = share(Values(correction()));
  return next;
}

PairMixing::Pair KGt::own_pair(const Values& trained) { return {trained, mean_gradient(*start(), trained, local())}; }

Values KGt::next_model(Pair means, const Pair& own, const Values&) {
  add_difference(correction(), means.second, own.second);
  return std::move(means.first);
}

Algorithm k_gt_algorithm() {
  Algorithm algorithm =
      pair_mixing_algorithm("k-gt", "synchronous: gradient tracking in every local step; two models' size (2023)");
  algorithm.needs_plain_steps = true;
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs](const FragmentInfo& info) { return std::make_unique<KGt>(info, graphs); };
  };
  return algorithm;
}

}  // namespace tardigrad
