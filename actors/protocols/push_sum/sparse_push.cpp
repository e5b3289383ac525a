#include "actors/protocols/push_sum/sparse_push.hpp"

#include <cmath>
#include <utility>

#include "models/weighted_sum.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

/// P_ji.
float share_of(const Graph& graph, NodeId sender) { return 1 / (static_cast<float>(graph.degree(sender)) + 1); }

std::shared_ptr<const Codec> top_k_codec(double fraction) {
  CodecSpec spec;
  spec.kind = "top-k";
  spec.fraction = fraction;
  return make_codec(spec);
}

}  // namespace

SparsePush::SparsePush(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, float gamma,
                       std::shared_ptr<const Codec> codec)
    : SynchronousProtocol(info, std::move(graphs)), gamma_(gamma), codec_(std::move(codec)) {}

void SparsePush::begin(const SharedValues& initial) {
  biased_ = *initial;
  error_.assign(initial->size(), 0.0F);
}

void SparsePush::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  add_difference(biased_, *trained, *start());
  Actions::Send message;
  message.payload = sizeof(float) + codec_->typical_size(parameters());
  if (learns()) {
    add_weighted(error_, 1.0F, biased_);
    RandomStream nothing_is_drawn(0, Purpose::compression);
    EncodedBytes bytes = codec_->encode(error_, nothing_is_drawn);
    sent_.assign(biased_.size(), 0.0F);
    codec_->decode(bytes, sent_);
    add_weighted(error_, -1.0F, sent_);
    message.payload = sizeof(float) + bytes.size();
    message.encoded = share(std::move(bytes));
    message.values = share(Values{weight_});
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool SparsePush::read(ProtocolMessage& message, const SharedValues& trained) {
  if (!message.values || message.values->size() != 1 || !message.encoded) return false;
  const float weight = message.values->front();
  Values values(trained->size(), 0.0F);
  if (!(weight > 0 && std::isfinite(weight)) || !codec_->decode(*message.encoded, values)) return false;
  values.push_back(weight);
  message.values = share(std::move(values));
  return true;
}

SharedValues SparsePush::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  const float kept = share_of(*exchange.graph, self()) - 1;
  add_weighted(biased_, gamma_ * kept, sent_);
  float arrived_weight = 0;
  for (const ProtocolMessage& message : exchange.arrived) {
    const Values& theirs = *message.values;
    const float part = share_of(*exchange.graph, message.from);
    for (std::size_t p = 0; p < biased_.size(); ++p) biased_[p] += gamma_ * part * theirs[p];
    arrived_weight += part * theirs.back();
  }
  weight_ += gamma_ * (arrived_weight + kept * weight_);
  Values model = biased_;
  for (float& value : model) value /= weight_;
  return share(std::move(model));
}

Algorithm sparse_push_algorithm() {
  Algorithm algorithm;
  algorithm.name = "sparse-push";
  algorithm.summary = "synchronous: push-sum with the largest values alone, the rest is sent later (2021)";
  algorithm.options = {{"fraction", 0.1, "share of the values that is sent", 0.0001, 1},
                       {"gamma", 0.1, "step towards the others, to be tuned: at most about the fraction", 0.0001, 1}};
  algorithm.waits = true;
  algorithm.needs_every_message = true;
  algorithm.follows_changing_graphs = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"directed-exponential", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  // The weight travels with the values.
  set_payload(algorithm, [](const AlgorithmOptions& options, std::uint64_t parameters) -> Bytes {
    return sizeof(float) + top_k_codec(options.number("fraction"))->typical_size(parameters);
  });
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto gamma = static_cast<float>(options.number("gamma"));
    return [graphs = run.graphs, gamma, codec = top_k_codec(options.number("fraction"))](const FragmentInfo& info) {
      return std::make_unique<SparsePush>(info, graphs, gamma, codec);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
