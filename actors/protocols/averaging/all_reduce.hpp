/// Ring all-reduce of models, the reference for decentralized algorithms: after every round all nodes have the exact
/// mean, the same bit by bit, and the slowest link sets the pace. `ring_all_reduce.hpp` has the steps.
///
///     x_i <- (sum over all j of half_j) / n,   half_j = x_j after local steps
///
/// Every message is needed: a node does not give up waiting.
#pragma once

#include "actors/protocols/parts/mean_of_all.hpp"

namespace tardigrad {

class AllReduce final : public MeanOfAll {
 public:
  AllReduce(const FragmentInfo& info, NodeId nodes) : MeanOfAll(info, nodes) {}

 private:
  Part own_part(Round, const Values& trained) override { return {parameters(), trained}; }
  SharedValues next_model(Values mean, const SharedValues&) override { return share(std::move(mean)); }
};

Algorithm all_reduce_algorithm();

}  // namespace tardigrad
