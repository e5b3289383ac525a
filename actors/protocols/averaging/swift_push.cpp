#include "actors/protocols/averaging/swift_push.hpp"

#include "actors/protocols/averaging/divshare.hpp"

namespace tardigrad {

Algorithm swift_push_algorithm() {
  Algorithm algorithm = divshare_algorithm();
  algorithm.name = "swift-push";
  algorithm.summary = "whole models to random recipients, nothing dropped (Swift as in the DivShare comparison)";
  algorithm.options = {{"recipients", std::int64_t{6}, "J, nodes that the model is sent to in a round", 1, 1e6}};
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    const DivShareOptions own{static_cast<NodeId>(options.integer("recipients")), false};
    return [own, graph, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<DivShareFragment>(info.node, info.fragment, own, graph, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
