/// DivShare (Biswas et al., "Boosting Asynchronous Decentralized Learning with Model Fragmentation", WWW 2025,
/// arXiv 2410.12918).
///
/// After its local steps a node drops the unsent messages of the round before, sends every fragment of the
/// trained model to `recipients` peers drawn anew for each fragment, in one random order over all fragments,
/// and averages, for every parameter p, with the values v_s that arrived since its last round, the newest of
/// each sender s:
///
///     x[p] <- (x[p] + sum over senders s of v_s[p]) / (1 + senders)
///
/// With `staleness_weight` each received fragment counts f_s (actors/protocols/parts/staleness_weight.hpp) and the
/// divisor is 1 + the sum of all f_s.
///
/// What it sends are the values before this averaging. It never waits. `Fragmentation` defines the fragments.
///
/// With one fragment and no flush this is the "Swift" of that paper's comparison (`swift-push`).
#pragma once

#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/parts/newest_inbox.hpp"
#include "netem/graph/graph.hpp"

namespace tardigrad {

struct DivShareOptions {
  NodeId recipients = 6;  ///< J, per fragment and round
  bool flush = true;
  double staleness_power = 0;  ///< a of `staleness_weight`
};

class DivShareFragment final : public FragmentProtocol {
 public:
  /// Recipients are drawn from the node's neighbours in `graph`, of which there must be at least J.
  DivShareFragment(NodeId self, FragmentId fragment, DivShareOptions options, std::shared_ptr<const Graph> graph,
                   std::uint64_t seed);

  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(inbox_); }

 private:
  NodeId self_;
  FragmentId fragment_;
  DivShareOptions options_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;
  NewestInbox inbox_;
};

Algorithm divshare_algorithm();

/// The reason why J recipients cannot be drawn on this graph; empty if they can.
std::string objection_to_recipients(std::int64_t recipients, const Graph& graph);

}  // namespace tardigrad
