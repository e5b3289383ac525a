/// OSGP and AGP: push-sum whose messages are taken in as they arrive.
///
///     after local steps:    x_i += their result - their start,   p = 1 / (out-degree_i + 1)
///                           send (p x_i, p w_i) to every receiver;   x_i <- p x_i,   w_i <- p w_i
///     on a message:         x_i += x',   w_i += w'       at once, whatever its round
///     z_i = x_i / w_i       the model that is tested, and with which a round begins
///
/// **AGP** (asynchronous gradient push; Assran, Rabbat: "Asynchronous Gradient-Push", 2018, arXiv 1803.08950): nobody
/// waits.
///
/// **OSGP** (overlap SGP; Assran, Loizou, Ballas, Rabbat: "Stochastic Gradient Push for Distributed Deep Learning",
/// ICML 2019, arXiv 1811.10792, with the authors' `overlap`): after round r a node goes on once the messages of round
/// r - tau have come from all nodes that send it one in that round. The authors send at the beginning of a round what
/// is sent here at the end of the one before, and take it in at the next beginning: that is tau = 1. A later message of
/// a node stands for an earlier one that is lost.
///
/// The sums of x and of w over nodes and messages under way are kept, apart from local steps. The change by local
/// steps, made on z, enters x as it is (as in the authors' code): a node of small weight learns faster, and
/// asynchronous nodes count by how often they step. A node whose weight would fall below `least_weight` gives nothing
/// away in that round: AGP sends no message then, OSGP one of weight 0, which others wait for.
///
/// Every message is needed, since a lost one takes its weight with it for good, unless `robust`
/// (`push_sum_mass.hpp`): then a later message brings what was lost, and the sums are those of what was given away.
///
/// A node that is further behind all its sources than waiting allows has been away. It goes on with their round.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "actors/protocols/push_sum/push_sum_mass.hpp"
#include "netem/graph/graph_schedule.hpp"

namespace tardigrad {

class AsynchronousPush final : public FragmentProtocol {
 public:
  /// `tau`: nothing if nobody waits.
  AsynchronousPush(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs, std::optional<Round> tau,
                   PushSumForm form);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override { archive(mass_, start_, round_, trained_, ended_); }

  const PushSumMass& mass() const { return mass_; }

 private:
  bool learns() const { return !start_->empty(); }
  void send_shares(Actions& actions);
  /// Those whose messages of round `round_` - tau have not come.
  std::vector<NodeId> missing() const;
  /// Begins the next round if nothing is missing, otherwise states for whom the node waits.
  void proceed(bool patient, Actions& actions);
  Round next_round() const;
  SharedValues model() const { return learns() ? share(mass_.model()) : start_; }

  FragmentInfo info_;
  std::shared_ptr<const GraphSchedule> graphs_;
  std::optional<Round> tau_;
  PushSumMass mass_;
  SharedValues start_;             ///< the model with which the local steps in progress began
  Round round_ = 0;                ///< the number of its messages
  bool trained_ = false;           ///< true while it waits, its local steps of `round_` done
  std::map<NodeId, Round> ended_;  ///< by sender: the rounds that it has ended, as its messages say
};

Algorithm osgp_algorithm();
Algorithm agp_algorithm();

}  // namespace tardigrad
