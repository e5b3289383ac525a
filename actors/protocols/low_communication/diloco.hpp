/// DiLoCo (Douillard, Feng, Rusu, Chhaparia, Donchev, Kuncoro, Ranzato, Szlam, Shen: "DiLoCo: Distributed
/// Low-Communication Training of Language Models", 2023, arXiv 2311.08105): many local steps, then one step of a common
/// outer optimizer along the mean of what they did, as if it were a gradient. With the outer model theta and its
/// momentum m = 0 at first, the same at all nodes, n nodes, the outer learning rate nu and the outer momentum mu:
///
///     Delta = (sum over all i of theta - half_i) / n,   half_i = theta after local steps      (start minus end)
///     m <- mu m + Delta,   theta <- theta - nu (Delta + mu m)                                 (Nesterov)
///
/// The mean comes by ring all-reduce (`ring_all_reduce.hpp`), so that theta and m stay the same everywhere, bit by bit,
/// and every message is needed. The inner optimizer's state (AdamW as published) stays at its node through all rounds.
/// With nu = 1 and mu = 0 it is `all-reduce`. One node by itself would look ahead, but like every algorithm it trains
/// plainly there.
#pragma once

#include "actors/protocols/low_communication/delayed_nesterov.hpp"
#include "actors/protocols/parts/mean_of_all.hpp"

namespace tardigrad {

class DiLoCo final : public MeanOfAll {
 public:
  DiLoCo(const FragmentInfo& info, NodeId nodes, const DelayedNesterov::Settings& outer)
      : MeanOfAll(info, nodes), settings_(outer), outer_(outer, share(Values())) {}

  /// m.
  const Values& momentum() const { return outer_.momentum(); }
  void persist(StateArchive& archive) override {
    MeanOfAll::persist(archive);
    archive(outer_);
  }

 private:
  void begin(const SharedValues& initial) override { outer_ = DelayedNesterov(settings_, initial); }
  Part own_part(Round round, const Values& trained) override;
  SharedValues next_model(Values mean, const SharedValues& trained) override;

  DelayedNesterov::Settings settings_;
  DelayedNesterov outer_;
};

/// The options of an outer step with every mean, and what they say.
std::vector<OptionSpec> outer_options();
DelayedNesterov::Settings outer_settings(const AlgorithmOptions& options);

Algorithm diloco_algorithm();

}  // namespace tardigrad
