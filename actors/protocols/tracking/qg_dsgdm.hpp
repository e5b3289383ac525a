/// QG-DSGDm (Lin, Karimireddy, Stich, Jaggi: "Quasi-Global Momentum: Accelerating Decentralized Deep Learning on
/// Heterogeneous Data", ICML 2021, arXiv 2102.04761): momentum of the models' change by training and mixing together,
/// which on unequal data is nearer to the common direction than a node's own gradients. With Metropolis-Hastings
/// weights W and m_i = 0 at first, which stays the same while local steps go on:
///
///     each local step, heavy-ball:   x <- x - eta (beta m_i + g)
///     each local step, nesterov:     x <- x - eta (g + beta (beta m_i + g))
///     next_i = sum_j W_ij half_j,   half_j = x_j after local steps                             (half_i is sent)
///     m_i <- beta m_i + (1 - beta) (x_i - next_i) / sum of the round's eta,   x_i <- next_i
///
/// Weight decay is part of g. The authors' "local step" option mixes at every step and updates m_i every few; here a
/// round mixes once, at its end. A round without local steps leaves m_i alone.
///
/// The weight of a neighbour whose model did not arrive stays with the node itself. The steps' own momentum and AdamW
/// are refused: m_i takes their place.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class QgDsgdm final : public SynchronousProtocol {
 public:
  enum class Form { heavy_ball, nesterov };

  QgDsgdm(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, Form form, float beta);

  /// m_i.
  const Values& momentum() const { return momentum_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(momentum_);
  }

 private:
  void begin(const SharedValues& initial) override;
  LocalWork next_work() const override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  Form form_;
  float beta_;
  Values momentum_;
};

Algorithm qg_dsgdm_algorithm();

}  // namespace tardigrad
