/// SPARTA (Beton et al.: "Improving the Efficiency of Distributed Training using Sparse Parameter Averaging", 2025,
/// openreview stFPf3gzq1): after every round's local steps, often one, the nodes average a few random parameters.
///
///     on the round's mask:   x_i <- (sum over all j of half_j) / n,   half_j = x_j after local steps
///     elsewhere:             x_i <- half_i
///
/// Every parameter is in the mask with the probability p, by itself. The mask follows from the seed, so that all nodes
/// know it and only values travel, by ring all-reduce (`ring_all_reduce.hpp`): every message is needed. Few values make
/// empty chunks, which travel as headers; an empty mask sends nothing. The mean over all nodes moves by the mean of
/// their local changes, whatever the mask. The paper's averaging that lags behind by some steps is not offered.
#pragma once

#include "actors/protocols/parts/mean_of_all.hpp"

namespace tardigrad {

/// The mask of a round: positions, ascending.
using DrawMask = std::function<std::vector<std::uint64_t>(Round round, std::uint64_t parameters)>;

class Sparta final : public MeanOfAll {
 public:
  Sparta(const FragmentInfo& info, NodeId nodes, DrawMask draw_mask)
      : MeanOfAll(info, nodes), draw_mask_(std::move(draw_mask)) {}

  void persist(StateArchive& archive) override;

 private:
  Part own_part(Round round, const Values& trained) override;
  SharedValues next_model(Values mean, const SharedValues& trained) override;

  DrawMask draw_mask_;
  std::vector<std::uint64_t> mask_;  ///< of the round of the last local steps
};

/// Every position with this probability.
DrawMask bernoulli_masks(double probability, std::uint64_t seed);

Algorithm sparta_algorithm();

}  // namespace tardigrad
