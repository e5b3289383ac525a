/// One node's protocol by itself: a test plays the other nodes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "netem/base/random_stream.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad::test {

inline ProtocolFactory protocols_of(const Algorithm& algorithm, std::shared_ptr<const GraphSchedule> graphs,
                                    const std::map<std::string, OptionSpec::Value>& chosen = {},
                                    std::uint64_t seed = 1) {
  AlgorithmOptions options(algorithm.options);
  for (const auto& [name, value] : chosen) options.set(name, value);
  return algorithm.protocols(options, {std::move(graphs), seed});
}

inline std::shared_ptr<const GraphSchedule> always(Graph graph) {
  return std::make_shared<const GraphSchedule>(std::move(graph));
}

class OneNode {
 public:
  OneNode(const ProtocolFactory& protocols, NodeId node, const Values& initial, std::uint64_t parameters)
      : protocol_(protocols({node, 0, parameters})) {
    Actions actions;
    protocol_->on_start(shared(initial), actions);
  }
  OneNode(const ProtocolFactory& protocols, NodeId node, const Values& initial)
      : OneNode(protocols, node, initial, initial.size()) {}

  Actions trained(const Values& values) {
    Actions actions;
    protocol_->on_trained({round_++, shared(values)}, actions);
    return actions;
  }
  /// The messages that it sends after training.
  std::vector<Actions::Send> sent(const Values& values) { return trained(values).sends(); }
  Actions received(NodeId from, Round round, const Values& values) {
    return received({from, 0, round, shared(values)});
  }
  Actions received(const ProtocolMessage& message) {
    Actions actions;
    protocol_->on_message(message, actions);
    return actions;
  }
  Actions waited() {
    Actions actions;
    protocol_->on_wait_over(actions);
    return actions;
  }

 private:
  std::unique_ptr<FragmentProtocol> protocol_;
  Round round_ = 0;
};

/// The mean of all models, coordinate by coordinate.
inline std::vector<double> mean_of(const std::vector<Values>& models) {
  std::vector<double> mean(models.front().size());
  for (const Values& model : models) {
    for (std::size_t p = 0; p < mean.size(); ++p) mean[p] += static_cast<double>(model[p]) / models.size();
  }
  return mean;
}

/// Different everywhere, of magnitude one.
inline std::vector<Values> scattered_models(NodeId nodes, std::size_t parameters) {
  RandomStream draws(11, Purpose::test);
  std::vector<Values> models(nodes, Values(parameters));
  for (Values& model : models) {
    for (float& value : model) value = static_cast<float>(draws.uniform() * 2 - 1);
  }
  return models;
}

}  // namespace tardigrad::test
