/// The protocol of a run with one node.
#pragma once

#include <memory>
#include <utility>

#include "actors/protocols/algorithm.hpp"

namespace tardigrad {

/// Continues training without sending or averaging: every algorithm with one node is the same, and the
/// centralised baseline of the others. A codec has nothing to compress.
class LoneNode final : public FragmentProtocol {
 public:
  void on_trained(LocalRound local, Actions& actions) override { actions.start_round(std::move(local.values)); }
  void on_message(const ProtocolMessage&, Actions&) override {}
  void persist(StateArchive&) override {}
};

inline ProtocolFactory lone_node() {
  return [](const FragmentInfo&) { return std::make_unique<LoneNode>(); };
}

}  // namespace tardigrad
