#include "actors/protocols/compressed/random_sampling.hpp"

#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

std::shared_ptr<const Codec> sampling_codec(const AlgorithmOptions& options) {
  CodecSpec spec;
  spec.kind = "random-k";
  spec.fraction = options.number("fraction");
  return make_codec(spec);
}

}  // namespace

RandomSampling::RandomSampling(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                               std::shared_ptr<const Codec> codec, std::uint64_t seed)
    : SynchronousProtocol(info, std::move(graphs)), codec_(std::move(codec)), seed_(seed) {}

void RandomSampling::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Actions::Send message;
  message.payload = codec_->typical_size(parameters());
  if (learns()) {
    RandomStream draws(seed_, Purpose::compression, info().stream_id(), round);
    message.encoded = share(codec_->encode(*trained, draws));
    message.payload = message.encoded->size();
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool RandomSampling::read(ProtocolMessage& message, const SharedValues& trained) {
  Values completed = *trained;
  if (!message.encoded || !codec_->decode(*message.encoded, completed)) return false;
  message.values = share(std::move(completed));
  return true;
}

SharedValues RandomSampling::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  return share(weighted_mean(exchange, *trained));
}

Algorithm random_sampling_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "random-sampling", "synchronous: random parameters that a seed names, to all neighbours (sparsified sharing)");
  algorithm.averages_alone = true;
  algorithm.options = {{"fraction", 0.37, "share of the parameters that is sent", 0.0001, 1}};
  algorithm.follows_changing_graphs = true;
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) {
    return sampling_codec(options)->typical_size(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs, codec = sampling_codec(options), seed = run.seed](const FragmentInfo& info) {
      return std::make_unique<RandomSampling>(info, graphs, codec, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
