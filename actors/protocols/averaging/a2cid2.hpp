/// A2CiD2 (Nabli, Belilovsky, Oyallon: "A2CiD2: Accelerating Asynchronous Communication in Decentralized Deep
/// Learning", NeurIPS 2023, arXiv 2306.08289): the pairs of AD-PSGD with a continuous momentum. Every node has a second
/// vector x~, equal to x at first and never sent. Both mix with time; with dt the time since the node's last event, in
/// units of its own mean time of a gradient,
///
///     before every event:      s = (x + x~) / 2,   h = (x - x~) / 2 exp(-2 eta dt),   x <- s + h,   x~ <- s - h
///     local steps:             x += u,   x~ += u
///     exchange of i and j:     e = x_j - x_i,   x_i += e / 2,   x~_i += alpha e,   x_j -= e / 2,   x~_j -= alpha e
///
///     eta = 1 / (2 sqrt(chi_1 chi_2)),   alpha = sqrt(chi_1 / chi_2) / 2
///
/// chi_1 and chi_2 are those of the graph (netem/graph/pairwise_mixing.hpp) with the rates of exchanges per gradient:
/// an active node begins one exchange a round, with each of its neighbours equally often. "A gradient" is one local
/// round here, its mean time the round's emulated steps without any waiting. Who exchanges with whom, when and how
/// messages cross is as in `ad-psgd`: the active node mixes and sends x; the passive one mixes to its own time and
/// answers with x before the exchange; the active one mixes once more, and both apply the same e. With eta = 0, or
/// with alpha = 1/2, where both vectors stay equal, x is that of `ad-psgd`.
///
/// Mixing keeps x + x~ of a node, and exchanges keep the sums of x and of x~ over nodes. In the authors' released code
/// a node sends x as it was before its own mixing and compares what it gets with x after it, so that the sum of x is
/// not kept. Here, as in the paper's equations, an exchange acts on mixed values.
///
/// An exchange that is given up, because its answer does not come, breaks a pair's sums as in `ad-psgd`.
#pragma once

#include <memory>

#include "actors/protocols/averaging/ad_psgd.hpp"

namespace tardigrad {

struct ContinuousMomentum {
  double eta = 0;            ///< per round
  float alpha = 0.5F;        ///< alpha~ of the paper
  double round_seconds = 1;  ///< mean duration of the node's local steps of a round
};

class A2cid2 final : public AdPsgd {
 public:
  A2cid2(NodeId self, Role role, std::shared_ptr<const Graph> graph, std::uint64_t seed, ContinuousMomentum momentum);

  void on_start(SharedValues initial, Actions& actions) override;
  /// x~, as of the last event.
  const Values& second() const { return *second_; }
  void persist(StateArchive& archive) override {
    AdPsgd::persist(archive);
    archive(second_, last_event_);
  }

 private:
  void pass_time(Time now) override;
  void moves_by_steps(const SharedValues& trained, const SharedValues& start) override;
  void moves_by_exchange(const Values& to, const Values& from) override;

  ContinuousMomentum momentum_;
  SharedValues second_;  ///< x~
  Time last_event_{};
};

/// eta and alpha on a graph whose active nodes begin one exchange a round.
ContinuousMomentum continuous_momentum(const Graph& graph, const std::vector<std::uint8_t>& side);

Algorithm a2cid2_algorithm();

}  // namespace tardigrad
