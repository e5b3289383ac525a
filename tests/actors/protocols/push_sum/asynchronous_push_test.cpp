#include "actors/protocols/push_sum/asynchronous_push.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <deque>
#include <map>

#include "actors/protocols/push_sum/sgp.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

using Json = nlohmann::json;
using Doubles = std::vector<double>;

/// What a message's running sums say: of x, then of w.
Doubles sums_in(const SharedBytes& bytes) {
  Doubles sums(bytes->size() / sizeof(double));
  std::memcpy(sums.data(), bytes->data(), sums.size() * sizeof(double));
  return sums;
}

/// Plays the events of a numeric case, one after the other.
class Events {
 public:
  Events(const Json& example, const ProtocolFactory& protocols) {
    for (const Values& initial : example["initial"].get<std::vector<Values>>()) {
      nodes_.push_back(protocols({static_cast<NodeId>(nodes_.size()), 0, initial.size()}));
      Actions actions;
      nodes_.back()->on_start(shared(initial), actions);
      starts_.push_back(actions.values());
    }
  }

  void play(const Json& event) {
    const std::string kind = event["kind"];
    if (kind == "trained") {
      train(event);
    } else {
      deliver(event, kind != "lost");
    }
    if (!event.contains("x")) return;
    const PushSumMass& mass = mass_of(event["node"]);
    check_close(mass.biased(), event["x"].get<Doubles>());
    check_close({mass.weight()}, {event["w"].get<double>()});
    check_close(mass.model(), event["model"].get<Doubles>());
  }

  const PushSumMass& mass_of(NodeId node) const { return dynamic_cast<AsynchronousPush&>(*nodes_[node]).mass(); }
  const std::map<std::pair<NodeId, NodeId>, std::deque<Actions::Send>>& under_way() const { return under_way_; }

 private:
  void train(const Json& event) {
    const NodeId node = event["node"];
    const auto update = event["update"].get<Values>();
    Values trained = *starts_[node];
    for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += update[p];
    Actions actions;
    nodes_[node]->on_trained({event["round"].get<Round>(), shared(trained)}, actions);
    for (const Actions::Send& sent : actions.sends()) {
      CHECK(sent.round == event["round"].get<Round>());
      under_way_[{node, sent.to}].push_back(sent);
      if (!event.contains("sum_x")) continue;
      Doubles expected = event["sum_x"].get<Doubles>();
      expected.push_back(event["sum_w"].get<double>());
      const Doubles sums = sums_in(sent.encoded);
      check_close(Values(sums.begin(), sums.end()), expected);
    }
    check_start(event, actions);
  }

  void deliver(const Json& event, bool arrives) {
    const NodeId from = event.contains("from") ? event["from"] : event["node"];
    const NodeId to = event.contains("to") ? event["to"] : event["node"];
    auto& queue = under_way_[{from, to}];
    const auto sent = std::find_if(queue.begin(), queue.end(),
                                   [&](const auto& message) { return message.round == event["round"].get<Round>(); });
    REQUIRE(sent != queue.end());
    const Actions::Send message = *sent;
    queue.erase(sent);
    if (!arrives) return;
    Actions actions;
    nodes_[to]->on_message({from, message.kind, message.round, message.values, message.encoded}, actions);
    CHECK(actions.refused().empty());
    check_start(event, actions);
  }

  void check_start(const Json& event, const Actions& actions) {
    const NodeId node = event["node"];
    if (event.contains("starts_round")) CHECK(actions.starts_round() == event["starts_round"].get<bool>());
    if (actions.starts_round()) starts_[node] = actions.values();
  }

  std::vector<std::unique_ptr<FragmentProtocol>> nodes_;
  std::vector<SharedValues> starts_;
  std::map<std::pair<NodeId, NodeId>, std::deque<Actions::Send>> under_way_;
};

std::map<std::string, OptionSpec::Value> options_of(const Json& example) {
  std::map<std::string, OptionSpec::Value> options;
  if (!example.contains("options")) return options;
  if (example["options"].contains("tau")) options["tau"] = example["options"]["tau"].get<std::int64_t>();
  return options;
}

std::shared_ptr<const GraphSchedule> graph_of(const Json& example) {
  return always(Graph::from_arcs(example["nodes"].get<NodeId>(), example["arcs"].get<std::vector<Edge>>()));
}

/// All nodes, local steps and links of a run in a drawn order, in which messages may be lost.
class DrawnRun {
 public:
  DrawnRun(const ProtocolFactory& protocols, const std::vector<Values>& initial, double loss)
      : loss_(loss), nodes_(initial.size()), may_train_(initial.size()), starts_(initial.size()) {
    for (NodeId node = 0; node < initial.size(); ++node) {
      nodes_[node] = protocols({node, 0, initial[node].size()});
      Actions actions;
      nodes_[node]->on_start(shared(initial[node]), actions);
      carry_out(node, actions);
    }
  }

  /// One event. Local steps change every value by `change`.
  void step(float change) {
    const auto node = static_cast<NodeId>(draws_.below(nodes_.size()));
    Actions actions;
    if (draws_.below(2) == 0) {
      if (!may_train_[node]) return;
      may_train_[node] = false;
      Values trained = *starts_[node];
      for (float& value : trained) value += change;
      total_ += static_cast<double>(change);
      nodes_[node]->on_trained({0, shared(trained)}, actions);
      carry_out(node, actions);
    } else if (!under_way_.empty()) {
      const auto place = under_way_.begin() + static_cast<std::ptrdiff_t>(draws_.below(under_way_.size()));
      const auto [to, message] = *place;
      under_way_.erase(place);  // any of them: messages overtake each other
      if (draws_.uniform() < loss_) return;
      nodes_[to]->on_message(message, actions);
      CHECK(actions.refused().empty());
      carry_out(to, actions);
    }
  }
  void lose_nothing() { loss_ = 0; }
  void deliver_all() {
    for (const auto& [to, message] : under_way_) {
      Actions actions;
      nodes_[to]->on_message(message, actions);
      carry_out(to, actions);
    }
    under_way_.clear();
  }

  /// On nodes and, where messages are shares, under way: of the first value of x, and of w.
  std::pair<double, double> sums() const {
    std::pair<double, double> sum{0, 0};
    for (const auto& node : nodes_) {
      const PushSumMass& mass = dynamic_cast<AsynchronousPush&>(*node).mass();
      sum.first += static_cast<double>(mass.biased()[0]);
      sum.second += static_cast<double>(mass.weight());
    }
    for (const auto& [to, message] : under_way_) {
      if (!message.values) continue;
      sum.first += static_cast<double>(message.values->front());
      sum.second += static_cast<double>(message.values->back());
    }
    return sum;
  }
  double total() const { return total_; }

 private:
  void carry_out(NodeId node, const Actions& actions) {
    for (const Actions::Send& sent : actions.sends()) {
      under_way_.emplace_back(sent.to, ProtocolMessage{node, sent.kind, sent.round, sent.values, sent.encoded});
    }
    if (!actions.starts_round()) return;
    may_train_[node] = true;
    starts_[node] = actions.values();
  }

  double loss_;
  double total_ = 0;
  RandomStream draws_{5, Purpose::test};
  std::vector<std::unique_ptr<FragmentProtocol>> nodes_;
  std::vector<bool> may_train_;
  std::vector<SharedValues> starts_;
  std::vector<std::pair<NodeId, ProtocolMessage>> under_way_;
};

/// 0 -> 1 -> 2 -> 0 and 0 -> 2.
std::shared_ptr<const GraphSchedule> lopsided() {
  return always(Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 0}, {0, 2}}));
}

double initial_sum(const std::vector<Values>& models) {
  return mean_of(models)[0] * static_cast<double>(models.size());
}

}  // namespace

TEST_CASE("osgp and agp reproduce their events, starts of rounds and both sums included (numeric cases)") {
  for (const std::string kind : {"osgp", "agp"}) {
    for (const auto& example : vector_cases(kind)) {
      const Algorithm algorithm = kind == "osgp" ? osgp_algorithm() : agp_algorithm();
      Events run(example, protocols_of(algorithm, graph_of(example), options_of(example)));
      for (const auto& event : example["events"]) run.play(event);
      Doubles on_nodes(example["parameters"].get<std::size_t>() + 1);
      Doubles in_flight = on_nodes;
      for (NodeId node = 0; node < example["nodes"].get<NodeId>(); ++node) {
        for (std::size_t p = 0; p + 1 < on_nodes.size(); ++p) on_nodes[p] += double{run.mass_of(node).biased()[p]};
        on_nodes.back() += double{run.mass_of(node).weight()};
      }
      for (const auto& [pair, queue] : run.under_way()) {
        for (const auto& message : queue) {
          for (std::size_t p = 0; p < in_flight.size(); ++p) in_flight[p] += double{(*message.values)[p]};
        }
      }
      for (const bool flying : {false, true}) {
        const std::string where = flying ? "in_flight" : "on_nodes";
        Doubles expected = example["sum_of_x_" + where].get<Doubles>();
        expected.push_back(example["sum_of_w_" + where].get<double>());
        const Doubles& sums = flying ? in_flight : on_nodes;
        check_close(Values(sums.begin(), sums.end()), expected, 4e-6);
      }
    }
  }
}

TEST_CASE("running sums reproduce events with lost and overtaken messages (numeric cases)") {
  for (const auto& example : vector_cases("rasgp")) {
    Events run(example, protocols_of(agp_algorithm(), graph_of(example), {{"robust", true}}));
    for (const auto& event : example["events"]) run.play(event);
    Values sums(example["parameters"].get<std::size_t>() + 1);
    for (NodeId node = 0; node < example["nodes"].get<NodeId>(); ++node) {
      for (std::size_t p = 0; p + 1 < sums.size(); ++p) sums[p] += run.mass_of(node).biased()[p];
      sums.back() += run.mass_of(node).weight();
    }
    Doubles expected = example["sum_of_x_on_nodes"].get<Doubles>();
    expected.push_back(example["sum_of_w_on_nodes"].get<double>());
    check_close(sums, expected, 4e-6);
  }
}

TEST_CASE("whatever the order of events, nothing of both sums is lost on nodes and under way") {
  for (const Algorithm& algorithm : {osgp_algorithm(), agp_algorithm()}) {
    INFO(algorithm.name);
    const auto models = scattered_models(3, 2);
    DrawnRun run(protocols_of(algorithm, lopsided()), models, 0);
    for (int i = 0; i < 2000; ++i) {
      run.step(i % 2 == 0 ? 0.01F : -0.01F);
      CHECK(std::abs(run.sums().first - initial_sum(models) - run.total()) < 1e-3);
      CHECK(std::abs(run.sums().second - 3) < 1e-4);
    }
  }
}

TEST_CASE("running sums bring back what was lost with the next message of each pair") {
  const auto models = scattered_models(3, 2);
  DrawnRun run(protocols_of(agp_algorithm(), lopsided(), {{"robust", true}}), models, 0.4);
  for (int i = 0; i < 2000; ++i) run.step(i % 2 == 0 ? 0.01F : -0.01F);
  CHECK(run.sums().second < 2.99);  // something is on its way, or was lost with the last messages
  run.lose_nothing();
  for (int i = 0; i < 100; ++i) run.step(0);  // every node speaks once more
  run.deliver_all();
  CHECK(std::abs(run.sums().first - initial_sum(models) - run.total()) < 1e-3);
  CHECK(std::abs(run.sums().second - 3) < 1e-4);
}

TEST_CASE("a node far ahead keeps its last thousandth") {
  OneNode node(protocols_of(agp_algorithm(), lopsided()), 1, {1, 2});
  int silent = 0;
  for (int round = 0; round < 20; ++round) {
    const Actions done = node.trained({1, 2});
    REQUIRE(done.starts_round());
    check_close(*done.values(), {1, 2});
    silent += done.sends().empty() ? 1 : 0;
  }
  CHECK(silent == 11);  // 2^-9 is the last weight above a thousandth

  OneNode robust(protocols_of(agp_algorithm(), lopsided(), {{"robust", true}, {"least_weight", 0.25}}), 1, {1, 2});
  robust.trained({1, 2});
  const Actions second = robust.trained({1, 2});
  const Actions third = robust.trained({1, 2});
  CHECK(sums_in(third.sends()[0].encoded) == sums_in(second.sends()[0].encoded));
  CHECK(sums_in(second.sends()[0].encoded) == Doubles{0.75, 1.5, 0.75});
}

TEST_CASE("osgp waits for the round tau before, and for nothing else") {
  OneNode node(protocols_of(osgp_algorithm(), lopsided(), {{"tau", std::int64_t{2}}}), 2, {0});
  CHECK(node.trained({1}).starts_round());
  CHECK(node.trained({1}).starts_round());
  const Actions waiting = node.trained({1});
  CHECK_FALSE(waiting.starts_round());
  CHECK(waiting.awaited() == std::vector<NodeId>{0, 1});
  CHECK(node.received(0, 1, {1, 0.5}).awaited() == std::vector<NodeId>{1});  // a later message stands for it
  const Actions done = node.received(1, 0, {1, 0.5});
  CHECK(done.starts_round());
  check_close(*done.values(), {(1.0 / 8 + 1 + 1) / (1.0 / 8 + 0.5 + 0.5)});
}

TEST_CASE("osgp goes on without what it has awaited for too long, and with the others' round after an absence") {
  OneNode node(protocols_of(osgp_algorithm(), lopsided(), {{"robust", true}}), 2, {0}, 1);
  node.trained({1});
  CHECK_FALSE(node.trained({1}).starts_round());
  const Actions impatient = node.waited();
  CHECK(impatient.starts_round());
  CHECK(impatient.mixing().missed == 2);
  const auto sums = [](Doubles values) {
    EncodedBytes bytes(values.size() * sizeof(double));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return share(std::move(bytes));
  };
  for (const NodeId from : {NodeId{0}, NodeId{1}}) {
    CHECK(node.received({from, 0, 500, nullptr, sums({1, 0.5})}).refused().empty());
  }
  CHECK(node.trained({1}).sends()[0].round == 2);
  CHECK(node.trained({1}).sends()[0].round == 501);
  // Sums never fall, and an overtaken message brings nothing.
  CHECK(node.received({0, 0, 501, nullptr, sums({1, 0.25})}).refused() == std::vector<NodeId>{0});
  CHECK(node.received({0, 0, 499, nullptr, sums({9, 9})}).refused().empty());
}

TEST_CASE("robust sgp takes with a round's message what was lost before it") {
  OneNode node(protocols_of(sgp_algorithm(), lopsided(), {{"robust", true}}), 1, {0}, 1);
  const auto push = [&](Round round, double x, double w) {
    const Doubles values{x, w};
    EncodedBytes bytes(values.size() * sizeof(double));
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return node.received({0, 0, round, nullptr, share(std::move(bytes))});
  };
  node.trained({4});
  check_close(*node.waited().values(), {4});
  node.trained({4});
  check_close(*push(1, 3, 0.5).values(), {(1 + 3) / (0.25 + 0.5)});
  CHECK(sgp_algorithm().follows_changing_graphs(AlgorithmOptions(sgp_algorithm().options)));
  AlgorithmOptions robust(sgp_algorithm().options);
  robust.set("robust", true);
  CHECK_FALSE(sgp_algorithm().follows_changing_graphs(robust));
}

TEST_CASE("a push is charged as a model and a weight, twice as much with running sums, with and without values") {
  for (const Algorithm& algorithm : {osgp_algorithm(), agp_algorithm(), sgp_algorithm()}) {
    for (const bool robust : {false, true}) {
      AlgorithmOptions options(algorithm.options);
      options.set("robust", robust);
      const auto graphs = lopsided();
      const auto sends = algorithm.sends(options, {0, 10, *graphs->at(0), *make_codec({})});
      CHECK(sends[0].count == 2);
      CHECK(sends[0].payload == (robust ? 8 : 4) * 11);
      for (const std::size_t values : {10U, 0U}) {
        OneNode node(protocols_of(algorithm, graphs, {{"robust", robust}}), 0, Values(values), 10);
        CHECK(node.trained(Values(values)).sends()[0].payload == Bytes{(robust ? 8U : 4U) * 11});
      }
    }
  }
}

}  // namespace tardigrad
