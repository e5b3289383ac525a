#include "actors/protocols/compressed/choco_sgd.hpp"

#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

const char* const kAverageFirst = "average-then-exchange";

}  // namespace

ChocoSgd::ChocoSgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, ChocoOptions options,
                   Compressor compressor)
    : SynchronousProtocol(info, std::move(graphs)), options_(options), compressor_(std::move(compressor)) {}

void ChocoSgd::begin(const SharedValues& initial) {
  public_copy_.assign(initial->size(), 0.0F);
  neighbourhood_mean_.assign(initial->size(), 0.0F);
}

void ChocoSgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  model_ = options_.averages_first ? averaged(*trained) : *trained;
  auto compressed = compressor_.compress(difference(model_, public_copy_), round);
  sent_ = std::move(compressed.values);
  send_to_neighbours(round, graph, std::move(compressed.message), actions);
}

bool ChocoSgd::read(ProtocolMessage& message, const SharedValues&) { return compressor_.read(message); }

SharedValues ChocoSgd::mix(const Exchange& exchange, const SharedValues&, Actions&) {
  add_weighted(public_copy_, 1.0F, sent_);
  add_weighted(neighbourhood_mean_, 1.0F, weighted_mean(exchange, sent_));
  return share(options_.averages_first ? std::move(model_) : averaged(model_));
}

Values ChocoSgd::averaged(const Values& model) const {
  Values result = model;
  for (std::size_t p = 0; p < result.size(); ++p) {
    result[p] += options_.gamma * (neighbourhood_mean_[p] - public_copy_[p]);
  }
  return result;
}

Algorithm choco_sgd_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "choco-sgd", "synchronous: compressed differences to public copies of the models (ICML 2019, ICLR 2020)");
  algorithm.averages_alone = true;
  CodecSpec top_tenth;
  top_tenth.kind = "top-k";
  algorithm.options = {
      {"gamma", 0.2, "step towards the neighbours, to be tuned: the coarser the compression, the smaller", 0.0001, 1},
      {"compression", top_tenth, "Q, how differences are compressed"},
      {"order",
       std::string("exchange-then-average"),
       "the other way round averaging uses the copies of the round before",
       0,
       0,
       {"exchange-then-average", kAverageFirst}}};
  algorithm.needs_every_message = true;
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return make_codec(options.codec("compression"))->typical_size(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const ChocoOptions own{static_cast<float>(options.number("gamma")), options.text("order") == kAverageFirst};
    const std::shared_ptr<const Codec> codec = make_codec(options.codec("compression"));
    return [own, graphs = run.graphs, codec, seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<ChocoSgd>(info, graphs, own,
                                        Compressor(codec, Compressor::Scale::contractive, info, seed));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
