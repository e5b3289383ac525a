/// Momentum Tracking (Takezawa, Bao, Niwa, Sato, Yamada: "Momentum Tracking: Momentum Acceleration for Decentralized
/// Deep Learning on Heterogeneous Data", TMLR 2023, arXiv 2209.15505): a node's momentum, corrected by what the others'
/// momenta are, with Metropolis-Hastings weights W:
///
///     g_i = the mean gradient of the round's local steps;   m_i = c_i = 0 at first
///     m_i <- beta m_i + g_i                             (the x_i of the round's start and c_i - m_i are sent)
///     x_i <- sum_j W_ij x_j - eta (m_i - c_i)           (eta is the sum of the round's)
///     c_i <- sum_j W_ij (c_j - m_j) + m_i
///
/// The models are mixed before the step. The c_i of all nodes sum up to 0, and the mean model follows heavy-ball
/// momentum on the mean gradient. The paper has one step a round; with more, g_i is the mean of gradients that were
/// taken on the way, and the correction enters once a round. The authors' code begins with m_i = c_i = (g_i - mean of
/// all first g) / (1 - beta), which takes an all-reduce; 0 keeps the same sums. A round without local steps counts as a
/// gradient of 0.
///
/// Every message is needed. The steps' own momentum and AdamW are refused: m_i takes their place.
#pragma once

#include "actors/protocols/parts/pair_mixing.hpp"

namespace tardigrad {

class MomentumTracking final : public PairMixing {
 public:
  MomentumTracking(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, float beta)
      : PairMixing(info, std::move(graphs)), beta_(beta) {}

  /// m_i.
  const Values& momentum() const { return momentum_; }
  void persist(StateArchive& archive) override {
    PairMixing::persist(archive);
    archive(momentum_);
  }

 private:
  void begin(const SharedValues& initial) override;
  Pair own_pair(const Values& trained) override;
  Values next_model(Pair means, const Pair& own, const Values& trained) override;

  float beta_;
  Values momentum_;
};

Algorithm momentum_tracking_algorithm();

}  // namespace tardigrad
