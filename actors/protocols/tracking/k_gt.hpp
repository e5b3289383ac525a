/// K-GT (Liu, Lin, Koloskova, Stich: "Decentralized Gradient Tracking with Local Steps", 2023, arXiv 2301.01313):
/// gradient tracking whose correction c_i, a vector in units of a gradient, is added to the gradient of every local
/// step, with Metropolis-Hastings weights W and the communication step size 1:
///
///     each of the round's local steps: x <- x - eta (g + c_i);   c_i = 0 at first
///     z_i = (x_i - half_i) / sum of the steps' eta                         (contains c_i; half_i and z_i are sent)
///     x_i <- sum_j W_ij half_j,   c_i <- c_i - z_i + sum_j W_ij z_j
///
/// The c_i of all nodes sum up to 0. With one step a round it is `gt-dsgd`, whose correction is -eta c_i. As c_i is a
/// gradient, eta may change from round to round. The paper begins with c_i = (mean of all first gradients) - own; 0 is
/// its practical choice, and needs no further exchange. A round without local steps leaves c_i alone.
///
/// Every message is needed. With momentum or AdamW z_i would be no gradient: both are refused.
#pragma once

#include "actors/protocols/parts/pair_mixing.hpp"

namespace tardigrad {

class KGt final : public PairMixing {
 public:
  using PairMixing::PairMixing;

 private:
  LocalWork next_work() const override;
  Pair own_pair(const Values& trained) override;
  Values next_model(Pair means, const Pair& own, const Values& trained) override;
};

Algorithm k_gt_algorithm();

}  // namespace tardigrad
