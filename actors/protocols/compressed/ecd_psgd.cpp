#include "actors/protocols/compressed/ecd_psgd.hpp"

#include <utility>

#include "actors/protocols/compressed/dcd_psgd.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

/// a_weight * a + b_weight * b
Values combined(double a_weight, const Values& a, double b_weight, const Values& b) {
  Values result(a.size());
  for (std::size_t p = 0; p < a.size(); ++p) result[p] = static_cast<float>(a_weight * a[p] + b_weight * b[p]);
  return result;
}

/// The step number t.
double step(Round round) { return static_cast<double>(round) + 1; }

}  // namespace

EcdPsgd::EcdPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Compressor compressor)
    : SynchronousProtocol(info, std::move(graphs)), compressor_(std::move(compressor)) {}

// All nodes start from the same model.
void EcdPsgd::begin(const SharedValues& initial) { neighbourhood_mean_ = *initial; }

void EcdPsgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  model_ = neighbourhood_mean_;
  add_difference(model_, *trained, *start());
  const double half = step(round) / 2;
  auto compressed = compressor_.compress(combined(1 - half, *start(), half, model_), round);
  sent_ = std::move(compressed.values);
  send_to_neighbours(round, graph, std::move(compressed.message), actions);
}

bool EcdPsgd::read(ProtocolMessage& message, const SharedValues&) { return compressor_.read(message); }

SharedValues EcdPsgd::mix(const Exchange& exchange, const SharedValues&, Actions&) {
  const double weight = 2 / step(exchange.round);
  neighbourhood_mean_ = combined(1 - weight, neighbourhood_mean_, weight, weighted_mean(exchange, sent_));
  return share(std::move(model_));
}

Algorithm ecd_psgd_algorithm() {
  Algorithm algorithm = dcd_psgd_algorithm();
  algorithm.name = "ecd-psgd";
  algorithm.summary = "synchronous: compressed extrapolations, whose errors average out (NeurIPS 2018)";
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const std::shared_ptr<const Codec> codec = make_codec(options.codec("compression"));
    return [graphs = run.graphs, codec, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<EcdPsgd>(info, graphs, Compressor(codec, Compressor::Scale::as_decoded, info, seed));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
