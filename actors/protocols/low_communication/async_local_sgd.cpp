#include "actors/protocols/low_communication/async_local_sgd.hpp"

#include <utility>

#include "actors/protocols/parts/staleness_weight.hpp"

namespace tardigrad {

void AsyncServer::on_start(SharedValues initial, Actions& actions) {
  outer_ = DelayedNesterov(outer_settings_, initial);
  actions.update(std::move(initial));
}

void AsyncServer::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.kind != 0 || message.from >= seen_.size()) return actions.refuse(message.from);
  Seen& worker = seen_[message.from];
  const bool is_new = message.round == worker.rounds + 1;
  if (!is_new && (message.round != worker.rounds || worker.rounds == 0)) return actions.refuse(message.from);
  if (is_new) take(message, worker, actions);
  worker.updates = outer_.updates();
  actions.send({message.from, 0, message.round, outer_.model(), 0});
}

void AsyncServer::take(const ProtocolMessage& message, Seen& worker, Actions& actions) {
  worker.rounds = message.round;
  if (!message.has(outer_.model()->size())) {
    actions.refuse(message.from);
    return outer_.take(Values(outer_.model()->size()));
  }
  const std::uint64_t stale = outer_.updates() - worker.updates;
  actions.mixed(outer_.updates(), worker.updates);
  outer_.take(*message.values, static_cast<float>(staleness_weight(stale, staleness_power_)));
  actions.update(outer_.model());
}

void AsyncWorker::on_start(SharedValues initial, Actions& actions) {
  start_ = std::move(initial);
  actions.start_round(start_);
}

void AsyncWorker::on_trained(LocalRound local, Actions& actions) {
  finished_ = local.round + 1;
  Values difference = *start_;
  for (std::size_t p = 0; p < difference.size(); ++p) difference[p] -= (*local.values)[p];
  difference_ = share(std::move(difference));
  actions.update(std::move(local.values));
  on_wait_over(actions);
}

void AsyncWorker::on_message(const ProtocolMessage& message, Actions& actions) {
  if (message.kind != 0 || message.from != server_) return actions.refuse(message.from);
  if (!difference_ || message.round != finished_) return;  // a second answer to one round
  if (!message.has(start_->size())) {
    actions.refuse(message.from);
    return on_wait_over(actions);
  }
  start_ = message.values;
  difference_.reset();
  actions.await({});
  actions.start_round(start_);
}

void AsyncWorker::on_wait_over(Actions& actions) {
  if (!difference_) return;
  actions.send({server_, 0, finished_, difference_, 0});
  actions.await({server_});
}

}  // namespace tardigrad
