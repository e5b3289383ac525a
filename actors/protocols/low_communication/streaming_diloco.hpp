/// Streaming DiLoCo (Douillard, Donchev, Rush, Kale, Charles, Garrett, Teston, Lacey, McIlroy, Shen, Ramé, Szlam,
/// Ranzato, Barham: "Streaming DiLoCo with overlapping communication", 2025, arXiv 2501.18512): DiLoCo of one fragment
/// of the model after the other, whose mean is on its way while training goes on. P fragments p, each with its outer
/// model theta_p and momentum m_p = 0 at first, the same at all nodes; boundary b = 1, 2, ... is the end of a node's
/// b-th round. At a boundary, in this order:
///
///     what is due lands:               m_p <- mu m_p + Delta_p,   theta_p <- theta_p - nu (Delta_p + mu m_p),
///                                      x_p <- (1 - alpha) theta_p + alpha x_p
///     b = 1 + k every, k mod P = p:    Delta_p = mean over all nodes of theta_p - x_p is begun
///
/// alpha is the share of the node's own values: 0 throws away what was learned since Delta_p was begun, 1 never touches
/// training. `due` says when a mean lands: "after-delay", as published, `delay` rounds after it was begun (0: at once),
/// for which nodes wait if it is not there; "when-delivered", at the first boundary at which the network has brought
/// it, for which nobody waits. A fragment that is still under way then loses its turn, at that node: the round's
/// `missed` grows by the n - 1 models that should have been averaged.
///
/// Means come by ring all-reduce (`ring_all_reduce.hpp`), each fragment's by itself; every message is needed. Where
/// nobody waits, nodes may be at different boundaries when they begin the same mean of a fragment. Fragments are random
/// parts of every tensor (`fragmentation.hpp`) in place of the paper's strided layers. P = 1, delay 0, alpha 0 is
/// `diloco`.
#pragma once

#include <optional>

#include "actors/protocols/low_communication/delayed_nesterov.hpp"
#include "actors/protocols/parts/ring_all_reduce.hpp"

namespace tardigrad {

class StreamingDiLoCo final : public FragmentProtocol {
 public:
  struct Settings {
    DelayedNesterov::Settings outer;
    float alpha = 0.5F;
    Round first = 1;             ///< boundary at which the fragment has its first turn
    Round period = 1;            ///< rounds from turn to turn
    std::optional<Round> delay;  ///< rounds from turn to landing; nothing: when the network has delivered the mean
  };

  StreamingDiLoCo(const FragmentInfo& info, NodeId nodes, const Settings& settings)
      : nodes_(nodes),
        settings_(settings),
        outer_(settings.outer, share(Values())),
        ring_(info.node, nodes),
        size_(info.parameters) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override;

  /// theta_p and m_p.
  const DelayedNesterov& outer() const { return outer_; }

 private:
  bool is_turn() const;
  bool is_due() const;
  /// Does what the boundary asks, and begins the next round unless it has to wait.
  void pass_boundary(Actions& actions);
  /// False if the mean is due and not there.
  bool land(Actions& actions);
  void begin_mean(Actions& actions);
  void reduce(Actions& actions);

  NodeId nodes_;
  Settings settings_;
  DelayedNesterov outer_;
  RingAllReduce ring_;
  std::uint64_t size_;
  SharedValues trained_;  ///< null while local steps are being computed
  Round boundary_ = 0;    ///< the last that was reached
  Round begun_at_ = 0;    ///< boundary of the last mean's begin; 0: none
  bool has_landed_ = true;
  SharedValues mean_;  ///< complete and not landed, else null
};

Algorithm streaming_diloco_algorithm();

}  // namespace tardigrad
