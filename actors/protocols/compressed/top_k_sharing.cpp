#include "actors/protocols/compressed/top_k_sharing.hpp"

#include "actors/protocols/parts/scored_sharing.hpp"

namespace tardigrad {

Algorithm top_k_sharing_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "top-k", "synchronous: the parameters that changed most, to all neighbours (sparsified sharing)");
  algorithm.averages_alone = true;
  algorithm.options = {
      {"fraction", 0.1, "share of the parameters that is sent; 1: all, without indices", 0.0001, 1},
      {"accumulate", std::string("none"), "which unsent changes add up over rounds: all, those of local steps, none", 0,
       0, accumulation_names()}};
  algorithm.follows_changing_graphs = true;
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return scored_payload(options.number("fraction"), {}, parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    ScoredSharingOptions own;
    own.accumulation = accumulation_of(options.text("accumulate"));
    const auto fraction = [same = options.number("fraction")](NodeId, Round) { return same; };
    return [own, graphs = run.graphs, fraction](const FragmentInfo& info) {
      return std::make_unique<ScoredSharing>(info, graphs, own, fraction);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
