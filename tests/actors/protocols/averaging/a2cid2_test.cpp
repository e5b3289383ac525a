#include "actors/protocols/averaging/a2cid2.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "netem/base/random_stream.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

constexpr std::uint64_t kSeed = 5;

ProtocolMessage as_message(NodeId from, const Actions::Send& sent) {
  return {from, sent.kind, sent.round, sent.values};
}

/// One node, to which things happen at given seconds.
class TimedNode {
 public:
  TimedNode(NodeId self, std::shared_ptr<const Graph> graph, std::unique_ptr<AdPsgd> protocol, const Values& initial)
      : self_(self), graph_(std::move(graph)), protocol_(std::move(protocol)), start_(initial) {
    Actions actions;
    protocol_->on_start(shared(initial), actions);
    note(actions);
  }

  const Values& model() const { return model_; }
  const Values& second() const { return dynamic_cast<const A2cid2&>(*protocol_).second(); }

  /// Local steps end that change the model by `update`; an active node may make an offer, which is given up.
  void step(double seconds, const Values& update) {
    const Actions trained = train(seconds, update, 0);
    if (trained.sends().empty()) return;
    Actions over(from_seconds(seconds));
    protocol_->on_wait_over(over);
    ++given_up_;
  }
  /// An offer to `partner`, at the end of local steps that change the model by `update`.
  ProtocolMessage offer(double seconds, NodeId partner, const Values& update) {
    const Actions trained = train(seconds, update, round_with(partner));
    REQUIRE(trained.sends().size() == 1);
    REQUIRE(trained.sends()[0].to == partner);
    return as_message(self_, trained.sends()[0]);
  }
  /// Returns its answer to an offer; an answer has none.
  std::optional<ProtocolMessage> receive(double seconds, const ProtocolMessage& message) {
    Actions actions(from_seconds(seconds));
    protocol_->on_message(message, actions);
    note(actions);
    if (!actions.sends().empty()) return as_message(self_, actions.sends()[0]);
    given_up_ = 0;
    return std::nullopt;
  }

 private:
  Actions train(double seconds, const Values& update, Round round) {
    Values trained = start_;
    for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += update[p];
    Actions actions(from_seconds(seconds));
    protocol_->on_trained({round, shared(std::move(trained))}, actions);
    note(actions);
    REQUIRE(actions.starts_round());
    start_ = *actions.values();
    return actions;
  }
  void note(const Actions& actions) { model_ = *actions.values(); }
  /// A round after which the node draws this partner.
  Round round_with(NodeId partner) const {
    for (Round round = 0;; ++round) {
      RandomStream draws(kSeed, Purpose::partner, self_, round + 1);
      const NodeId degree = graph_->degree(self_);
      auto k = draws.below(degree);
      for (int skip = 0; skip < given_up_; ++skip) k = draws.below(degree);
      if (graph_->neighbour(self_, static_cast<NodeId>(k)) == partner) return round;
    }
  }

  NodeId self_;
  std::shared_ptr<const Graph> graph_;
  std::unique_ptr<AdPsgd> protocol_;
  Values model_;
  Values start_;
  int given_up_ = 0;  ///< in a row
};

/// Even nodes of a ring are passive, odd ones active.
AdPsgd::Role role_of(NodeId node) { return node % 2 == 0 ? AdPsgd::Role::passive : AdPsgd::Role::active; }

using SharedGraph = std::shared_ptr<const Graph>;

TimedNode accelerated(NodeId self, const SharedGraph& graph, ContinuousMomentum momentum, const Values& initial) {
  return {self, graph, std::make_unique<A2cid2>(self, role_of(self), graph, kSeed, momentum), initial};
}

TimedNode plain(NodeId self, const SharedGraph& graph, const Values& initial) {
  return {self, graph, std::make_unique<AdPsgd>(self, role_of(self), graph, kSeed), initial};
}

SharedGraph pair_of_nodes() { return std::make_shared<const Graph>(Graph::from_edges(2, {{0, 1}})); }

void exchange(double seconds, TimedNode& active, TimedNode& passive, NodeId passive_id) {
  const ProtocolMessage offer = active.offer(seconds, passive_id, Values(active.model().size(), 0.0F));
  active.receive(seconds, passive.receive(seconds, offer).value());
}

double sum_of(const std::vector<const Values*>& all) {
  double sum = 0;
  for (const Values* values : all) {
    for (const float value : *values) sum += static_cast<double>(value);
  }
  return sum;
}

}  // namespace

TEST_CASE("a2cid2 reproduces steps and exchanges on a ring, both vectors of every node (numeric cases)") {
  for (const auto& example : vector_cases("a2cid2")) {
    const auto initial = example["initial"].get<std::vector<Values>>();
    const auto graph = std::make_shared<const Graph>(
        Graph::from_edges(example["nodes"].get<NodeId>(), example["edges"].get<std::vector<Edge>>()));
    std::vector<TimedNode> nodes;
    for (NodeId node = 0; node < initial.size(); ++node) {
      const ContinuousMomentum momentum{example["constants"]["eta"].get<double>(),
                                        example["constants"]["alpha_tilde"].get<float>(),
                                        example["gradient_time"][node].get<double>()};
      nodes.push_back(accelerated(node, graph, momentum, initial[node]));
    }
    for (const auto& event : example["events"]) {
      const auto seconds = event["time"].get<double>();
      const auto ids = event["nodes"].get<std::vector<NodeId>>();
      INFO(event["kind"] << " at " << seconds);
      if (event["kind"] == "step") {
        nodes[ids[0]].step(seconds, event["update"].get<Values>());
      } else {
        const NodeId active = ids[0] % 2 == 1 ? ids[0] : ids[1];
        const NodeId passive = ids[0] + ids[1] - active;
        exchange(seconds, nodes[active], nodes[passive], passive);
      }
      for (std::size_t k = 0; k < ids.size(); ++k) {
        check_close(nodes[ids[k]].model(), event["x"][k].get<std::vector<double>>());
        check_close(nodes[ids[k]].second(), event["x_tilde"][k].get<std::vector<double>>());
      }
    }
  }
}

TEST_CASE("a2cid2's constants follow from the graph, one exchange a round of active nodes (numeric cases)") {
  for (const auto& example : vector_cases("a2cid2")) {
    const Graph graph = Graph::from_edges(example["nodes"].get<NodeId>(), example["edges"].get<std::vector<Edge>>());
    const ContinuousMomentum momentum = continuous_momentum(graph, bipartition(graph).value());
    CHECK(momentum.eta == doctest::Approx(example["constants"]["eta"].get<double>()).epsilon(1e-9));
    CHECK(momentum.alpha == doctest::Approx(example["constants"]["alpha_tilde"].get<float>()).epsilon(1e-6));
  }
}

TEST_CASE("whatever the delays, a2cid2 keeps the sum of both vectors, and an exchange that of each") {
  const auto graph = pair_of_nodes();
  const ContinuousMomentum momentum{0.4, 0.8F, 0.7};
  TimedNode passive = accelerated(0, graph, momentum, {1, -2});
  TimedNode active = accelerated(1, graph, momentum, {0.5F, 3});
  double expected = 2 * 2.5;
  RandomStream draws(3, Purpose::test);
  double now = 0;
  for (int round = 0; round < 50; ++round) {
    const Values update{static_cast<float>(draws.normal()), static_cast<float>(draws.normal())};
    now += draws.uniform();
    const ProtocolMessage offer = active.offer(now, 0, update);
    now += draws.uniform();
    passive.step(now, update);
    expected += 4 * static_cast<double>(update[0] + update[1]);
    now += draws.uniform();
    const ProtocolMessage answer = passive.receive(now, offer).value();
    now += draws.uniform();
    active.receive(now, answer);
    CHECK(sum_of({&active.model(), &active.second(), &passive.model(), &passive.second()}) ==
          doctest::Approx(expected).epsilon(1e-5));

    // Once more at the same time, so that nothing mixes: the second vectors are apart, but their sum stays.
    passive.step(now, {0, 0});
    const double first = sum_of({&active.model(), &passive.model()});
    const double second = sum_of({&active.second(), &passive.second()});
    exchange(now, active, passive, 0);
    CHECK(sum_of({&active.model(), &passive.model()}) == doctest::Approx(first).epsilon(1e-5));
    CHECK(sum_of({&active.second(), &passive.second()}) == doctest::Approx(second).epsilon(1e-5));
  }
}

TEST_CASE("without momentum a2cid2 is ad-psgd, bit for bit, whatever time passes") {
  const auto graph = pair_of_nodes();
  const ContinuousMomentum none{0, 0.8F, 0.7};
  TimedNode passives[] = {plain(0, graph, {0.1F, -2}), accelerated(0, graph, none, {0.1F, -2})};
  TimedNode actives[] = {plain(1, graph, {0.7F, 3}), accelerated(1, graph, none, {0.7F, 3})};
  for (int round = 0; round < 20; ++round) {
    const Values update{0.3F * static_cast<float>(round), -0.01F};
    const double now = 2.7 * round;
    for (int k = 0; k < 2; ++k) {
      const ProtocolMessage offer = actives[k].offer(now, 0, update);
      passives[k].step(now + 0.5, update);
      actives[k].receive(now + 1.3, passives[k].receive(now + 0.9, offer).value());
    }
    CHECK(actives[0].model() == actives[1].model());
    CHECK(passives[0].model() == passives[1].model());
  }
}

TEST_CASE("a2cid2's time runs by the mean duration of each node's rounds") {
  const auto mixed_after = [](std::vector<double> step_seconds, std::uint32_t local_steps) {
    ProtocolContext run{std::make_shared<const GraphSchedule>(ring(4)), kSeed};
    run.step_seconds = std::move(step_seconds);
    run.local_steps = local_steps;
    const Algorithm algorithm = a2cid2_algorithm();
    const auto node = algorithm.protocols(AlgorithmOptions(algorithm.options), run)({0, 0, 1});
    Actions start;
    node->on_start(shared({0}), start);
    Actions at_once;
    node->on_message({1, AdPsgd::offer, 1, shared({1})}, at_once);
    Actions later(from_seconds(3));
    node->on_trained({0, shared({0})}, later);
    return static_cast<double>((*later.values())[0]);
  };
  const ContinuousMomentum of_ring = continuous_momentum(ring(4), {0, 1, 0, 1});
  const auto alpha = static_cast<double>(of_ring.alpha);
  const auto expected = [&](double rounds) {
    return (0.5 + alpha) / 2 + (0.5 - alpha) / 2 * std::exp(-2 * of_ring.eta * rounds);
  };
  CHECK(mixed_after({}, 1) == doctest::Approx(expected(3)));
  CHECK(mixed_after({0.5, 9, 9, 9}, 1) == doctest::Approx(expected(6)));
  CHECK(mixed_after({0.5, 9, 9, 9}, 4) == doctest::Approx(expected(1.5)));
}

TEST_CASE("a2cid2 refuses graphs without two sides, and graphs that are too large for it") {
  const Algorithm algorithm = a2cid2_algorithm();
  const AlgorithmOptions options(algorithm.options);
  CHECK(algorithm.objection(options, ring(6)).empty());
  CHECK(algorithm.objection(options, ring(5)).find("not bipartite") != std::string::npos);
  CHECK(algorithm.objection(options, ring(1002)) ==
        "its momentum follows from the resistance of every edge, which takes too long for 1002 nodes: expected at most "
        "1000");
}

}  // namespace tardigrad
