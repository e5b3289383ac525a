/// Runs of tracking algorithms as the numeric cases describe them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad::test {

using NamedOptions = std::vector<std::pair<std::string, OptionSpec::Value>>;

inline ProtocolFactory on_graph_of(const nlohmann::json& example, const std::string& kind,
                                   const NamedOptions& options = {}) {
  const NodeId nodes = example["mixing_matrix"].size();
  return protocols_of(kind, Graph::from_edges(nodes, example["edges"].get<std::vector<Edge>>()), options);
}

/// The first rows, one for each node.
inline std::vector<Values> first_rows(const nlohmann::json& rows, std::size_t count) {
  auto all = rows.get<std::vector<Values>>();
  all.resize(count);
  return all;
}

/// Steps along `gradients` [round][local step][node].
inline Lockstep::AskedSteps gradients_of(const nlohmann::json& file, float learning_rate, std::uint32_t steps) {
  return descent(
      learning_rate, steps,
      [gradients = file["gradients"].get<std::vector<std::vector<std::vector<Values>>>>()](
          NodeId node, Round round, std::uint32_t step, const Values&) { return gradients[round][step][node]; });
}

/// The largest distance of a node's model from the optimum after descending (x - target_i)^2 / 2 for so many rounds.
inline double distance_after_quadratic(const nlohmann::json& quadratic, const ProtocolFactory& protocols) {
  const auto targets = quadratic["targets"].get<std::vector<Values>>();
  const auto optimum = quadratic["optimum"].get<std::vector<double>>();
  const auto steps = quadratic.value("local_steps", 1U);
  Lockstep run(protocols, std::vector<Values>(targets.size(), Values(optimum.size(), 0.0F)),
               descent(quadratic["learning_rate"].get<float>(), steps,
                       [&](NodeId node, Round, std::uint32_t, const Values& model) {
                         Values gradient = model;
                         for (std::size_t p = 0; p < gradient.size(); ++p) gradient[p] -= targets[node][p];
                         return gradient;
                       }));
  run.run_until(quadratic["rounds"].get<Round>());
  double farthest = 0;
  for (NodeId node = 0; node < run.size(); ++node) {
    double squares = 0;
    for (std::size_t p = 0; p < optimum.size(); ++p) squares += std::pow(run.model(node)[p] - optimum[p], 2);
    farthest = std::max(farthest, std::sqrt(squares));
  }
  return farthest;
}

/// The sum over all nodes of `values(node)`, whose largest magnitude is returned.
template <class ValuesOf>
double largest_sum(const Lockstep& run, const ValuesOf& values) {
  std::vector<double> sums(values(0).size());
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < sums.size(); ++p) sums[p] += values(node)[p];
  }
  double largest = 0;
  for (const double sum : sums) largest = std::max(largest, std::abs(sum));
  return largest;
}

}  // namespace tardigrad::test
