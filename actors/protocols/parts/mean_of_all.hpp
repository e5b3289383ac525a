/// Synchronous algorithms whose nodes, after the local steps of each round, agree on one mean over all of them by ring
/// all-reduce (`ring_all_reduce.hpp`). All wait for the slowest.
#pragma once

#include "actors/protocols/parts/ring_all_reduce.hpp"

namespace tardigrad {

class MeanOfAll : public FragmentProtocol {
 public:
  void on_start(SharedValues initial, Actions& actions) final;
  void on_trained(LocalRound local, Actions& actions) final;
  void on_message(const ProtocolMessage& message, Actions& actions) final;
  /// Subclasses with further state add it.
  void persist(StateArchive& archive) override { archive(trained_, ring_); }

 protected:
  MeanOfAll(const FragmentInfo& info, NodeId nodes) : info_(info), ring_(info.node, nodes) {}

  struct Part {
    std::uint64_t size = 0;  ///< the same at all nodes in a round; 0: nothing is exchanged
    Values values{};         ///< empty where nothing is learned
  };

  /// Called before the first round.
  virtual void begin(const SharedValues& /*initial*/) {}
  /// What this node adds to the mean of `round`.
  virtual Part own_part(Round round, const Values& trained) = 0;
  /// The model from which the next local steps start. `mean` has the size of the own part, or no values where nothing
  /// is learned.
  virtual SharedValues next_model(Values mean, const SharedValues& trained) = 0;

  std::uint64_t parameters() const { return info_.parameters; }

 private:
  void proceed(Actions& actions);
  void end_round(Values mean, Actions& actions);

  FragmentInfo info_;
  SharedValues trained_;  ///< null while local steps are being computed
  RingAllReduce ring_;
};

}  // namespace tardigrad
