/// Asynchronous local SGD with a server (arXiv 2401.09135): the two sides of an exchange.
///
///     worker, after local steps:  sends g = theta_sent - result, waits for the answer and starts from it
///     server, on each arrival:    takes g times (1 + s)^-power into its model (`delayed_nesterov.hpp`), answers the
///     model
///
/// s is the number of updates of the server since it answered this worker. A worker does all local steps of the
/// scenario's rounds, or fewer by its speed (`steps_by_speed.hpp`). Each worker talks to the server alone, whatever the
/// graph.
///
/// `fedbuff` (Nguyen, Malik, Zhan, Yousefpour, Rabbat, Malek, Huba: "Federated Learning with Buffered Asynchronous
/// Aggregation", AISTATS 2022, arXiv 2106.06639) is this with a buffer of K differences and no momentum: the server's
/// model rests until K are in, theta <- theta - epsilon (sum of their weighted g) / K, and every worker is answered at
/// once.
///
/// Whoever waits too long asks again with the same round; the server takes every round of a worker in once, and answers
/// a repeated one with its present model. Nobody waits for ever because of a wrong size: such a difference counts as
/// one of 0, and after such an answer the worker goes on from its own result.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/low_communication/delayed_nesterov.hpp"
#include "actors/protocols/protocol.hpp"

namespace tardigrad {

class AsyncServer final : public FragmentProtocol {
 public:
  /// The workers are `workers` nodes from `first` on; the server trains nothing.
  AsyncServer(NodeId workers, const DelayedNesterov::Settings& outer, double staleness_power, NodeId first = 0)
      : outer_settings_(outer),
        staleness_power_(staleness_power),
        first_(first),
        outer_(outer, share(Values())),
        seen_(workers) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound, Actions&) override {}
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void persist(StateArchive& archive) override { archive(outer_, seen_); }

  const DelayedNesterov& outer() const { return outer_; }
  /// Goes on from another model.
  void replace(SharedValues model) { outer_.replace(std::move(model)); }

 private:
  struct Seen {
    Round rounds = 0;           ///< of the worker that have been taken in
    std::uint64_t updates = 0;  ///< of the server when it answered last

    void persist(StateArchive& archive) { archive(rounds, updates); }
  };

  void take(const ProtocolMessage& message, Seen& worker, Actions& actions);

  DelayedNesterov::Settings outer_settings_;
  double staleness_power_;
  NodeId first_;
  DelayedNesterov outer_;
  std::vector<Seen> seen_;  ///< of each worker
};

class AsyncWorker final : public FragmentProtocol {
 public:
  /// `steps`: of every round; nothing: as many as the scenario says.
  explicit AsyncWorker(NodeId server, std::optional<std::uint32_t> steps = {}) : server_(server), steps_(steps) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override { archive(start_, trained_, difference_, finished_); }

 private:
  NodeId server_;
  std::optional<std::uint32_t> steps_;
  SharedValues start_;       ///< what the server sent last
  SharedValues trained_;     ///< the result of its last round
  SharedValues difference_;  ///< sent and not answered, else null
  Round finished_ = 0;
};

Algorithm async_local_sgd_algorithm();
Algorithm fed_buff_algorithm();

}  // namespace tardigrad
