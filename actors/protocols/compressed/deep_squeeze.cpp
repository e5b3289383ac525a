#include "actors/protocols/compressed/deep_squeeze.hpp"

#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

DeepSqueeze::DeepSqueeze(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, float gamma,
                         Compressor compressor)
    : SynchronousProtocol(info, std::move(graphs)), gamma_(gamma), compressor_(std::move(compressor)) {}

void DeepSqueeze::begin(const SharedValues& initial) { error_.assign(initial->size(), 0.0F); }

void DeepSqueeze::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  add_weighted(error_, 1.0F, *trained);
  auto compressed = compressor_.compress(error_, round);
  sent_ = std::move(compressed.values);
  add_weighted(error_, -1.0F, sent_);
  send_to_neighbours(round, graph, std::move(compressed.message), actions);
}

bool DeepSqueeze::read(ProtocolMessage& message, const SharedValues&) { return compressor_.read(message); }

SharedValues DeepSqueeze::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  Values model = *trained;
  add_weighted(model, gamma_, difference(weighted_mean(exchange, sent_), sent_));
  return share(std::move(model));
}

Algorithm deep_squeeze_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "deep-squeeze", "synchronous: compressed models, what is taken away is added to the next (2019)");
  algorithm.averages_alone = true;
  CodecSpec top_tenth;
  top_tenth.kind = "top-k";
  algorithm.options = {
      {"gamma", 0.1, "step towards the neighbours, to be tuned: the coarser the compression, the smaller", 0.0001, 1},
      {"compression", top_tenth, "C, how models are compressed"}};
  algorithm.follows_changing_graphs = true;
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return make_codec(options.codec("compression"))->typical_size(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto gamma = static_cast<float>(options.number("gamma"));
    const std::shared_ptr<const Codec> codec = make_codec(options.codec("compression"));
    return [graphs = run.graphs, gamma, codec, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<DeepSqueeze>(info, graphs, gamma,
                                           Compressor(codec, Compressor::Scale::contractive, info, seed));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
