#include "actors/protocols/low_communication/fed_avg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "actors/protocols/low_communication/server_algorithm.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

constexpr std::uint8_t code(FedAvgKind kind) { return static_cast<std::uint8_t>(kind); }

}  // namespace

std::vector<NodeId> drawn_workers(NodeId workers, NodeId drawn, std::uint64_t seed, Round round) {
  std::vector<NodeId> all(workers);
  std::iota(all.begin(), all.end(), NodeId{0});
  if (drawn >= workers) return all;
  RandomStream draw(seed, Purpose::recipients, round);
  for (NodeId place = 0; place < drawn; ++place) {
    std::swap(all[place], all[place + draw.below(workers - place)]);
  }
  all.resize(drawn);
  std::sort(all.begin(), all.end());
  return all;
}

void FedAvgServer::on_start(SharedValues initial, Actions& actions) {
  model_ = std::move(initial);
  actions.start_round(model_);
  begin_round(actions);
}

void FedAvgServer::begin_round(Actions& actions) {
  ++round_;
  const std::vector<NodeId> drawn = drawn_workers(workers_, drawn_, seed_, round_);
  silent_ = {drawn.begin(), drawn.end()};
  sum_.assign(model_->size(), 0);
  answers_ = 0;
  send_model(actions);
}

void FedAvgServer::send_model(Actions& actions) const {
  for (const NodeId worker : silent_) actions.send({worker, code(FedAvgKind::model), round_, model_});
  actions.await({silent_.begin(), silent_.end()});
}

void FedAvgServer::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_answer = message.kind == code(FedAvgKind::answer) && message.from < workers_ && message.round > 0 &&
                         message.round <= round_;
  if (!is_answer) return actions.refuse(message.from);
  if (message.round < round_ || silent_.erase(message.from) == 0) return;  // too late, once more, or not drawn
  if (message.has(model_->size())) {
    for (std::size_t p = 0; p < sum_.size(); ++p) sum_[p] += double{(*message.values)[p]};
    ++answers_;
    actions.mixed(round_, message.round);
  } else {
    actions.refuse(message.from);
  }
  if (silent_.empty()) return end_round(actions);
  actions.await({silent_.begin(), silent_.end()});
}

void FedAvgServer::on_wait_over(Actions& actions) {
  if (answers_ == 0) return send_model(actions);
  end_round(actions);
}

void FedAvgServer::end_round(Actions& actions) {
  actions.missed(silent_.size());
  if (answers_ > 0 && !model_->empty()) {
    Values model(model_->size());
    for (std::size_t p = 0; p < model.size(); ++p) {
      const double old = double{(*model_)[p]};
      model[p] = static_cast<float>(old + learning_rate_ * (sum_[p] / answers_ - old));
    }
    model_ = share(std::move(model));
  }
  actions.start_round(model_);
  begin_round(actions);
}

void FedAvgWorker::on_start(SharedValues initial, Actions& actions) {
  model_ = std::move(initial);
  actions.update(model_);
}

void FedAvgWorker::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.kind != code(FedAvgKind::model) || message.from != server_ || message.round == 0 ||
      message.round > kLastRound) {
    return actions.refuse(message.from);
  }
  const bool is_sound = message.has(model_->size());
  if (!is_sound) actions.refuse(message.from);
  if (message.round == round_ && result_) return answer(actions);  // what was sent may have been lost
  if (message.round <= std::max(round_, next_round_)) return;
  next_ = is_sound ? message.values : model_;
  next_round_ = message.round;
  if (!is_training_) train(actions);
}

void FedAvgWorker::train(Actions& actions) {
  round_ = next_round_;
  is_training_ = true;
  result_.reset();
  actions.await({});
  actions.start_round(std::exchange(next_, nullptr));
}

void FedAvgWorker::on_trained(LocalRound local, Actions& actions) {
  is_training_ = false;
  model_ = std::move(local.values);
  actions.update(model_);
  if (next_) return train(actions);  // the server has gone on meanwhile
  result_ = model_;
  answer(actions);
}

void FedAvgWorker::answer(Actions& actions) {
  actions.send({server_, code(FedAvgKind::answer), round_, result_});
  actions.await({server_});
}

void FedAvgWorker::on_wait_over(Actions& actions) {
  if (result_) answer(actions);
}

namespace {

NodeId drawn_of(const AlgorithmOptions& options, NodeId workers) {
  const auto said = static_cast<NodeId>(options.integer("workers_per_round"));
  return said > 0 ? said : workers;
}

}  // namespace

Algorithm fed_avg_algorithm() {
  Algorithm algorithm = server_algorithm(
      "fedavg", "a server averages what drawn workers made of its model, round by round (AISTATS 2017)");
  algorithm.options = {{"workers_per_round", std::int64_t{0}, "m, drawn anew every round; 0: all", {0, 1e6}},
                       {"server_learning_rate", 1.0, "epsilon, of the server's step to their mean", {0, 1000}}};
  algorithm.objection = [](const AlgorithmOptions& options, const Graph& graph) {
    if (drawn_of(options, graph.size()) <= graph.size()) return std::string();
    return fmt::format("{} workers a round of {} nodes", options.integer("workers_per_round"), graph.size());
  };
  // Others may be drawn meanwhile.
  algorithm.exchanges = [](NodeId nodes) { return std::uint64_t{nodes}; };
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) -> ProtocolFactory {
    const NodeId workers = run.graphs->at(0)->size();
    return [workers, drawn = drawn_of(options, workers), rate = options.number("server_learning_rate"),
            seed = run.seed](const FragmentInfo& info) -> std::unique_ptr<FragmentProtocol> {
      if (info.node < workers) return std::make_unique<FedAvgWorker>(workers);
      return std::make_unique<FedAvgServer>(workers, drawn, rate, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
