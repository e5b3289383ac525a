#include "actors/protocols/averaging/all_reduce.hpp"

namespace tardigrad {

Algorithm all_reduce_algorithm() {
  Algorithm algorithm = ring_algorithm(
      "all-reduce", "synchronous: the exact mean of all models, round a ring in 2 (n - 1) steps; the reference");
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    return [nodes = run.graphs->at(0)->size()](const FragmentInfo& info) {
      return std::make_unique<AllReduce>(info, nodes);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
