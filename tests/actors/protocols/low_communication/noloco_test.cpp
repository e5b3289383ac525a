#include "actors/protocols/low_communication/noloco.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"
#include "tests/memory_archive.hpp"

namespace tardigrad {

using namespace test;

namespace {

std::shared_ptr<const GraphSchedule> pairs_of(const nlohmann::json& file) {
  const auto nodes = file["nodes"].get<NodeId>();
  return std::make_shared<const GraphSchedule>(
      [nodes, pairs = file["pairs"].get<std::vector<std::vector<Edge>>>()](Round round) {
        return Graph::from_edges(nodes, round < pairs.size() ? pairs[round] : std::vector<Edge>());
      });
}

ProtocolFactory drawn(NodeId nodes, double alpha = 0.5, double gamma = 0.7) {
  return protocols_of(noloco_algorithm(), graph_schedule({"complete", 0, ""}, nodes, 1),
                      {{"outer_momentum", alpha}, {"gamma", gamma}});
}

const Values& momentum_of(Lockstep& run, NodeId node) {
  return dynamic_cast<const NoLoCo&>(run.protocol(node)).momentum();
}

void check_case(const nlohmann::json& file, const nlohmann::json& example) {
  const auto& options = example["options"];
  const NoLoCo::Settings settings{options["outer_momentum"], options["beta"], options["gamma"]};
  const auto initial = file["initial"].get<std::vector<Values>>();
  Lockstep run(
      [&, pairs = pairs_of(file)](const FragmentInfo& info) { return std::make_unique<NoLoCo>(info, pairs, settings); },
      initial, updates_of(file));
  for (Round round = 0; round < file["rounds"].get<Round>(); ++round) {
    INFO("round " << round);
    run.run_until(round + 1);
    for (NodeId node = 0; node < initial.size(); ++node) {
      INFO("node " << node);
      check_close(run.model(node), example["after_round"][round][node].get<std::vector<double>>());
      check_close(momentum_of(run, node), example["momentum_after_round"][round][node].get<std::vector<double>>());
    }
  }
}

/// The largest difference of any two nodes in any parameter.
double spread(const Lockstep& run) {
  double widest = 0;
  for (NodeId a = 0; a < run.size(); ++a) {
    for (std::size_t p = 0; p < run.model(a).size(); ++p) {
      widest = std::max(widest, std::abs(static_cast<double>(run.model(a)[p]) - run.model(0)[p]));
    }
  }
  return widest;
}

}  // namespace

TEST_CASE("noloco steps with its partner of the round, or by itself (numeric cases)") {
  for (const auto& file : vector_cases("noloco")) {
    for (const auto& example : file["cases"]) check_case(file, example);
  }
}

TEST_CASE("whatever noloco's pairs, the sums over all nodes follow one linear rule") {
  for (const NodeId nodes : {1U, 2U, 7U}) {
    const auto initial = scattered_models(nodes, 3);
    const auto update = [](NodeId node, Round round, std::size_t p) {
      return 0.1F * static_cast<float>((3 * node + 2 * round + p) % 5) - 0.2F;
    };
    Lockstep run(drawn(nodes), initial, [&](NodeId node, Round round, const Values& model) {
      Values trained = model;
      for (std::size_t p = 0; p < trained.size(); ++p) trained[p] += update(node, round, p);
      return trained;
    });
    for (std::size_t p = 0; p < 3; ++p) {
      double sum = 0;
      for (const Values& model : initial) sum += model[p];
      double momentum = 0;
      for (Round round = 0; round < 8; ++round) {
        double change = 0;
        for (NodeId node = 0; node < nodes; ++node) change += update(node, round, p);
        momentum = 0.5 * momentum + 0.7 * change;
        sum += momentum;
      }
      run.run_until(8);
      double reached = 0;
      for (NodeId node = 0; node < nodes; ++node) reached += run.model(node)[p];
      CHECK(reached == doctest::Approx(sum).epsilon(1e-5));
    }
  }
}

TEST_CASE("noloco's partners are drawn anew every round, each hears of the other, and one of an odd number has none") {
  constexpr NodeId nodes = 7;
  Lockstep run(drawn(nodes), std::vector<Values>(nodes, Values(5, 1.0F)), no_steps);
  std::set<std::vector<std::pair<NodeId, NodeId>>> seen;
  for (Round round = 0; round < 6; ++round) {
    run.run_until(round + 1);
    std::vector<std::pair<NodeId, NodeId>> pairs;
    for (NodeId node = 0; node < nodes; ++node) {
      for (const Actions::Send& message : run.sent(node)) {
        CHECK(message.payload == Bytes{2 * 5 * 4});
        CHECK(message.values->size() == 2 * 5);
        CHECK(message.round == round);
        pairs.emplace_back(node, message.to);
      }
    }
    CHECK(pairs.size() == nodes - 1);
    for (const auto& [from, to] : pairs) {
      CHECK(std::count(pairs.begin(), pairs.end(), std::pair(to, from)) == 1);
    }
    seen.insert(pairs);
  }
  CHECK(seen.size() > 3);
  const Algorithm algorithm = noloco_algorithm();
  const Graph graph = build_topology({"complete", 0, ""}, nodes, 1).graph;
  const auto codec = make_codec({});
  const auto sent = algorithm.sends(AlgorithmOptions(algorithm.options), {0, 5, graph, *codec});
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].count == doctest::Approx(6.0 / 7));
  CHECK(sent[0].payload == 40);
}

TEST_CASE("noloco refuses settings with which nodes would drift apart, and graphs that are not complete") {
  const Algorithm algorithm = noloco_algorithm();
  const auto objection = [&](double alpha, double gamma, const char* topology = "complete") {
    AlgorithmOptions options(algorithm.options);
    options.set("outer_momentum", alpha);
    options.set("gamma", gamma);
    return algorithm.objection(options, build_topology({topology, 0, ""}, 8, 1).graph);
  };
  CHECK(objection(0.5, 0.7).empty());
  CHECK(objection(0.5, 1.49).empty());
  CHECK(objection(0.9, 0.37).empty());
  CHECK(objection(0.5, 1.5).find("gamma = 1.5 with outer_momentum = 0.5 lets nodes drift apart") == 0);
  CHECK(objection(0.9, 0.7).find("must be below 2 (1 - outer_momentum^2) = 0.38") != std::string::npos);
  CHECK(objection(0.5, 0.7, "ring").find("partners are drawn among all nodes") == 0);
}

TEST_CASE("without local steps noloco's nodes come together below the bound on gamma, and drift apart above it") {
  constexpr NodeId nodes = 16;
  const auto spread_after = [&](double alpha, double gamma) {
    Lockstep run(drawn(nodes, alpha, gamma), scattered_models(nodes, 4), no_steps);
    run.run_until(200);
    return spread(run);
  };
  CHECK(spread_after(0.5, 0.7) < 1e-3);
  CHECK(spread_after(0.9, 0.3) < 1);
  CHECK(spread_after(0.9, 0.7) > 10);
}

TEST_CASE("a node of noloco whose partner's message does not come is its own partner") {
  const ProtocolFactory protocols = [](const FragmentInfo& info) {
    return std::make_unique<NoLoCo>(info, always(Graph::from_edges(2, std::vector<Edge>{{0, 1}})),
                                    NoLoCo::Settings{0.5F, 0.7F, 0.7F});
  };
  OneNode node(protocols, 0, {1, -1});
  const Actions sent = node.trained({2, -1});
  REQUIRE(sent.sends().size() == 1);
  CHECK(*sent.sends()[0].values == Values{1, -1, 1, 0});  // the model, and its change: end minus start
  CHECK(sent.awaited() == std::vector<NodeId>{1});
  const Actions over = node.waited();
  REQUIRE(over.starts_round());
  CHECK(over.mixing().missed == 1);
  check_close(*over.values(), {1.7, -1});
  node.trained({1.7F, -1});
  const Actions second = node.received(1, 1, {1.7F, 1, 1, 0});
  REQUIRE(second.starts_round());
  // m = 0.5 (0.7, 0) + 0.7 (0.5, 0) + 0.7 (0, 1)
  check_close(*second.values(), {1.7 + 0.35 + 0.35, -1 + 0.7});
}

TEST_CASE("noloco refuses a message without both vectors") {
  for (const SharedValues& values : {SharedValues(), shared({}), shared({1, 2}), shared({1, 2, 3, 4, 5})}) {
    OneNode node(drawn(2), 0, {1, -1});
    node.trained({2, -1});
    const Actions done = node.received({1, 0, 0, values});
    CHECK(done.refused() == std::vector<NodeId>{1});
    REQUIRE(done.starts_round());
    check_close(*done.values(), {1.7, -1});
  }
}

TEST_CASE("noloco goes on from its saved state") {
  const auto started = [] {
    auto protocol = drawn(2)({0, 0, 2});
    Actions actions;
    protocol->on_start(shared({1, -1}), actions);
    return protocol;
  };
  const auto round = [](FragmentProtocol& protocol, Round number) {
    Actions actions;
    protocol.on_trained({number, shared({2, -1})}, actions);
    protocol.on_message({1, 0, number, shared({1, 1, 0.5F, 0})}, actions);
    return *actions.values();
  };
  const auto whole = started();
  round(*whole, 0);
  const auto resumed = started();
  REQUIRE(load(saved(*whole), *resumed));
  CHECK(round(*resumed, 1) == round(*whole, 1));
}

}  // namespace tardigrad
