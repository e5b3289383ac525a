/// DivShare (Biswas et al., "Boosting Asynchronous Decentralized Learning with Model
/// Fragmentation", WWW 2025, arXiv 2410.12918; divshare.md, part A).
///
/// After its local steps a node drops what it has not sent of the round before, sends every
/// fragment of the trained model to `recipients` peers drawn anew for each fragment, in one random
/// order over all fragments, and averages in what has arrived since its last round, newest per
/// sender. It never waits.
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
};

class DivShareFragment final : public FragmentProtocol {
 public:
  /// Recipients are drawn from the node's neighbours in `graph`, of which there are J at least.
  DivShareFragment(NodeId self, FragmentId fragment, DivShareOptions options, std::shared_ptr<const Graph> graph,
                   std::uint64_t seed);

  void on_trained(Round round, SharedValues trained, Actions& actions) override;
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

/// Why J recipients cannot be drawn on this graph; empty if they can.
std::string objection_to_recipients(std::int64_t recipients, const Graph& graph);

}  // namespace tardigrad
