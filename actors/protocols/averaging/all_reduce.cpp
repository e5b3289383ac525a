#include "actors/protocols/averaging/all_reduce.hpp"

#include <fmt/format.h>

#include <utility>

namespace tardigrad {

void AllReduce::on_trained(LocalRound local, Actions& actions) {
  sums_ = *local.values;
  trained_ = std::move(local.values);
  if (steps_per_round() > 0) send_chunk(actions);
  proceed(actions);
}

void AllReduce::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.from != source() || message.kind != 0 || message.round > kLastRound) {
    return actions.refuse(message.from);
  }
  inbox_.put(message, steps_before_ + step_);
  if (trained_) proceed(actions);
}

void AllReduce::proceed(Actions& actions) {
  while (step_ < steps_per_round()) {
    if (!inbox_.is_settled(source(), steps_before_ + step_)) return actions.await({source()});
    take_chunk(actions);
    if (++step_ < steps_per_round()) send_chunk(actions);
  }
  steps_before_ += std::exchange(step_, 0);
  trained_ = nullptr;
  const float scale = 1 / static_cast<float>(nodes_);
  for (float& value : sums_) value *= scale;
  actions.await({});
  actions.start_round(share(std::move(sums_)));
}

AllReduce::Chunk AllReduce::chunk_of(std::uint64_t parameters, NodeId nodes, std::uint64_t number) {
  return {parameters * number / nodes, parameters * (number + 1) / nodes};
}

AllReduce::Chunk AllReduce::chunk_back_by(Round steps) const {
  const std::uint64_t number = (std::uint64_t{info_.node} + 2 * std::uint64_t{nodes_} - steps) % nodes_;
  return chunk_of(info_.parameters, nodes_, number);
}

void AllReduce::send_chunk(Actions& actions) const {
  const auto [first, last] = chunk_back_by(step_);
  SharedValues values;
  if (!sums_.empty()) {
    const auto begin = sums_.begin();
    values = share(Values(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last)));
  }
  const Round steps = steps_before_ + step_;
  const Bytes payload = sizeof(float) * (last - first);
  actions.send({(info_.node + 1) % nodes_, 0, steps, std::move(values), steps, nullptr, payload});
}

void AllReduce::take_chunk(Actions& actions) {
  const auto message = inbox_.take(source(), steps_before_ + step_);
  const bool adds = step_ + 1 < nodes_;
  if (!sums_.empty()) {
    const auto [first, last] = chunk_back_by(step_ + 1);
    if (!message) return actions.missed(adds ? 1 : 0);
    if (!message->has(last - first)) return actions.refuse(source());
    for (std::uint64_t p = first; p < last; ++p) {
      sums_[p] = (adds ? sums_[p] : 0.0F) + (*message->values)[p - first];
    }
  }
  if (adds) actions.mixed(0, 0);
}

namespace {

/// Every chunk is sent twice, except one chunk of partial sums and another of finished ones.
std::vector<SentMessages> chunks_sent(const Sender& sender) {
  const NodeId nodes = sender.graph.size();
  const std::uint64_t shorter = sender.parameters / nodes;
  const auto is_longer = [&](std::uint64_t number) {
    return AllReduce::chunk_of(sender.parameters, nodes, number % nodes).size() > shorter;
  };
  const std::uint64_t node = sender.node;
  const std::uint64_t longer =
      2 * (sender.parameters % nodes) - (is_longer(node + 1) ? 1 : 0) - (is_longer(node + 2) ? 1 : 0);
  const std::uint64_t steps = 2 * (std::uint64_t{nodes} - 1);
  std::vector<SentMessages> sends;
  const auto add = [&](std::uint64_t count, std::uint64_t values) {
    if (count > 0) sends.push_back({static_cast<double>(count), static_cast<double>(sizeof(float) * values)});
  };
  add(steps - longer, shorter);
  add(longer, shorter + 1);
  return sends;
}

}  // namespace

Algorithm all_reduce_algorithm() {
  Algorithm algorithm;
  algorithm.name = "all-reduce";
  algorithm.summary = "synchronous: the exact mean of all models, round a ring in 2 (n - 1) steps; the reference";
  algorithm.waits = true;
  algorithm.needs_every_message = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"ring", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) -> std::string {
    for (NodeId node = 0; node < graph.size(); ++node) {
      const NodeId next = (node + 1) % graph.size();
      if (graph.has_edge(node, next)) continue;
      return fmt::format(
          "chunks go round the ring of all nodes, but this graph has no edge from {} to {}; use topology = \"ring\"",
          node, next);
    }
    return {};
  };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.exchanges = [](NodeId nodes) { return AllReduce::steps_per_round(nodes); };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) { return chunks_sent(sender); };
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    return [nodes = run.graphs->at(0)->size()](const FragmentInfo& info) {
      return std::make_unique<AllReduce>(info, nodes);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
