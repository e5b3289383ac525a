#include "actors/protocols/compressed/dcd_psgd.hpp"

#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

DcdPsgd::DcdPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Compressor compressor)
    : SynchronousProtocol(info, std::move(graphs)), compressor_(std::move(compressor)) {}

// All nodes start from the same model.
void DcdPsgd::begin(const SharedValues& initial) { neighbourhood_mean_ = *initial; }

void DcdPsgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Values change = difference(*trained, *start());
  add_difference(change, neighbourhood_mean_, *start());
  auto compressed = compressor_.compress(change, round);
  sent_ = std::move(compressed.values);
  send_to_neighbours(round, graph, std::move(compressed.message), actions);
}

bool DcdPsgd::read(ProtocolMessage& message, const SharedValues&) { return compressor_.read(message); }

SharedValues DcdPsgd::mix(const Exchange& exchange, const SharedValues&, Actions&) {
  add_weighted(neighbourhood_mean_, 1.0F, weighted_mean(exchange, sent_));
  Values model = *start();
  add_weighted(model, 1.0F, sent_);
  return share(std::move(model));
}

Algorithm dcd_psgd_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "dcd-psgd", "synchronous: compressed changes of models, known exactly to the neighbours (NeurIPS 2018)");
  algorithm.averages_alone = true;
  CodecSpec eight_bits;
  eight_bits.kind = "quantizer";
  algorithm.options = {{"compression", eight_bits, "C, how changes are compressed: finely, or the models diverge"}};
  algorithm.needs_every_message = true;
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return make_codec(options.codec("compression"))->typical_size(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const std::shared_ptr<const Codec> codec = make_codec(options.codec("compression"));
    return [graphs = run.graphs, codec, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<DcdPsgd>(info, graphs, Compressor(codec, Compressor::Scale::as_decoded, info, seed));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
