/// Epidemic Learning (de Vos, Farhadkhani, Guerraoui, Kermarrec, Pires, Sharma: "Epidemic Learning: Boosting
/// Decentralized Learning with Randomized Communication", NeurIPS 2023, arXiv 2310.01972): every round every
/// node sends its model to s others drawn anew, and averages its own with the models it receives:
///
///     half_i = x_i after local steps,    x_i <- (half_i + sum over i's senders j of half_j) / (1 + senders)
///
/// This is the paper's EL-Local: every node draws for itself, so that some nodes receive more models than
/// others. Draws follow from the seed, so that a node knows whom to wait for. EL-Oracle, where every node
/// receives equally many, is the same algorithm on a graph of degree s that is drawn anew every round ({ kind =
/// "random-regular", degree = s, redraw = true }): all neighbours are drawn then.
///
/// A model that does not arrive is left out of the mean.
#pragma once

#include "actors/protocols/parts/synchronous.hpp"

namespace tardigrad {

class Epidemic final : public SynchronousProtocol {
 public:
  /// `graphs` are the drawn recipients of every round.
  Epidemic(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs);

 private:
  void send_round(Round round, const Graph& graph, const SharedValues& trained, Actions& actions) override;
  SharedValues mix(const Exchange& exchange, const SharedValues& trained, Actions& actions) override;
};

/// Draws `recipients` of each node's neighbours in every round's graph, or all if it has no more; others for each
/// fragment.
std::shared_ptr<const GraphSchedule> epidemic_schedule(std::shared_ptr<const GraphSchedule> graphs, NodeId recipients,
                                                       std::uint64_t seed, FragmentId fragment = 0);

Algorithm epidemic_algorithm();

}  // namespace tardigrad
