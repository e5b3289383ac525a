/// GT-DSGD, gradient tracking in the form of rounds (of the DIGing kind: Nedić, Olshevsky, Shi: "Achieving Geometric
/// Convergence for Distributed Optimization over Time-Varying Graphs", SIAM J. Optim. 27(4), 2017; Pu, Nedić:
/// "Distributed Stochastic Gradient Tracking Methods", 2021; the form of epfml/relaysgd), with Metropolis-Hastings
/// weights W:
///
///     u_i = half_i - x_i,   half_i = x_i after local steps;   c_i = 0 at first
///     x_i <- sum_j W_ij (half_j + c_j),   c_i <- sum_j W_ij (c_j + u_j) - u_i             (both are sent)
///
/// c_i tends to the mean change of all nodes less the node's own, so that with unequal data all nodes stop at the
/// common optimum, where d-psgd leaves them apart. The c_i of all nodes sum up to 0, and the mean model moves by the
/// mean u. The correction enters once a round, at its end; `k-gt` applies it in each local step.
///
/// Every message is needed: a lost one leaves the sum of c wrong for good.
#pragma once

#include "actors/protocols/parts/pair_mixing.hpp"

namespace tardigrad {

class GtDsgd final : public PairMixing {
 public:
  using PairMixing::PairMixing;

 private:
  Pair own_pair(const Values& trained) override;
  Values next_model(Pair means, const Pair& own, const Values& trained) override;
};

Algorithm gt_dsgd_algorithm();

}  // namespace tardigrad
