#include "actors/protocols/low_communication/sparse_loco.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

double length(const Values& values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

/// Scales those that are longer down to the median length, the lower one of two in the middle.
void clip_to_median(std::vector<SparseValues>& changes) {
  std::vector<double> lengths;
  for (const SparseValues& change : changes) lengths.push_back(length(change.values));
  std::vector<double> sorted = lengths;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[(sorted.size() - 1) / 2];
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (!(lengths[i] > median)) continue;
    for (float& value : changes[i].values) value = static_cast<float>(value * (median / lengths[i]));
  }
}

/// The sum over all nodes, by their number or by that of those who sent a value.
Values mean_of(const std::vector<SparseValues>& changes, std::size_t size, bool by_senders) {
  Values sum(size, 0.0F);
  std::vector<std::uint32_t> senders(size, 0);
  for (const SparseValues& change : changes) {
    for (std::size_t i = 0; i < change.indices.size(); ++i) {
      sum[change.indices[i]] += change.values[i];
      ++senders[change.indices[i]];
    }
  }
  for (std::size_t p = 0; p < size; ++p) {
    if (senders[p] > 0) sum[p] /= static_cast<float>(by_senders ? senders[p] : changes.size());
  }
  return sum;
}

ChunkedTopK codec_of(const AlgorithmOptions& options, const ParameterLayout* layout, std::uint64_t parameters) {
  return {shared_tensor_sizes(layout, parameters), static_cast<std::uint32_t>(options.integer("chunk")),
          static_cast<std::uint32_t>(options.integer("k"))};
}

std::string objection_to_incomplete(const Graph& graph) {
  return graph.is_complete() ? "" : "all nodes send to all others: expected the topology \"complete\"";
}

}  // namespace

SparseLoco::SparseLoco(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, SparseLocoOptions options,
                       ChunkedTopK codec)
    : SynchronousProtocol(info, std::move(graphs)), options_(options), codec_(std::move(codec)) {}

void SparseLoco::begin(const SharedValues& initial) { error_.assign(initial->size(), 0.0F); }

void SparseLoco::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  Actions::Send message;
  message.payload = codec_.size();
  if (learns()) {
    for (std::size_t p = 0; p < error_.size(); ++p) {
      error_[p] = options_.error_decay * error_[p] + ((*start())[p] - (*trained)[p]);
    }
    sent_ = share(codec_.encode(error_));
    const auto own = codec_.decode(*sent_);
    for (std::size_t i = 0; i < own->indices.size(); ++i) error_[own->indices[i]] -= own->values[i];
    message.encoded = sent_;
  }
  send_to_neighbours(round, graph, std::move(message), actions);
}

bool SparseLoco::read(ProtocolMessage& message, const SharedValues&) {
  return message.encoded && !message.values && codec_.decode(*message.encoded);
}

std::vector<SparseValues> SparseLoco::changes(const Exchange& exchange) const {
  std::vector<SparseValues> all;
  const auto add = [&](const SharedBytes& bytes) { all.push_back(*codec_.decode(*bytes)); };
  bool is_own_in = false;
  for (const ProtocolMessage& message : exchange.arrived) {
    if (!is_own_in && message.from > self()) add(sent_), is_own_in = true;
    add(message.encoded);
  }
  if (!is_own_in) add(sent_);
  return all;
}

SharedValues SparseLoco::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (!learns()) return trained;
  std::vector<SparseValues> all = changes(exchange);
  sent_ = nullptr;
  if (options_.clips_to_median) clip_to_median(all);
  Values model = *start();
  add_weighted(model, -options_.outer_learning_rate, mean_of(all, model.size(), options_.divides_by_senders));
  return share(std::move(model));
}

Algorithm sparse_loco_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "sparse-loco", "synchronous: the largest parts of all nodes' changes, two bits a value, to everybody (2025)");
  algorithm.options = {
      {"chunk", std::int64_t{4096}, "values of a tensor from which k are chosen", {1, 1 << 20}},
      {"k", std::int64_t{64}, "values of a chunk that are sent", {1, 1 << 20}},
      {"error_decay", 0.95, "beta, the share of what was not sent that is tried again", {0, 1}},
      {"outer_learning_rate", 1.0, "alpha, of the step along the mean change", {0, 10}},
      {"mean", std::string("all"), "over all nodes, or over those who sent a value", {0, 0, {"all", "senders"}}},
      {"clip", std::string("none"), "changes longer than the median are scaled to it", {0, 0, {"none", "median"}}}};
  algorithm.needs_every_message = true;
  algorithm.usual_topology = {"complete", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_incomplete(graph); };
  algorithm.sends = [](const AlgorithmOptions& options, const Sender& sender) -> std::vector<SentMessages> {
    const Bytes size = codec_of(options, sender.layout, sender.parameters).size();
    return {{static_cast<double>(sender.graph.degree(sender.node)), static_cast<double>(size)}};
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const SparseLocoOptions own{static_cast<float>(options.number("error_decay")),
                                static_cast<float>(options.number("outer_learning_rate")),
                                options.text("mean") == "senders", options.text("clip") == "median"};
    return [graphs = run.graphs, own, options](const FragmentInfo& info) {
      return std::make_unique<SparseLoco>(info, graphs, own, codec_of(options, info.layout.get(), info.parameters));
    };
  };
  return algorithm;
}

}  // namespace tardigrad
