#include "actors/protocols/averaging/ad_psgd.hpp"

#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

namespace {

std::uint8_t kind_of(AdPsgd::MessageKind kind, std::uint32_t given_up) {
  return static_cast<std::uint8_t>(given_up % 128 * 2 + kind);
}

}  // namespace

SharedValues moved(const Values& model, float weight, const Values& to, const Values& from) {
  Values result(model.size());
  for (std::size_t p = 0; p < model.size(); ++p) result[p] = model[p] + weight * (to[p] - from[p]);
  return share(std::move(result));
}

SharedValues moved_by_steps(const SharedValues& model, const SharedValues& trained, const SharedValues& start) {
  return model == start ? trained : moved(*model, 1.0F, *trained, *start);
}

AdPsgd::AdPsgd(NodeId self, Role role, std::shared_ptr<const Graph> graph, std::uint64_t seed)
    : self_(self), role_(role), graph_(std::move(graph)), seed_(seed) {}

void AdPsgd::on_start(SharedValues initial, Actions& actions) {
  model_ = start_ = std::move(initial);
  actions.start_round(model_);
}

void AdPsgd::on_trained(LocalRound local, Actions& actions) {
  finished_ = local.round + 1;
  pass_time(actions.now());
  moves_by_steps(local.values, start_);
  model_ = moved_by_steps(model_, local.values, start_);
  if (sent_) {
    waiting_ = true;
    actions.update(model_);
    return;
  }
  if (role_ == Role::active) offer_model(actions);
  start_ = model_;
  actions.start_round(model_);
}

void AdPsgd::on_message(const ProtocolMessage& message, Actions& actions) {
  // Nodes of one side offer, those of the other answer.
  const bool is_offer = message.kind % 2 == offer;
  const bool is_due = is_offer == (role_ == Role::passive) && graph_->has_edge(message.from, self_);
  if (!is_due) return actions.refuse(message.from);
  if (!is_offer && !awaits(message)) return;  // belongs to an exchange that was given up
  if (message.has(model_->size())) return is_offer ? answer_offer(message, actions) : take_answer(message, actions);
  actions.refuse(message.from);
  if (!is_offer) on_wait_over(actions);  // there will be no other answer
}

void AdPsgd::on_wait_over(Actions& actions) {
  if (!sent_) return;
  ++given_up_;
  ++given_up_in_a_row_;
  sent_.reset();
  if (!waiting_) return actions.await({});
  pass_time(actions.now());
  go_on(actions);
}

bool AdPsgd::awaits(const ProtocolMessage& message) const {
  return sent_ && message.from == partner_ && message.kind == kind_of(answer, given_up_);
}

NodeId AdPsgd::next_partner() {
  RandomStream partner(seed_, Purpose::partner, self_, finished_);
  const NodeId degree = graph_->degree(self_);
  auto k = partner.below(degree);
  for (std::uint32_t skip = 0; skip < given_up_in_a_row_; ++skip) k = partner.below(degree);
  return graph_->neighbour(self_, static_cast<NodeId>(k));
}

void AdPsgd::offer_model(Actions& actions) {
  partner_ = next_partner();
  sent_ = model_;
  actions.send({partner_, kind_of(offer, given_up_), finished_, sent_, 0});
  actions.await({partner_});
}

void AdPsgd::answer_offer(const ProtocolMessage& message, Actions& actions) {
  pass_time(actions.now());
  actions.send({message.from, static_cast<std::uint8_t>(message.kind + answer), finished_, model_, 0});
  moves_by_exchange(*message.values, *model_);
  model_ = moved(*model_, 0.5F, *message.values, *model_);
  actions.mixed(finished_, message.round);
  actions.update(model_);
}

void AdPsgd::take_answer(const ProtocolMessage& message, Actions& actions) {
  pass_time(actions.now());
  moves_by_exchange(*message.values, *sent_);
  model_ = moved(*model_, 0.5F, *message.values, *sent_);
  sent_.reset();
  given_up_in_a_row_ = 0;
  actions.mixed(finished_, message.round);
  if (waiting_) return go_on(actions);
  actions.await({});
  actions.update(model_);
}

void AdPsgd::go_on(Actions& actions) {
  waiting_ = false;
  offer_model(actions);
  start_ = model_;
  actions.start_round(model_);
}

Algorithm ad_psgd_algorithm() {
  Algorithm algorithm;
  algorithm.name = "ad-psgd";
  algorithm.summary = "atomic pairwise averaging, active and passive nodes, as published (ICML 2018)";
  algorithm.waits = true;
  algorithm.usual_topology = {"bipartite", 0, ""};
  algorithm.objection = [](const AlgorithmOptions&, const Graph& graph) -> std::string {
    if (!is_connected(graph)) return "the graph is not connected: some nodes would never hear of the others";
    if (!bipartition(graph)) {
      return "the graph is not bipartite (it has an odd cycle), so it cannot be split into active and passive nodes; "
             "use topology = \"bipartite\", or a ring or torus of even size";
    }
    return {};
  };
  algorithm.fragments = [](const AlgorithmOptions&) { return FragmentId{1}; };
  // One exchange per local round of an active node, one answer to each from a passive node.
  algorithm.sends = [](const AlgorithmOptions&, const Sender& sender) { return whole_fragments(1, sender); };
  // A coarser encoding shifts the sum of a pair by half the difference of the two errors. If only some values
  // travelled, one node of the pair would move and the other would not.
  algorithm.compression = [](const AlgorithmOptions&) { return Compression::dense; };
  algorithm.protocols = [](const AlgorithmOptions&, const ProtocolContext& run) -> ProtocolFactory {
    const auto graph = run.graphs->at(0);
    return [side = bipartition(*graph).value(), graph, seed = run.seed](const FragmentInfo& info) {
      const auto role = side[info.node] == 0 ? AdPsgd::Role::passive : AdPsgd::Role::active;
      return std::make_unique<AdPsgd>(info.node, role, graph, seed);
    };
  };
  return algorithm;
}

}  // namespace tardigrad
