/// SGP, stochastic gradient push (Assran, Loizou, Ballas, Rabbat: "Stochastic Gradient Push for Distributed
/// Deep Learning", ICML 2019, arXiv 1811.10792): averaging by push-sum, on graphs that may be directed and may
/// change every round. A node knows the number of its receivers, not what they get from others, so the shares
/// that it sends sum to one:
///
///     P_ji = 1 / (out-degree_i + 1),   z_i = x_i / w_i   (the model that is trained and tested)
///     half_i = x_i + the change of z_i in local steps
///     x_i <- sum_j P_ij half_j,   w_i <- sum_j P_ij w_j,   j = i included
///
/// The sums over all nodes of x, apart from local steps, and of w are preserved.
///
/// A message that does not arrive takes its share of both sums with it: every z_i remains a weighted mean of
/// models, but the sender's model counts for less from then on, and the smaller all weights, the further a local step
/// moves the models.
///
/// `robust`: messages hold running sums (`push_sum_mass.hpp`), so that the message of a later round brings what was
/// lost, and the sums are kept over time. Rounds are waited for as before. It needs a graph that stays the same. A node
/// whose weight would fall below 0.001 gives nothing away in that round.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"
#include "actors/protocols/push_sum/push_sum_mass.hpp"

namespace tardigrad {

class Sgp final : public SynchronousProtocol {
 public:
  Sgp(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, PushSumForm form);

  /// x_i.
  const Values& biased() const { return mass_.biased(); }
  /// w_i.
  float weight() const { return mass_.weight(); }
  void persist(StateArchive& archive) override {
    SynchronousProtocol::persist(archive);
    archive(mass_);
  }

 private:
  void begin(const SharedValues& initial) override { mass_.begin(*initial); }
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  bool read(ProtocolMessage& message, const SharedValues& trained) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;

  PushSumMass mass_;
};

Algorithm sgp_algorithm();

}  // namespace tardigrad
