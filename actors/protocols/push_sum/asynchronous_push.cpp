#include "actors/protocols/push_sum/asynchronous_push.hpp"

#include <algorithm>
#include <utility>

namespace tardigrad {

AsynchronousPush::AsynchronousPush(const FragmentInfo& info, std::shared_ptr<const GraphSchedule> graphs,
                                   std::optional<Round> tau, PushSumForm form)
    : info_(info), graphs_(std::move(graphs)), tau_(tau), mass_(form) {}

void AsynchronousPush::on_start(SharedValues initial, Actions& actions) {
  start_ = std::move(initial);
  mass_.begin(*start_);
  actions.start_round(start_);
}

void AsynchronousPush::on_trained(LocalRound local, Actions& actions) {
  if (learns()) mass_.add(*local.values, *start_);
  send_shares(actions);
  trained_ = true;
  proceed(true, actions);
}

void AsynchronousPush::send_shares(Actions& actions) {
  const std::vector<NodeId> receivers = graphs_->at(round_)->neighbours(info_.node);
  Actions::Send message;
  message.round = round_;
  message.payload = mass_.form().payload(info_.parameters);
  const bool gives = !learns() || mass_.give(static_cast<NodeId>(receivers.size()), message);
  // Running sums make good what was lost, also when nothing is new in them.
  if (!gives && !tau_ && !mass_.form().robust) return;
  for (const NodeId receiver : receivers) {
    message.to = receiver;
    actions.send(message);
    ++message.order;
  }
}

void AsynchronousPush::on_message(const ProtocolMessage& message, Actions& actions) {
  const bool is_due = message.kind == 0 && message.round <= kLastRound &&
                      graphs_->at(message.round)->has_edge(message.from, info_.node);
  if (!is_due) return actions.refuse(message.from);
  Round& ended = ended_[message.from];
  ended = std::max(ended, message.round + 1);
  ProtocolMessage read = message;
  if (learns() && !mass_.read(read)) {
    actions.refuse(message.from);
  } else {
    actions.mixed(round_, message.round);
    if (learns()) mass_.take(*read.values);
  }
  if (trained_) return proceed(true, actions);
  actions.update(model());
}

void AsynchronousPush::on_wait_over(Actions& actions) {
  if (trained_) proceed(false, actions);
}

std::vector<NodeId> AsynchronousPush::missing() const {
  std::vector<NodeId> senders;
  if (!tau_ || round_ < *tau_) return senders;
  const Round awaited = round_ - *tau_;
  for (const NodeId sender : graphs_->at(awaited)->sources(info_.node)) {
    const auto ended = ended_.find(sender);
    if (ended == ended_.end() || ended->second <= awaited) senders.push_back(sender);
  }
  return senders;
}

void AsynchronousPush::proceed(bool patient, Actions& actions) {
  std::vector<NodeId> senders = missing();
  if (patient && !senders.empty()) {
    actions.update(model());
    return actions.await(std::move(senders));
  }
  actions.missed(senders.size());
  if (tau_) actions.await({});
  trained_ = false;
  round_ = next_round();
  start_ = model();
  actions.start_round(start_);
}

Round AsynchronousPush::next_round() const {
  if (!tau_) return round_ + 1;
  const auto graph = graphs_->at(round_);
  const Round farthest = round_ + (*tau_ + 1) * graph->size();
  Round least = kLastRound;
  for (const NodeId sender : graph->sources(info_.node)) {
    const auto ended = ended_.find(sender);
    least = std::min(least, ended == ended_.end() ? 0 : ended->second);
  }
  return least > farthest && least < kLastRound ? least : round_ + 1;
}

namespace {

/// What both have in common. `tau` reads the option.
Algorithm asynchronous_push(std::string name, std::string summary,
                            std::function<std::optional<Round>(const AlgorithmOptions&)> tau) {
  const auto form = [](const AlgorithmOptions& options) {
    return PushSumForm{options.flag("robust"), static_cast<float>(options.number("least_weight"))};
  };
  Algorithm algorithm;
  algorithm.name = std::move(name);
  algorithm.summary = std::move(summary);
  algorithm.options = {
      {"least_weight", 0.001, "a node whose weight would fall below gives nothing away in that round", 1e-9, 0.5},
      robust_option()};
  algorithm.needs_every_message = [](const AlgorithmOptions& options) { return !options.flag("robust"); };
  algorithm.follows_changing_graphs = [](const AlgorithmOptions& options) { return !options.flag("robust"); };
  algorithm.follows_directed_graphs = true;
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) { return objection_to_unconnected(graph); };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  algorithm.sends = [form](const AlgorithmOptions& options, const Sender& sender) {
    return std::vector<SentMessages>{{static_cast<double>(sender.graph.degree(sender.node)),
                                      static_cast<double>(form(options).payload(sender.parameters))}};
  };
  algorithm.protocols = [form, tau = std::move(tau)](const AlgorithmOptions& options,
                                                     const ProtocolContext& run) -> ProtocolFactory {
    return [graphs = run.graphs, own = form(options), tau = tau(options)](const FragmentInfo& info) {
      return std::make_unique<AsynchronousPush>(info, graphs, tau, own);
    };
  };
  return algorithm;
}

}  // namespace

Algorithm osgp_algorithm() {
  Algorithm algorithm =
      asynchronous_push("osgp", "push-sum that waits for messages of some rounds before only (ICML 2019)",
                        [](const AlgorithmOptions& options) { return static_cast<Round>(options.integer("tau")); });
  algorithm.options.insert(
      algorithm.options.begin(),
      {"tau", std::int64_t{1}, "rounds that a node may end ahead of the messages it awaits", 0, 1000});
  algorithm.waits = true;
  algorithm.usual_topology = {"one-peer-exponential", 0, ""};
  return algorithm;
}

Algorithm agp_algorithm() {
  Algorithm algorithm = asynchronous_push("agp", "asynchronous push-sum on directed graphs; nobody waits (2018)",
                                          [](const AlgorithmOptions&) { return std::optional<Round>(); });
  algorithm.usual_topology = {"directed-exponential", 0, ""};
  return algorithm;
}

}  // namespace tardigrad
