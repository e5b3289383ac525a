/// D-PSGD, or full sharing (Lian, Zhang, Zhang, Hsieh, Zhang, Liu: "Can Decentralized Algorithms Outperform
/// Centralized Algorithms?", NeurIPS 2017, arXiv 1705.09056), with Metropolis-Hastings weights W:
///
///     adapt-then-combine:   half_i = x_i after local steps,    x_i <- sum_j W_ij half_j
///     combine-then-adapt:   x_i <- sum_j W_ij x_j + (half_i - x_i)
///
/// The latter is the paper's form: models are sent when local steps begin, so that sending and training
/// overlap.
///
/// The weight of a neighbour whose model did not arrive stays with the node itself.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class DPsgd final : public SynchronousProtocol {
 public:
  enum class Order { adapt_then_combine, combine_then_adapt };

  DPsgd(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Order order);

 private:
  void round_begins(Round round, const Graph& graph, Actions& actions) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  Order order_;
};

Algorithm d_psgd_algorithm();

}  // namespace tardigrad
