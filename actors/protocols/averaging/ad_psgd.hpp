/// AD-PSGD as published (Lian, Zhang, Zhang, Liu: "Asynchronous Decentralized Parallel Stochastic
/// Gradient Descent", ICML 2018, arXiv 1710.06952; divshare.md, B.1 and B.4).
///
/// Nodes are active or passive by the two sides of a bipartite graph, so that no circle of nodes
/// can wait for each other. After every local round an active node sends its model to one random
/// neighbour, which answers with its own and becomes the mean of the two at once; the active node
/// does the same when the answer comes. The exchange runs while the next round's local steps are
/// being computed; a node whose answer is not there when they are done waits for it. Passive nodes
/// never wait.
///
/// Pairs are atomic: what happened at the active node between its sending and the answer must not
/// be halved, so it adds (answer - sent) / 2 to whatever it holds, which keeps the pair's sum. Local
/// steps are applied as a change to the model as it stands when they are done.
///
/// Where messages can be lost for ever, an active node that has waited too long gives the exchange up and
/// begins another: that pair's sum is not kept if the passive node has averaged. So it does where the answer is no
/// model of this run's. Messages say which exchange of their active node they belong to, so that an answer to one that
/// was given up is known.
#pragma once

#include <memory>

#include "actors/protocols/algorithm.hpp"
#include "netem/graph/graph.hpp"

namespace tardigrad {

class AdPsgd final : public FragmentProtocol {
 public:
  enum class Role { passive, active };
  /// The lowest bit of a message's kind; the others count the exchanges that were given up before, modulo 128.
  enum MessageKind : std::uint8_t { offer, answer };

  AdPsgd(NodeId self, Role role, std::shared_ptr<const Graph> graph, std::uint64_t seed);

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(Round round, SharedValues trained, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override {
    archive(model_, start_, sent_, partner_, finished_, waiting_, given_up_, given_up_in_a_row_);
  }

 private:
  /// Whether it answers the exchange that is open.
  bool awaits(const ProtocolMessage& message) const;
  NodeId next_partner();
  void offer_model(Actions& actions);
  void answer_offer(const ProtocolMessage& message, Actions& actions);
  void take_answer(const ProtocolMessage& message, Actions& actions);
  /// Begins the next exchange and the next local steps, which have waited for the last exchange.
  void go_on(Actions& actions);

  NodeId self_;
  Role role_;
  std::shared_ptr<const Graph> graph_;
  std::uint64_t seed_;

  SharedValues model_;                   ///< as it stands; local steps in progress are not in it
  SharedValues start_;                   ///< what the local steps in progress started from
  SharedValues sent_;                    ///< the copy that an answer is due for, else null
  NodeId partner_ = 0;                   ///< who was sent it
  Round finished_ = 0;                   ///< local rounds done
  bool waiting_ = false;                 ///< local steps are done, the answer is not there
  std::uint32_t given_up_ = 0;           ///< exchanges
  std::uint32_t given_up_in_a_row_ = 0;  ///< since the last one that went well
};

Algorithm ad_psgd_algorithm();

}  // namespace tardigrad
