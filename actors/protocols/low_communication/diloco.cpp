#include "actors/protocols/low_communication/diloco.hpp"

#include "models/weighted_sum.hpp"

namespace tardigrad {

MeanOfAll::Part DiLoCo::own_part(Round, const Values& trained) {
  return {parameters(), difference(*outer_.model(), trained)};
}

SharedValues DiLoCo::next_model(Values mean, const SharedValues&) {
  outer_.take(mean);
  return outer_.model();
}

std::vector<OptionSpec> outer_options() {
  return {{"outer_learning_rate", 0.7, "nu, of the outer steps", 1e-6, 1e3},
          {"outer_momentum", 0.9, "mu, of the outer steps", 0, 0.9999}};
}

DelayedNesterov::Settings outer_settings(const AlgorithmOptions& options) {
  return {options.number("outer_learning_rate"), options.number("outer_momentum")};
}

Algorithm diloco_algorithm() {
  Algorithm algorithm =
      ring_algorithm("diloco", "synchronous: an outer Nesterov step along the mean of all nodes' changes (2023)");
  algorithm.options = outer_options();
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [nodes = run.graphs->at(0)->size(), outer = outer_settings(options)](const FragmentInfo& info) {
      return std::make_unique<DiLoCo>(info, nodes, outer);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
