#include "actors/protocols/low_communication/async_local_sgd.hpp"

#include <fmt/format.h>

#include <utility>

#include "actors/protocols/low_communication/server_algorithm.hpp"
#include "actors/protocols/low_communication/steps_by_speed.hpp"
#include "actors/protocols/parts/staleness_weight.hpp"

namespace tardigrad {

namespace {

/// N: as many arrivals as there are workers, unless the options say a number.
std::uint32_t delay_of(const AlgorithmOptions& options, NodeId workers) {
  const std::int64_t said = options.integer("delay");
  return said > 0 ? static_cast<std::uint32_t>(said) : workers;
}

bool is_buffered(const AlgorithmOptions& options) { return options.text("apply") == "buffered"; }

DelayedNesterov::Settings settings_of(const AlgorithmOptions& options, NodeId workers) {
  return {options.number("outer_learning_rate"), options.number("outer_momentum"), delay_of(options, workers),
          options.number("momentum_activation"), is_buffered(options)};
}

std::string objection_to_activation(const AlgorithmOptions& options, const Graph& graph) {
  const double activation = options.number("momentum_activation");
  if (activation > 0 && is_buffered(options)) {
    return "with apply = \"buffered\" the model rests until all arrivals are in: expected momentum_activation = 0";
  }
  const double most = 1.0 / delay_of(options, graph.size());
  if (activation <= most) return {};
  return fmt::format("expected a momentum_activation of at most {:.6g}, one over the number of arrivals", most);
}

}  // namespace

void AsyncServer::on_start(SharedValues initial, Actions& actions) {
  outer_ = DelayedNesterov(outer_settings_, initial);
  actions.start_round(std::move(initial));
}

void AsyncServer::on_message(const ProtocolMessage& message, Actions& actions) {
  const NodeId place = message.from - first_;  // of those before the first a very large number
  if (message.kind != 0 || place >= seen_.size()) return actions.refuse(message.from);
  Seen& worker = seen_[place];
  const bool is_new = message.round == worker.rounds + 1;
  if (!is_new && (message.round != worker.rounds || worker.rounds == 0)) return actions.refuse(message.from);
  if (is_new) take(message, worker, actions);
  worker.updates = outer_.updates();
  actions.send({message.from, 0, message.round, outer_.model(), 0});
}

void AsyncServer::take(const ProtocolMessage& message, Seen& worker, Actions& actions) {
  worker.rounds = message.round;
  const std::uint64_t before = outer_.updates();
  if (message.has(outer_.model()->size())) {
    actions.mixed(before, worker.updates);
    const double weight = staleness_weight(before - worker.updates, staleness_power_);
    outer_.take(*message.values, static_cast<float>(weight));
  } else {
    actions.refuse(message.from);
    outer_.take(Values(outer_.model()->size()));
  }
  if (outer_.updates() > before) actions.start_round(outer_.model());
}

void AsyncWorker::on_start(SharedValues initial, Actions& actions) {
  start_ = std::move(initial);
  actions.start_round(start_, {steps_});
}

void AsyncWorker::on_trained(LocalRound local, Actions& actions) {
  finished_ = local.round + 1;
  Values difference = *start_;
  for (std::size_t p = 0; p < difference.size(); ++p) difference[p] -= (*local.values)[p];
  difference_ = share(std::move(difference));
  trained_ = std::move(local.values);
  actions.update(trained_);
  on_wait_over(actions);
}

void AsyncWorker::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.kind != 0 || message.from != server_) return actions.refuse(message.from);
  if (!difference_ || message.round != finished_) return;  // a second answer to one round
  const bool is_sound = message.has(start_->size());
  if (!is_sound) actions.refuse(message.from);
  start_ = is_sound ? message.values : trained_;
  difference_.reset();
  actions.await({});
  actions.start_round(start_, {steps_});
}

void AsyncWorker::on_wait_over(Actions& actions) {
  if (!difference_) return;
  actions.send({server_, 0, finished_, difference_, 0});
  actions.await({server_});
}

namespace {

/// Workers and the server behind them.
ProtocolFactory workers_and_server(const AlgorithmOptions& options, const ProtocolContext& run,
                                   const DelayedNesterov::Settings& outer) {
  const NodeId workers = run.graphs->at(0)->size();
  return [=, power = options.number("staleness_power")](const FragmentInfo& info) -> std::unique_ptr<FragmentProtocol> {
    if (info.node >= workers) return std::make_unique<AsyncServer>(workers, outer, power);
    return std::make_unique<AsyncWorker>(workers, asked_steps(options, run, info.node));
  };
}

}  // namespace

Algorithm async_local_sgd_algorithm() {
  Algorithm algorithm = server_algorithm(
      "async-local-sgd", "workers send changes to a server, which answers each at once: delayed Nesterov (2024)");
  algorithm.options = {
      {"outer_learning_rate", 0.07, "of the server's steps", {0, 1000}},
      {"outer_momentum", 0.9, "of the server's steps; below 1", {0, 0.9999}},
      {"delay", std::int64_t{0}, "arrivals that the momentum takes in at once; 0: as many as nodes", {0, 1e6}},
      {"momentum_activation", 0.0, "share of the momentum before that, up to 1 / delay", {0, 1}},
      {"staleness_power", 0.0, "a change s updates old counts (1 + s)^-power", {0, 100}},
      {"apply",
       std::string("each"),
       "every change as it arrives, or all of a delay at once",
       {0, 0, {"each", "buffered"}}},
      steps_option()};
  algorithm.shorter_rounds = asks_for_fewer_steps;
  algorithm.objection = objection_to_activation;
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) {
    return workers_and_server(options, run, settings_of(options, run.graphs->at(0)->size()));
  };
  return algorithm;
}

Algorithm fed_buff_algorithm() {
  Algorithm algorithm = server_algorithm(
      "fedbuff", "async-local-sgd whose server steps once for every K changes, without momentum (AISTATS 2022)");
  algorithm.options = {{"buffer", std::int64_t{10}, "K, changes for each step of the server", {1, 1e6}},
                       {"server_learning_rate", 1.0, "of the server's steps along their mean", {0, 1000}},
                       {"staleness_power", 0.5, "a change s steps old counts (1 + s)^-power", {0, 100}},
                       steps_option()};
  algorithm.shorter_rounds = asks_for_fewer_steps;
  algorithm.protocols = [](const AlgorithmOptions& options, const ProtocolContext& run) {
    const auto buffer = static_cast<std::uint32_t>(options.integer("buffer"));
    return workers_and_server(options, run, {options.number("server_learning_rate"), 0, buffer, 0, true});
  };
  return algorithm;
}

}  // namespace tardigrad
