#include "actors/protocols/averaging/d_psgd.hpp"

#include <utility>

#include "models/weighted_sum.hpp"

namespace tardigrad {

namespace {

const char* const kCombineThenAdapt = "combine-then-adapt";

Actions::Send whole_model(SharedValues values) {
  Actions::Send message;
  message.values = std::move(values);
  return message;
}

}  // namespace

DPsgd::DPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Order order)
    : SynchronousProtocol(info, std::move(graphs)), order_(order) {}

void DPsgd::round_begins(Round round, const Graph& graph, Actions& actions) {
  if (order_ == Order::combine_then_adapt) send_to_neighbours(round, graph, whole_model(start()), actions);
}

void DPsgd::send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) {
  if (order_ == Order::adapt_then_combine) send_to_neighbours(round, graph, whole_model(trained), actions);
}

SharedValues DPsgd::mix(const Exchange& exchange, const SharedValues& trained, Actions&) {
  if (order_ == Order::adapt_then_combine) return share(weighted_mean(exchange, *trained));
  Values mixed = weighted_mean(exchange, *start());
  add_difference(mixed, *trained, *start());
  return share(std::move(mixed));
}

Algorithm d_psgd_algorithm() {
  Algorithm algorithm = synchronous_algorithm(
      "d-psgd", "synchronous: whole models to all neighbours, weighted mean of theirs (NeurIPS 2017)");
  algorithm.averages_alone = true;
  algorithm.options = {{"order",
                        std::string("adapt-then-combine"),
                        "whether models travel after local steps, or beside them as in the paper",
                        0,
                        0,
                        {"adapt-then-combine", kCombineThenAdapt}}};
  algorithm.follows_changing_graphs = true;
  // With combine-then-adapt, values that a sparse codec leaves out would have to count as the model before
  // local steps, not after them.
  algorithm.compression = [](const AlgorithmOptions& options) {
    return options.text("order") == kCombineThenAdapt ? Compression::dense : Compression::any;
  };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const auto order = options.text("order") == kCombineThenAdapt ? DPsgd::Order::combine_then_adapt
                                                                  : DPsgd::Order::adapt_then_combine;
    return
        [graphs = run.graphs, order](const FragmentInfo& info) { return std::make_unique<DPsgd>(info, graphs, order); };
  };
  return algorithm;
}

}  // namespace tardigrad
