/// D-PSGD, or full sharing (Lian, Zhang, Zhang, Hsieh, Zhang, Liu: "Can Decentralized Algorithms Outperform
/// Centralized Algorithms?", NeurIPS 2017, arXiv 1705.09056), with Metropolis-Hastings weights W:
///
///     half_i = x_i after local steps,    x_i <- sum_j W_ij half_j
///
/// The weight of a neighbour whose model did not come stays with the node itself.
#pragma once

#include "actors/protocols/synchronous.hpp"

namespace tardigrad {

class DPsgd final : public SynchronousProtocol {
 public:
  DPsgd(const Seat& seat, std::shared_ptr<const GraphSchedule> graphs);

 private:
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;
};

Algorithm d_psgd_algorithm();

}  // namespace tardigrad
