#include "actors/protocols/push_sum/sparse_push.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "actors/protocols/push_sum/sgp.hpp"
#include "models/weighted_sum.hpp"
#include "tests/actors/lockstep.hpp"
#include "tests/actors/one_node.hpp"

namespace tardigrad {

using namespace test;

namespace {

ProtocolFactory sparsely(std::shared_ptr<const GraphSchedule> graphs, double fraction, double gamma) {
  return protocols_of(sparse_push_algorithm(), std::move(graphs), {{"fraction", fraction}, {"gamma", gamma}});
}

const SparsePush& sparse_push(Lockstep& run, NodeId node) {
  return dynamic_cast<const SparsePush&>(run.protocol(node));
}

std::vector<double> sum_of_biased(Lockstep& run) {
  std::vector<double> sum(run.model(0).size());
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += static_cast<double>(sparse_push(run, node).biased()[p]);
  }
  return sum;
}

/// Root mean square over nodes and parameters.
double distance_from(const std::vector<double>& mean, const Lockstep& run) {
  double sum = 0;
  for (NodeId node = 0; node < run.size(); ++node) {
    for (std::size_t p = 0; p < mean.size(); ++p) {
      sum += std::pow(static_cast<double>(run.model(node)[p]) - mean[p], 2);
    }
  }
  return std::sqrt(sum / static_cast<double>(run.size() * mean.size()));
}

Graph ring_of_three() { return Graph::from_arcs(3, {{0, 1}, {1, 2}, {2, 0}}); }

}  // namespace

TEST_CASE("sparse-push reproduces directed graphs that change, whatever the order of arrival (numeric cases)") {
  for (const auto& example : vector_cases("sparse_push")) {
    const auto count = example["nodes"].get<NodeId>();
    const auto arcs = example["directed_edges"].get<std::vector<std::vector<Edge>>>();
    const auto graphs = std::make_shared<const GraphSchedule>(
        [&](Round round) { return Graph::from_arcs(count, arcs[round % arcs.size()]); });
    const double fraction = example["k"].get<double>() / example["parameters"].get<double>();
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Lockstep run(sparsely(graphs, fraction, example["gamma"].get<double>()),
                   example["initial"].get<std::vector<Values>>(), gradient_steps(example), seed);
      for (Round round = 0; round < example["rounds"].get<Round>(); ++round) {
        run.run_until(round + 1);
        INFO("round " << round);
        for (NodeId node = 0; node < count; ++node) {
          INFO("node " << node);
          check_close(run.model(node), example["after_round_z"][round][node].get<std::vector<double>>());
          check_close({sparse_push(run, node).weight()}, {example["weights_after_round"][round][node].get<double>()});
        }
        const auto sum = sum_of_biased(run);
        const auto expected = example["sum_of_x_after_round"][round].get<std::vector<double>>();
        for (std::size_t p = 0; p < sum.size(); ++p) CHECK(std::abs(sum[p] - expected[p]) < 5e-6);
      }
    }
  }
}

TEST_CASE("consensus rounds behind sparse-push: whole models, the sum unchanged, nearer to the mean (numeric cases)") {
  for (const auto& example : vector_cases("consensus_rounds")) {
    const auto count = example["nodes"].get<NodeId>();
    const auto training = example["rounds"].get<Round>();
    const auto arcs = example["directed_edges"].get<std::vector<std::vector<Edge>>>();
    const auto graphs = std::make_shared<const GraphSchedule>(
        [&](Round round) { return Graph::from_arcs(count, arcs[round % arcs.size()]); });
    const Lockstep::AskedSteps steps = [&](NodeId node, Round round, const Values& model, const LocalWork&) {
      if (round >= training) return LocalRound{round, share(Values(model)), 0};
      Values trained = model;
      add_weighted(trained, 1.0F, example["updates"][round][node].get<Values>());
      return LocalRound{round, share(std::move(trained)), 1};
    };
    for (const auto& one : example["cases"]) {
      const double fraction = one["options"]["k"].get<double>() / example["parameters"].get<double>();
      Lockstep run(sparsely(graphs, fraction, one["options"]["gamma"].get<double>()),
                   example["initial"].get<std::vector<Values>>(), steps);
      std::vector<double> before;
      for (Round round = 0; round < one["after_round_z"].size(); ++round) {
        run.run_until(round + 1);
        INFO("round " << round);
        for (NodeId node = 0; node < count; ++node) {
          check_close(run.model(node), one["after_round_z"][round][node].get<std::vector<double>>());
        }
        const auto sum = sum_of_biased(run);
        for (std::size_t p = 0; round > training && p < sum.size(); ++p) CHECK(std::abs(sum[p] - before[p]) < 5e-6);
        before = sum;
      }
    }
  }
}

TEST_CASE("sparse-push keeps the sum of all values, whatever is left out, and brings nodes nearer to their mean") {
  constexpr NodeId size = 9;
  const auto models = scattered_models(size, 20);
  const auto mean = mean_of(models);
  for (const char* kind : {"directed-ring", "directed-exponential", "one-peer-exponential"}) {
    INFO(kind);
    Lockstep run(sparsely(graph_schedule({kind, 0, ""}, size, 1), 0.2, 0.1), models, no_steps);
    for (Round round = 1; round <= 1000; round += 9) {
      run.run_until(round);
      const auto sum = sum_of_biased(run);
      for (std::size_t p = 0; p < sum.size(); ++p) CHECK(std::abs(sum[p] - size * mean[p]) < 1e-4);
      if (round == 1) CHECK(distance_from(mean, run) > 0.4);
      if (round > 500) CHECK(distance_from(mean, run) < 0.1);
    }
  }
}

TEST_CASE("with everything sent and a full step sparse-push is sgp") {
  const auto models = scattered_models(7, 5);
  const auto graphs = graph_schedule({"one-peer-exponential", 0, ""}, 7, 1);
  const auto steps = [](NodeId node, Round round, const Values& model) {
    Values trained = model;
    for (float& value : trained) value += 0.01F * static_cast<float>(node) - 0.02F * static_cast<float>(round % 3);
    return trained;
  };
  Lockstep sparse(sparsely(graphs, 1, 1), models, steps);
  Lockstep whole(protocols_of(sgp_algorithm(), graphs), models, steps);
  for (Round round = 1; round <= 20; ++round) {
    sparse.run_until(round);
    whole.run_until(round);
    for (NodeId node = 0; node < 7; ++node) {
      const Values& expected = whole.model(node);
      check_close(sparse.model(node), {expected.begin(), expected.end()}, 1e-5);
    }
  }
}

TEST_CASE("what no node can have sent is left out, and crashes nothing") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto protocols = sparsely(always(ring_of_three()), 0.5, 1);
  OneNode sender(protocols, 0, {1, 2});
  const SharedBytes good = sender.trained({1, 2}).sends()[0].encoded;
  const auto short_of_one = std::make_shared<const EncodedBytes>(good->begin(), good->end() - 1);
  for (const auto& [values, encoded] :
       std::vector<std::pair<SharedValues, SharedBytes>>{{nullptr, good},
                                                         {shared({}), good},
                                                         {shared({1, 1}), good},
                                                         {shared({0}), good},
                                                         {shared({nan}), good},
                                                         {shared({1}), nullptr},
                                                         {shared({1}), short_of_one},
                                                         {shared({1}), std::make_shared<const EncodedBytes>()}}) {
    OneNode node(protocols, 1, {4, 0});
    node.trained({4, 0});
    const Actions done = node.received({0, 0, 0, values, encoded});
    REQUIRE(done.starts_round());
    CHECK(done.mixing().missed == 1);
    check_close(*done.values(), {4, 0});  // x_i and w_i both become their share
  }
  OneNode node(protocols, 1, {4, 0});
  node.trained({4, 0});
  CHECK(node.received({0, 0, 0, shared({1}), good}).mixing().missed == 0);
}

TEST_CASE("a sparse push is charged as its encoding and a weight, about the same where nothing is learned") {
  const auto models = scattered_models(3, 1000);
  const auto protocols = sparsely(always(ring_of_three()), 0.1, 0.1);
  OneNode node(protocols, 0, models[0]);
  const Actions sent = node.trained(models[0]);
  REQUIRE(sent.sends().size() == 1);
  CHECK(sent.sends()[0].payload == sent.sends()[0].encoded->size() + 4);
  OneNode nothing(protocols, 0, {}, 1000);
  const double typical = static_cast<double>(nothing.trained({}).sends()[0].payload.value());
  CHECK(typical == doctest::Approx(static_cast<double>(sent.sends()[0].payload.value())).epsilon(0.03));
  CHECK(typical < 520);
}

}  // namespace tardigrad
