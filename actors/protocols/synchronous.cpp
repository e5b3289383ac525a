#include "actors/protocols/synchronous.hpp"

#include <utility>

namespace tardigrad {

SynchronousProtocol::SynchronousProtocol(const Seat& seat, std::shared_ptr<const GraphSchedule> graphs)
    : seat_(seat), graphs_(std::move(graphs)) {}

void SynchronousProtocol::on_start(SharedValues initial, Actions& actions) {
  start_ = std::move(initial);
  begin(start_);
  actions.start_round(start_);
}

void SynchronousProtocol::on_trained(Round, SharedValues trained, Actions& actions) {
  trained_ = std::move(trained);
  graph_ = graphs_->at(round_);
  send_round(round_, *graph_, trained_, actions);
  proceed(true, actions);
}

void SynchronousProtocol::on_message(const ProtocolMessage& message, Actions& actions) {
  inbox_.put(message, round_);
  if (trained_) proceed(true, actions);
}

void SynchronousProtocol::on_wait_over(Actions& actions) {
  if (trained_) proceed(false, actions);
}

void SynchronousProtocol::proceed(bool patient, Actions& actions) {
  std::vector<NodeId> awaited;
  for (const NodeId sender : graph_->sources(self())) {
    if (!inbox_.is_settled(sender, round_)) awaited.push_back(sender);
  }
  if (patient && !awaited.empty()) return actions.await(std::move(awaited));
  actions.await({});
  end_exchange(actions);
}

void SynchronousProtocol::end_exchange(Actions& actions) {
  const std::vector<NodeId> senders = graph_->sources(self());
  Exchange exchange{round_, graph_, {}};
  for (const NodeId sender : senders) {
    if (auto message = inbox_.take(sender, round_)) exchange.arrived.push_back(std::move(*message));
  }
  for (const ProtocolMessage& message : exchange.arrived) actions.mixed(round_, message.round);
  const bool left_behind = exchange.arrived.empty() && !senders.empty();
  actions.missed(senders.size() - exchange.arrived.size());
  start_ = mix(exchange, std::exchange(trained_, nullptr), actions);
  round_ = left_behind ? inbox_.next_open(senders, round_) : round_ + 1;
  actions.start_round(start_);
}

}  // namespace tardigrad
