#include "actors/protocols/push_sum/sparse_push.hpp"

#include <cmath>
#include <utility>

#include "models/codecs/per_tensor_codec.hpp"
#include "models/weighted_sum.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

/// P_ji.
float share_of(const Graph& graph, NodeId sender) { return 1 / (static_cast<float>(graph.degree(sender)) + 1); }

/// `layout`: as in FragmentInfo.
std::shared_ptr<const Codec> codec_of(const AlgorithmOptions& options, const ParameterLayout* layout,
                                      std::uint64_t parameters) {
  CodecSpec spec;
  spec.kind = "top-k";
  spec.fraction = options.number("fraction");
  std::shared_ptr<const Codec> codec = make_codec(spec);
  if (options.text("per") == "model") return codec;
  return std::make_shared<const PerTensorCodec>(shared_tensor_sizes(layout, parameters), std::move(codec));
}

/// The weight travels with the values.
std::vector<SentMessages> to_neighbours(const Sender& sender, Bytes values) {
  return {{static_cast<double>(sender.graph.degree(sender.node)), static_cast<double>(sizeof(float) + values)}};
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
  Actions::Send message;
  if (only_averages()) {
    send_all(message);
  } else {
    add_difference(biased_, *trained, *start());
    choose(message);
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

void SparsePush::choose(Actions::Send& message) {
  message.payload = sizeof(float) + codec_->typical_size(parameters());
  if (!learns()) return;
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

void SparsePush::send_all(Actions::Send& message) {
  message.payload = sizeof(float) * (parameters() + 1);
  if (!learns()) return;
  error_.assign(biased_.size(), 0.0F);
  sent_ = biased_;
  Values whole = biased_;
  whole.push_back(weight_);
  message.values = share(std::move(whole));
}

bool SparsePush::read(ProtocolMessage& message, const SharedValues& trained) {
  if (only_averages()) {
    if (!message.has(trained->size() + 1)) return false;
    const float weight = message.values->back();
    return weight > 0 && std::isfinite(weight);
  }
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
  const float gamma = only_averages() ? 1 : gamma_;
  const float kept = share_of(*exchange.graph, self()) - 1;
  add_weighted(biased_, gamma * kept, sent_);
  float arrived_weight = 0;
  for (const ProtocolMessage& message : exchange.arrived) {
    const Values& theirs = *message.values;
    const float part = share_of(*exchange.graph, message.from);
    for (std::size_t p = 0; p < biased_.size(); ++p) biased_[p] += gamma * part * theirs[p];
    arrived_weight += part * theirs.back();
  }
  weight_ += gamma * (arrived_weight + kept * weight_);
  Values model = biased_;
  for (float& value : model) value /= weight_;
  return share(std::move(model));
}

namespace {

/// `usual_per`: where the largest values are taken from, if the scenario does not say.
Algorithm sparse_push(std::string name, std::string summary, std::string usual_per) {
  Algorithm algorithm;
  algorithm.name = std::move(name);
  algorithm.summary = std::move(summary);
  algorithm.options = {{"fraction", 0.1, "share of the values that is sent", 0.0001, 1},
                       {"gamma", 0.1, "step towards the others, to be tuned: at most about the fraction", 0.0001, 1},
                       {"per",
                        std::move(usual_per),
                        "where the largest are taken from: all values, or every tensor's",
                        {0, 0, {"model", "layer"}}}};
  algorithm.waits = true;
  algorithm.averages_alone = true;
  algorithm.needs_every_message = true;
  algorithm.follows_changing_graphs = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"directed-exponential", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) {
    return to_neighbours(sender, codec_of(options, sender.layout, sender.parameters)->typical_size(sender.parameters));
  };
  algorithm.consensus_sends = [](const AlgorithmOptions&, const Sender& sender) {
    return to_neighbours(sender, sizeof(float) * sender.parameters);
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto gamma = static_cast<float>(options.number("gamma"));
    return [graphs = run.graphs, gamma, options](const FragmentInfo& info) {
      return std::make_unique<SparsePush>(info, graphs, gamma, codec_of(options, info.layout.get(), info.parameters));
    };
  };
  return algorithm;
}

}  // namespace

Algorithm sparse_push_algorithm() {
  return sparse_push("sparse-push",
                     "synchronous: push-sum with the largest values alone, the rest is sent later (2021)", "model");
}

Algorithm sc_sparse_push_algorithm() {
  Algorithm algorithm = sparse_push(
      "sc-sparse-push",
      "skew-compensated sparse-push: consensus rounds behind it; reconstructed from the author's scripts", "layer");
  algorithm.usual_consensus_rounds = 50;
  return algorithm;
}

}  // namespace tardigrad
