#include "actors/protocols/parts/ring_all_reduce.hpp"

#include <fmt/format.h>

#include <utility>

namespace tardigrad {

namespace {

std::uint64_t chunk_begin(std::uint64_t size, NodeId nodes, std::uint64_t number) { return size * number / nodes; }

std::string objection_to_missing_ring(const Graph& graph) {
  for (NodeId node = 0; node < graph.size(); ++node) {
    const NodeId next = (node + 1) % graph.size();
    if (graph.has_edge(node, next)) continue;
    return fmt::format(
        "chunks go round the ring of all nodes, but this graph has no edge from {} to {}; use topology = \"ring\"",
        node, next);
  }
  return {};
}

}  // namespace

void RingAllReduce::put(const ProtocolMessage& message, Actions& actions) {
  if (message.from != source() || message.kind != 0 || message.round > kLastRound) {
    return actions.refuse(message.from);
  }
  inbox_.put(message, steps_before_ + step_);
}

void RingAllReduce::begin(Values own, std::uint64_t size, Actions& actions) {
  sums_ = std::move(own);
  size_ = size;
  is_under_way_ = true;
  if (steps(nodes_) > 0) send_chunk(actions);
}

std::optional<Values> RingAllReduce::proceed(Actions& actions) {
  while (step_ < steps(nodes_)) {
    if (!inbox_.is_settled(source(), steps_before_ + step_)) return std::nullopt;
    take_chunk(actions);
    if (++step_ < steps(nodes_)) send_chunk(actions);
  }
  steps_before_ += std::exchange(step_, 0);
  is_under_way_ = false;
  const float scale = 1 / static_cast<float>(nodes_);
  for (float& value : sums_) value *= scale;
  return std::exchange(sums_, {});
}

void RingAllReduce::persist(StateArchive& archive) {
  archive(is_under_way_, size_, sums_, step_, steps_before_, inbox_);
  if (!sums_.empty() && sums_.size() != size_) archive.fail();
}

RingAllReduce::Chunk RingAllReduce::chunk_back_by(Round steps) const {
  const std::uint64_t number = (std::uint64_t{self_} + 2 * std::uint64_t{nodes_} - steps) % nodes_;
  return {chunk_begin(size_, nodes_, number), chunk_begin(size_, nodes_, number + 1)};
}

void RingAllReduce::send_chunk(Actions& actions) const {
  const auto [first, last] = chunk_back_by(step_);
  SharedValues values;
  if (!sums_.empty()) {
    const auto begin = sums_.begin();
    values = share(Values(begin + static_cast<std::ptrdiff_t>(first), begin + static_cast<std::ptrdiff_t>(last)));
  }
  const Round steps = steps_before_ + step_;
  const Bytes payload = sizeof(float) * (last - first);
  actions.send({(self_ + 1) % nodes_, 0, steps, std::move(values), steps, nullptr, payload});
}

void RingAllReduce::take_chunk(Actions& actions) {
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

// Every chunk is sent twice, except one chunk of partial sums and another of finished ones.
std::vector<SentMessages> chunks_sent(NodeId node, NodeId nodes, std::uint64_t size) {
  const std::uint64_t shorter = size / nodes;
  const auto is_longer = [&](std::uint64_t number) {
    return chunk_begin(size, nodes, number % nodes + 1) - chunk_begin(size, nodes, number % nodes) > shorter;
  };
  const std::uint64_t own = node;
  const std::uint64_t longer = 2 * (size % nodes) - (is_longer(own + 1) ? 1 : 0) - (is_longer(own + 2) ? 1 : 0);
  const std::uint64_t steps = 2 * (std::uint64_t{nodes} - 1);
  std::vector<SentMessages> sends;
  const auto add = [&](std::uint64_t count, std::uint64_t values) {
    if (count > 0) sends.push_back({static_cast<double>(count), static_cast<double>(sizeof(float) * values)});
  };
  add(steps - longer, shorter);
  add(longer, shorter + 1);
  return sends;
}

Algorithm ring_algorithm(std::string name, std::string summary) {
  Algorithm algorithm;
  algorithm.name = std::move(name);
  algorithm.summary = std::move(summary);
  algorithm.waits = true;
  algorithm.needs_every_message = true;
  algorithm.follows_directed_graphs = true;
  algorithm.usual_topology = {"ring", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_missing_ring(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.exchanges = [](NodeId nodes) { return RingAllReduce::steps(nodes); };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) {
    return chunks_sent(sender.node, sender.graph.size(), sender.parameters);
  };
  return algorithm;
}

}  // namespace tardigrad
