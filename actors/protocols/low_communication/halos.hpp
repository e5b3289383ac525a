/// HALoS: hierarchical asynchronous local SGD (Kim, Li, Gandham, Baldonado, Gangidi, Balaji, Wang, Akella: "HALoS:
/// Hierarchical Asynchronous Local SGD over Slow Networks for Geo-Distributed Large Language Model Training", ICML
/// 2025, arXiv 2506.04531). Workers talk to a server of their region as in `async_local_sgd.hpp`; after every
/// `merge_every` of its updates since the last merge
///
///     region:  sends Theta_merged - Theta to the global server, and goes on serving its workers meanwhile
///     global:  takes that into its own model (delayed Nesterov) and answers Theta_g
///     region:  Theta <- (1 - share) Theta + share Theta_g,   Theta_merged <- Theta
///
/// Region r of R has the nodes i with floor(i R / n) = r. The servers are the global one, whose model is tested, and
/// behind it those of the regions. Learning rates are those of `delayed_nesterov.hpp`, which divides by the number of
/// arrivals: the published .2 and .15 times it.
#pragma once

#include <cstdint>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/low_communication/async_local_sgd.hpp"
#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// The server of a region: a server to its workers, and a client of the global one.
class RegionalServer final : public FragmentProtocol {
 public:
  struct Merging {
    std::uint64_t every = 32;    ///< updates from merge to merge, at least 1
    float global_share = 0.25F;  ///< of Theta_g in a merge
  };

  RegionalServer(AsyncServer to_workers, NodeId global, const Merging& merging)
      : to_workers_(std::move(to_workers)), global_(global), merging_(merging) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound, Actions&) override {}
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override;

 private:
  void report_if_due(Actions& actions);
  void merge(const ProtocolMessage& answer, Actions& actions);

  AsyncServer to_workers_;
  NodeId global_;
  Merging merging_;
  SharedValues merged_;          ///< Theta_merged
  std::uint64_t merged_at_ = 0;  ///< own updates by then
  Round reports_ = 0;
  SharedValues difference_;  ///< sent to the global server and not answered, else null
};

/// The region of a node, of so many.
NodeId region_of(NodeId node, NodeId nodes, NodeId regions);

Algorithm halos_algorithm();

}  // namespace tardigrad
