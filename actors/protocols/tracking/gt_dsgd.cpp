#include "actors/protocols/tracking/gt_dsgd.hpp"

#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

PairMixing::Pair GtDsgd::own_pair(const Values& trained) {
  Pair own{trained, correction()};
  add_weighted(own.first, 1.0F, correction());
  add_difference(own.second, trained, *start());
  return own;
}

Values GtDsgd::next_model(Pair means, const Pair&, const Values& trained) {
  correction() = std::move(means.second);
  add_difference(correction(), *start(), trained);
  return std::move(means.first);
}

Algorithm gt_dsgd_algorithm() {
  Algorithm algorithm =
      pair_mixing_algorithm("gt-dsgd", "synchronous: gradient tracking, for unequal data; two models' size (2017)");
  algorithm.averages_alone = true;
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs](const FragmentInfo& info) { return std::make_unique<GtDsgd>(info, graphs); };
  };
  return algorithm;
}

}  // namespace tardigrad
