/// NoLoCo (Kolehmainen, Blagoev, Donaghy, Ersoy, Nies: "NoLoCo: No-all-reduce Low Communication Training Method for
/// Large Models", 2025, arXiv 2506.10911): an outer step with one partner, drawn anew every round, in place of a mean
/// over all nodes. With the slow model phi_i and its momentum m_i = 0 at first, each node's own, the partner j and the
/// outer momentum alpha:
///
///     Delta_i = half_i - phi_i,   half_i = phi_i after local steps                    (phi_i and Delta_i are sent)
///     m_i <- alpha m_i + beta (Delta_i + Delta_j) / 2 + gamma ((phi_i + phi_j) / 2 - phi_i)
///     phi_i <- phi_i + m_i
///
/// The partners of a round are a random order of all nodes, two and two, which follows from the seed; of an odd number
/// one is left over and is its own partner, and so is whoever's partner's message did not arrive. Whatever the pairs,
/// with S = sum of all phi_i and M = sum of all m_i: M <- alpha M + beta sum of all Delta_i, S <- S + M.
///
/// With random pairs among many nodes these stay near each other if and only if gamma < 2 (1 - alpha^2), which follows
/// from the second moments of their distance; other settings are refused, among them the defaults of the released code
/// (alpha 0.9, beta = gamma = 0.7). The defaults here are its configuration for 16 nodes.
#pragma once

#include <memory>
#include <utility>

#include "actors/protocols/parts/pair_mixing.hpp"
#include "models/weighted_sum.hpp"

namespace tardigrad {

class NoLoCo final : public PairMixing {
 public:
  struct Settings {
    float alpha;
    float beta;
    float gamma;
  };

  /// `pairs`: of every round, one edge for each pair.
  NoLoCo(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> pairs, const Settings& settings)
      : PairMixing(info, std::move(pairs)), settings_(settings) {}

  /// m_i.
  const Values& momentum() const { return correction(); }

 private:
  Pair own_pair(const Values& trained) override { return {*start(), difference(trained, *start())}; }
  Values next_model(Pair means, const Pair& own, const Values& trained) override;

  Settings settings_;
};

Algorithm noloco_algorithm();

}  // namespace tardigrad
