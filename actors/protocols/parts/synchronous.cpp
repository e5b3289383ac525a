#include "actors/protocols/parts/synchronous.hpp"

#include <utility>

#include "models/weighted_sum.hpp"
#include "netem/graph/mixing_weights.hpp"

namespace tardigrad {

SynchronousProtocol::SynchronousProtocol(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs)
    : info_(info), graphs_(std::move(graphs)) {}

void SynchronousProtocol::on_start(SharedValues initial, Actions& actions) {
  start_ = std::move(initial);
  begin(start_);
  begin_round(actions);
}

void SynchronousProtocol::on_trained(LocalRound local, Actions& actions) {
  local_ = std::move(local);
  send_round(round_, *graph_, local_.values, actions);
  proceed(true, actions);
}

void SynchronousProtocol::on_message(const ProtocolMessage& message, Actions& actions) {
  if (!is_due(message)) return actions.refuse(message.from);
  inbox_.put(message, round_);
  if (local_.values) proceed(true, actions);
}

bool SynchronousProtocol::is_due(const ProtocolMessage& message) const {
  if (message.kind != 0 || message.round > kLastRound) return false;
  const auto graph = message.round == round_ ? graph_ : graphs_->at(message.round);
  return graph->has_edge(message.from, self());
}

void SynchronousProtocol::on_wait_over(Actions& actions) {
  if (local_.values) proceed(false, actions);
}

void SynchronousProtocol::persist(StateArchive& archive) {
  archive(round_, start_, local_, inbox_);
  if (archive.loads() && start_) graph_ = graphs_->at(round_);
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
    auto message = inbox_.take(sender, round_);
    if (!message) {
      actions.missed(1);
      continue;
    }
    if (!learns()) message->values = local_.values;
    if (!learns() || read(*message, local_.values)) {
      exchange.arrived.push_back(std::move(*message));
    } else {
      actions.refuse(sender);
    }
  }
  for (const ProtocolMessage& message : exchange.arrived) actions.mixed(round_, message.round);
  const bool left_behind = exchange.arrived.empty() && !senders.empty();
  start_ = mix(exchange, std::exchange(local_.values, nullptr), actions);
  round_ = left_behind ? inbox_.next_open(senders, round_) : round_ + 1;
  begin_round(actions);
}

void SynchronousProtocol::begin_round(Actions& actions) {
  graph_ = graphs_->at(round_);
  actions.start_round(start_, next_work());
  round_begins(round_, *graph_, actions);
}

bool SynchronousProtocol::read(ProtocolMessage& message, const SharedValues& trained) {
  return message.has(trained->size());
}

void SynchronousProtocol::send_to_neighbours(Round round, const Graph& graph, Actions::Send message,
                                             Actions& actions) const {
  message.round = round;
  message.order = 0;
  for (const NodeId neighbour : graph.neighbours(self())) {
    message.to = neighbour;
    actions.send(message);
    ++message.order;
  }
}

Values SynchronousProtocol::weighted_mean(const Exchange& exchange, const Values& own) const {
  Values mean(own.size(), 0.0F);
  double self_weight = 1;
  for (const ProtocolMessage& message : exchange.arrived) {
    const double weight = mixing_weight(*exchange.graph, self(), message.from);
    self_weight -= weight;
    add_weighted(mean, static_cast<float>(weight), *message.values);
  }
  add_weighted(mean, static_cast<float>(self_weight), own);
  return mean;
}

Algorithm synchronous_algorithm(std::string name, std::string summary) {
  Algorithm algorithm;
  algorithm.name = std::move(name);
  algorithm.summary = std::move(summary);
  algorithm.waits = true;
  algorithm.usual_topology = {"ring", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) {
    return whole_fragments(sender.graph.degree(sender.node), sender);
  };
  return algorithm;
}

void set_payload(Algorithm& algorithm, std::function<Bytes(const AlgorithmOptions&, std::uint64_t)> payload) {
  algorithm.sends = [payload = std::move(payload)](const AlgorithmOptions& options, const Sender& sender) {
    const auto bytes = static_cast<double>(payload(options, sender.parameters));
    return std::vector<SentMessages>{{static_cast<double>(sender.graph.degree(sender.node)), bytes}};
  };
}

}  // namespace tardigrad
