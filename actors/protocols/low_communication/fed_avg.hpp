/// Federated averaging (McMahan, Moore, Ramage, Hampson, Agüera y Arcas: "Communication-Efficient Learning of Deep
/// Networks from Decentralized Data", AISTATS 2017, arXiv 1602.05629). Round t = 1, 2, ... of the server:
///
///     draws m of the n workers, and sends theta to them
///     each of them trains a round from theta, and answers with what its local steps made of it
///     theta <- theta + epsilon (mean of the answers - theta), when all have answered
///
/// Answers count alike: the paper weighs them by the sizes of the workers' data, which a server need not know. Those
/// not drawn rest, and keep the model that they trained last. The draw is a random permutation's first m, from the
/// seed.
///
/// If the wait takes too long, the server goes on with the answers that are there, or sends theta again if there are
/// none; an answer to a round that has ended is dropped. Nobody waits for ever because of a wrong size: such an answer
/// counts as none, and for such a model a worker trains its own.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/protocol.hpp"

namespace tardigrad {

/// The kinds of messages. Each carries the number of the server's round.
enum class FedAvgKind : std::uint8_t { model, answer };

/// The workers of a round, ascending.
std::vector<NodeId> drawn_workers(NodeId workers, NodeId drawn, std::uint64_t seed, Round round);

class FedAvgServer final : public FragmentProtocol {
 public:
  /// The workers are nodes 0 to `workers` - 1, of which `drawn` train in a round.
  FedAvgServer(NodeId workers, NodeId drawn, double learning_rate, std::uint64_t seed)
      : workers_(workers), drawn_(drawn), learning_rate_(learning_rate), seed_(seed) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound, Actions&) override {}
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override { archive(model_, round_, silent_, sum_, answers_); }

 private:
  void begin_round(Actions& actions);
  void send_model(Actions& actions) const;
  void end_round(Actions& actions);

  NodeId workers_;
  NodeId drawn_;
  double learning_rate_;
  std::uint64_t seed_;
  SharedValues model_;
  Round round_ = 0;
  std::set<NodeId> silent_;  ///< those drawn that have not answered
  std::vector<double> sum_;  ///< of the answers
  std::uint32_t answers_ = 0;
};

class FedAvgWorker final : public FragmentProtocol {
 public:
  explicit FedAvgWorker(NodeId server) : server_(server) {}

  void on_start(SharedValues initial, Actions& actions) override;
  void on_trained(LocalRound local, Actions& actions) override;
  void on_message(const ProtocolMessage& message, Actions& actions) override;
  void on_wait_over(Actions& actions) override;
  void persist(StateArchive& archive) override { archive(model_, round_, is_training_, result_, next_, next_round_); }

 private:
  void train(Actions& actions);
  void answer(Actions& actions);

  NodeId server_;
  SharedValues model_;  ///< its last result, at first the initial model
  Round round_ = 0;     ///< of the server, for which it trains or has trained last
  bool is_training_ = false;
  SharedValues result_;  ///< of that round, else null
  SharedValues next_;    ///< a model that has come and is not trained yet, else null
  Round next_round_ = 0;
};

Algorithm fed_avg_algorithm();

}  // namespace tardigrad
