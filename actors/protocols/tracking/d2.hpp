/// D2 (Tang, Lian, Yan, Zhang, Liu: "D2: Decentralized Training over Decentralized Data", ICML 2018, arXiv 1803.07068)
/// and, with (I + W) / 2 in place of W, Exact Diffusion (Yuan, Ying, Zhao, Sayed, IEEE TSP 2019): the correction of
/// gradient tracking at the price of gossip, one model to each neighbour.
///
///     u_i = half_i - x_i,   half_i = x_i after local steps;   c_i = 0 at first
///     next_i = sum_j W_ij (half_j + c_j),   c_i <- next_i - x_i - u_i,   x_i <- next_i
///
/// that is x(t+1) = W (2 x(t) - x(t-1) + u(t) - u(t-1)). The c_i of all nodes sum up to 0, the mean model moves by the
/// mean u, and with unequal data all nodes stop at the common optimum.
///
/// Every eigenvalue of W must be above -1/3, or a mode never dies (Metropolis-Hastings weights on even rings) or grows
/// (on bipartite graphs of degree 3 and more). (I + W) / 2 always will do; `half = "auto"` takes it where W's least
/// eigenvalue is below -0.32.
///
/// Every message is needed, and the graph stays the same: stale or missing models would break the two rounds'
/// difference.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class D2 final : public SynchronousProtocol {
 public:
  /// With `halves` the weights are (I + W) / 2.
  D2(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, bool halves);

  /// c_i.
  const Values& correction() const { return correction_; }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(correction_, sent_);
  }

 private:
  void begin(const SharedValues& initial) override;
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  bool halves_;
  Values correction_;
  SharedValues sent_;  ///< half_i + c_i
};

Algorithm d2_algorithm();

}  // namespace tardigrad
