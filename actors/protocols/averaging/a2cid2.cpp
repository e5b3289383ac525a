#include "actors/protocols/averaging/a2cid2.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "netem/graph/pairwise_mixing.hpp"

namespace tardigrad {

namespace {

/// The matrix of all effective resistances is inverted as a whole.
constexpr NodeId kLargestGraph = 1000;

}  // namespace

A2cid2::A2cid2(NodeId self, Role role, std::shared_ptr<const Graph> graph, std::uint64_t seed,
               ContinuousMomentum momentum)
    : AdPsgd(self, role, std::move(graph), seed), momentum_(momentum) {}

void A2cid2::on_start(SharedValues initial, Actions& actions) {
  second_ = initial;
  last_event_ = actions.now();
  AdPsgd::on_start(std::move(initial), actions);
}

void A2cid2::pass_time(Time now) {
  const double seconds = to_seconds(now - std::exchange(last_event_, now));
  if (seconds <= 0 || momentum_.eta == 0 || second_ == model_) return;
  const auto kept = static_cast<float>(std::exp(-2 * momentum_.eta * seconds / momentum_.round_seconds));
  Values x(model_->size());
  Values second(x.size());
  for (std::size_t p = 0; p < x.size(); ++p) {
    const float middle = ((*model_)[p] + (*second_)[p]) / 2;
    const float half = ((*model_)[p] - (*second_)[p]) / 2 * kept;
    x[p] = middle + half;
    second[p] = middle - half;
  }
  model_ = share(std::move(x));
  second_ = share(std::move(second));
}

void A2cid2::moves_by_steps(const SharedValues& trained, const SharedValues& start) {
  second_ = moved_by_steps(second_, trained, start);
}

void A2cid2::moves_by_exchange(const Values& to, const Values& from) {
  second_ = moved(*second_, momentum_.alpha, to, from);
}

ContinuousMomentum continuous_momentum(const Graph& graph, const std::vector<std::uint8_t>& side) {
  const PairwiseMixing mixing =
      pairwise_mixing(graph, [&](NodeId i, NodeId j) { return 1.0 / graph.degree(side[i] == 1 ? i : j); });
  ContinuousMomentum momentum;
  momentum.eta = 1 / (2 * std::sqrt(mixing.chi_1 * mixing.chi_2));
  momentum.alpha = static_cast<float>(std::sqrt(mixing.chi_1 / mixing.chi_2) / 2);
  return momentum;
}

Algorithm a2cid2_algorithm() {
  Algorithm algorithm = ad_psgd_algorithm();
  algorithm.name = "a2cid2";
  algorithm.summary = "ad-psgd's pairs with a continuous momentum, for graphs with long ways (NeurIPS 2023)";
  algorithm.objection = [pairs = algorithm.objection](const AlgorithmOptions& options, const Graph& graph) {
    if (graph.size() <= kLargestGraph) return pairs(options, graph);
    return fmt::format(
        "its momentum follows from the resistance of every edge, which takes too long for {} nodes: "
        "expected at most {}",
        graph.size(), kLargestGraph);
  };
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    const auto side = bipartition(*graph).value();
    const ContinuousMomentum common = continuous_momentum(*graph, side);
    return [run, graph, side, common](const FragmentInfo& info) {
      ContinuousMomentum own = common;
      if (!run.step_seconds.empty()) own.round_seconds = run.step_seconds[info.node] * run.local_steps;
      const auto role = side[info.node] == 0 ? AdPsgd::Role::passive : AdPsgd::Role::active;
      return std::make_unique<A2cid2>(info.node, role, graph, run.seed, own);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
