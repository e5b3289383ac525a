/// Decoupled DiLoCo (2026, arXiv 2604.21428): learners that never wait, and a syncer, a server, that treats one part of
/// the model after the other. Outer step t = 1, 2, ... is of part p = (t - 1) mod P, with Theta_p and m_p = 0 at first:
///
///     syncer:   asks all learners for part p and waits for K answers, then for further ones at most
///               gamma (tau step time - time since it asked), if that is above 0; what comes later is dropped
///               Delta = what the answers make of Theta_p (`merge_directions.hpp`)
///               m_p <- mu m_p + Delta,   Theta_p <- Theta_p - nu (Delta + mu m_p), which goes to all learners
///     learner, at the end of a round, in this order:
///               takes each Theta_p that has come: x_p <- Theta_p, c_p = 0
///               answers what it was asked with (x_p, c_p, n_p), if c_p >= 1, else keeps it for the next end
///
/// c_p are its local steps, and n_p the tokens it has seen, since it last took part p. All its steps see equally many
/// tokens and only ratios of weights matter, so that n_p = c_p here. The syncer does not know how long Theta_p takes to
/// the learners, which the paper takes off the grace time: it is in gamma. The step time is the mean over learners. A
/// part is some whole tensors (`model_parts.hpp`), as embeddings are merged in another way than the rest.
///
/// A learner whose answer has a wrong size counts as one that answers too late. If the wait takes too long, the syncer
/// goes on with the answers that are there, or asks all again that have not answered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/low_communication/delayed_nesterov.hpp"
#include "actors/protocols/low_communication/merge_directions.hpp"
#include "actors/protocols/low_communication/model_parts.hpp"
#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// The kinds of messages. Each carries the number of its outer step in the place of a round.
enum class DecoupledKind : std::uint8_t { request, model, answer };

class DecoupledSyncer final : public FragmentProtocol {
 public:
  struct Settings {
    DelayedNesterov::Settings outer;
    NodeId quorum = 1;  ///< K, at least 1
    double grace = 1;   ///< gamma
    Time slack{};       ///< tau times the step time
  };

  /// The learners are nodes 0 to `learners` - 1.
  DecoupledSyncer(NodeId learners, std::vector<ModelPart> parts, const Settings& settings)
      : learners_(learners), parts_(std::move(parts)), settings_(settings) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound, Actions&) override {}
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override;

 private:
  const ModelPart& part() const { return parts_[(step_ - 1) % parts_.size()]; }
  DelayedNesterov& outer() { return outer_[(step_ - 1) % parts_.size()]; }
  /// Begins an outer step.
  void begin_step(Actions& actions);
  void ask(const std::vector<NodeId>& learners, Actions& actions) const;
  std::vector<NodeId> silent() const;
  /// Ends the outer step if there are answers enough.
  void proceed(Actions& actions);
  void end_step(Actions& actions);
  void send(DecoupledKind kind, NodeId to, SharedValues values, std::uint64_t floats, Actions& actions) const;

  NodeId learners_;
  std::vector<ModelPart> parts_;
  Settings settings_;
  SharedValues model_;
  std::vector<DelayedNesterov> outer_;  ///< of each part
  Round step_ = 0;
  Time asked_at_{};
  bool has_quorum_ = false;
  std::map<NodeId, std::optional<MergedAnswer>> answers_;  ///< of this step; nothing: of no use
};

class DecoupledLearner final : public FragmentProtocol {
 public:
  DecoupledLearner(NodeId syncer, std::vector<ModelPart> parts)
      : syncer_(syncer), parts_(std::move(parts)), state_(parts_.size()) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(state_, asked_, rounds_, learns_); }

 private:
  struct Part {
    std::uint64_t steps = 0;  ///< c_p
    Round answered = 0;       ///< own finished rounds when it answered last
    SharedValues arrived;     ///< Theta_p that has come and has not been taken, else null
    Round arrived_of = 0;     ///< its outer step

    void persist(StateArchive& archive) { archive(steps, answered, arrived, arrived_of); }
  };

  std::size_t place_of(Round step) const { return (step - 1) % parts_.size(); }
  void take_arrived(Values& model, Actions& actions);
  void answer_requests(const Values& model, Actions& actions);

  NodeId syncer_;
  std::vector<ModelPart> parts_;
  std::vector<Part> state_;
  std::vector<Round> asked_;  ///< outer steps that wait for an answer, in the order in which they came
  Round rounds_ = 0;          ///< finished
  bool learns_ = true;        ///< false of a model without values
};

Algorithm decoupled_diloco_algorithm();

}  // namespace tardigrad
