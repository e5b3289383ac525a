#include "actors/protocols/averaging/mosaic.hpp"

#include <vector>

namespace tardigrad {

Algorithm mosaic_algorithm() {
  Algorithm algorithm = epidemic_algorithm();
  algorithm.name = "mosaic";
  algorithm.summary = "synchronous: fragments of the model, each to recipients drawn for it every round (2026)";
  algorithm.options = {{"fragments", std::int64_t{10}, "K, parts that the model is cut into", 1, 1e6},
                       {"recipients", std::int64_t{6}, "s, nodes that each fragment is sent to in a round", 1, 1e6}};
  algorithm.needs_every_message = [](const AlgorithmOptions& options) { return options.integer("fragments") > 1; };
  algorithm.fragments = [](const AlgorithmOptions& options) {
    return static_cast<FragmentId>(options.integer("fragments"));
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto recipients = static_cast<NodeId>(options.integer("recipients"));
    std::vector<std::shared_ptr<const GraphSchedule>> drawn;
    for (FragmentId k = 0; k < static_cast<FragmentId>(options.integer("fragments")); ++k) {
      drawn.push_back(epidemic_schedule(run.graphs, recipients, run.seed, k));
    }
    return [drawn = std::move(drawn)](const FragmentInfo& info) {
      return std::make_unique<Epidemic>(info, drawn[info.fragment]);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
