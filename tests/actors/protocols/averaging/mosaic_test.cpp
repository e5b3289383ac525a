#include "actors/protocols/averaging/mosaic.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "models/weighted_sum.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

using Indices = std::vector<std::size_t>;

Values picked(const Values& model, const Indices& indices) {
  Values values;
  for (const std::size_t index : indices) values.push_back(model[index]);
  return values;
}

std::vector<Values> picked(const std::vector<Values>& models, const Indices& indices) {
  std::vector<Values> values;
  for (const Values& model : models) values.push_back(picked(model, indices));
  return values;
}

/// The recipients of one fragment in every round, as a numeric case has them.
std::shared_ptr<const GraphSchedule> recipients_of(FragmentId fragment, const nlohmann::json& example) {
  const auto all = example["recipients"].get<std::vector<std::vector<std::vector<std::vector<NodeId>>>>>();
  return std::make_shared<const GraphSchedule>([all, fragment](Round round) {
    std::vector<Edge> arcs;
    const auto& by_sender = all[round % all.size()][fragment];
    for (NodeId sender = 0; sender < by_sender.size(); ++sender) {
      for (const NodeId recipient : by_sender[sender]) arcs.emplace_back(sender, recipient);
    }
    return Graph::from_arcs(static_cast<NodeId>(by_sender.size()), arcs);
  });
}

ProtocolFactory mosaic(std::int64_t fragments, std::int64_t recipients, NodeId nodes) {
  return protocols_of(mosaic_algorithm(), always(Graph::complete(nodes)),
                      {{"fragments", fragments}, {"recipients", recipients}}, 7);
}

/// The protocols of one fragment by itself.
ProtocolFactory only(FragmentId fragment, ProtocolFactory protocols) {
  return [fragment, protocols = std::move(protocols)](const FragmentInfo& info) {
    return protocols({info.node, fragment, info.parameters});
  };
}

}  // namespace

TEST_CASE("each fragment becomes the mean of the own one and of those received (numeric cases)") {
  for (const auto& example : vector_cases("mosaic")) {
    const auto fragments = example["fragments"].get<std::vector<Indices>>();
    const auto updates = example["updates"].get<std::vector<std::vector<Values>>>();
    for (const auto& form : example["cases"]) {
      for (FragmentId k = 0; k < fragments.size(); ++k) {
        const auto drawn = recipients_of(k, example);
        Lockstep run([&](const FragmentInfo& info) { return std::make_unique<Epidemic>(info, drawn); },
                     picked(example["initial"].get<std::vector<Values>>(), fragments[k]),
                     [&](NodeId node, Round round, const Values& model) {
                       Values trained = model;
                       add_weighted(trained, 1, picked(updates[round][node], fragments[k]));
                       return trained;
                     });
        for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
          run.run_until(round + 1);
          for (NodeId node = 0; node < run.size(); ++node) {
            INFO("fragment " << k << ", round " << round << ", node " << node);
            const Values expected = picked(form["after_round"][round][node].get<Values>(), fragments[k]);
            check_close(run.model(node), {expected.begin(), expected.end()});
          }
        }
      }
    }
  }
}

TEST_CASE("with one fragment mosaic is epidemic learning, draw by draw") {
  const auto models = scattered_models(12, 5);
  Lockstep whole(mosaic(1, 3, 12), models, no_steps);
  Lockstep epidemic(
      protocols_of(epidemic_algorithm(), always(Graph::complete(12)), {{"recipients", std::int64_t{3}}}, 7), models,
      no_steps);
  for (Round round = 1; round <= 10; ++round) {
    whole.run_until(round);
    epidemic.run_until(round);
    for (NodeId node = 0; node < 12; ++node) CHECK(whole.model(node) == epidemic.model(node));
  }
}

TEST_CASE("recipients are drawn for every fragment alone, and a fragment waits for its own senders only") {
  const ProtocolFactory protocols = mosaic(4, 3, 20);
  std::vector<std::vector<NodeId>> recipients;
  for (FragmentId k = 0; k < 4; ++k) {
    OneNode node(only(k, protocols), 5, {1});
    const Actions trained = node.trained({2});
    std::vector<NodeId> to;
    for (const auto& message : trained.sends()) to.push_back(message.to);
    CHECK(to.size() == 3);
    for (const auto& earlier : recipients) CHECK(to != earlier);
    recipients.push_back(to);
    const auto senders = epidemic_schedule(always(Graph::complete(20)), 3, 7, k)->at(0)->sources(5);
    CHECK(trained.awaited() == senders);
    CHECK(trained.starts_round() == senders.empty());
  }
}

TEST_CASE("a constant vector stays whatever is drawn, and others come together within what they were") {
  for (FragmentId k = 0; k < 3; ++k) {
    Lockstep equal(only(k, mosaic(3, 2, 9)), std::vector<Values>(9, Values{0.1F, -3}), no_steps);
    equal.run_until(10);
    for (NodeId node = 0; node < 9; ++node) check_close(equal.model(node), {0.1, -3});

    Lockstep apart(only(k, mosaic(3, 2, 9)), scattered_models(9, 2), no_steps);
    apart.run_until(50);
    for (NodeId node = 0; node < 9; ++node) {
      check_close(apart.model(node), {apart.model(0).begin(), apart.model(0).end()}, 1e-5);
      CHECK(std::abs(apart.model(node)[0]) < 1);
    }
  }
}

TEST_CASE("mosaic's fragments send together what epidemic learning sends, and need every message if they are several") {
  const Algorithm algorithm = mosaic_algorithm();
  AlgorithmOptions options(algorithm.options);
  CHECK(algorithm.fragments(options) == 10);
  const Graph graph = Graph::complete(20);
  const auto raw = make_codec({});
  const auto sent = algorithm.sends(options, {0, 1000, graph, *raw});
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].count == 6);
  CHECK(sent[0].payload == 4000);
  CHECK(algorithm.needs_every_message(options));
  options.set("fragments", std::int64_t{1});
  CHECK_FALSE(algorithm.needs_every_message(options));
  options.set("recipients", std::int64_t{20});
  CHECK(algorithm.objection(options, graph) == "recipients = 20 is too many: node 0 has 19 other nodes to send to");
}

}  // namespace tardigrad
