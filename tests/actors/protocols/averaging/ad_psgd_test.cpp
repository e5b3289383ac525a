#include "actors/protocols/averaging/ad_psgd.hpp"

#include <doctest/doctest.h>

#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

std::shared_ptr<const Graph> pair() { return std::make_shared<const Graph>(Graph::from_edges(2, {{0, 1}})); }

AdPsgd passive() { return {0, AdPsgd::Role::passive, pair(), 1}; }
AdPsgd active() { return {1, AdPsgd::Role::active, pair(), 1}; }

ProtocolMessage as_message(NodeId from, const Actions::Send& sent) {
  return {from, sent.kind, sent.round, sent.values};
}

Values plus(const Values& a, const Values& b) {
  Values sum = a;
  for (std::size_t p = 0; p < a.size(); ++p) sum[p] += b[p];
  return sum;
}

/// An active node that has offered its model, and a passive one that has not received the offer.
struct Pair {
  AdPsgd i = active();
  AdPsgd j = passive();
  Actions offer;

  Pair(const Values& x_i, const Values& x_j) {
    Actions ignored;
    i.on_start(shared(x_i), ignored);
    j.on_start(shared(x_j), ignored);
    i.on_trained({0, shared(x_i)}, offer);
    REQUIRE(offer.sends().size() == 1);
    CHECK(offer.starts_round());  // training goes on while the answer is under way
  }
};

}  // namespace

TEST_CASE("an exchange makes an atomic pair although the active node trained meanwhile (numeric cases)") {
  for (const auto& example : test::vector_cases("ad_psgd_pair")) {
    const auto x_i = example["active"].get<Values>();
    const auto update = example["local_update_of_active_while_waiting"].get<Values>();
    Pair pair(x_i, example["passive"].get<Values>());

    Actions answered;
    pair.j.on_message(as_message(1, pair.offer.sends()[0]), answered);
    check_close(*answered.values(), example["passive_after"].get<std::vector<double>>());

    Actions trained;
    pair.i.on_trained({1, shared(plus(x_i, update))}, trained);
    CHECK_FALSE(trained.starts_round());  // the answer is not there yet

    Actions done;
    pair.i.on_message(as_message(0, answered.sends()[0]), done);
    CHECK(done.starts_round());
    check_close(*done.values(), example["active_after"].get<std::vector<double>>());
  }
}

TEST_CASE("the gradient is applied to the model as averaging left it") {
  Pair pair({1, 2, 3, 4}, {3, 0, 1, -4});
  Actions answered;
  pair.j.on_message(as_message(1, pair.offer.sends()[0]), answered);
  Actions averaged;
  pair.i.on_message(as_message(0, answered.sends()[0]), averaged);
  check_close(*averaged.values(), {2, 1, 2, 0});
  CHECK_FALSE(averaged.starts_round());  // its local steps are still being computed

  // They began at (1, 2, 3, 4), before the averaging: eta = 0.1, gradient (1, 1, -1, 2).
  Actions trained;
  pair.i.on_trained({1, shared({0.9F, 1.9F, 3.1F, 3.8F})}, trained);
  check_close(*trained.values(), {1.9, 0.9, 2.1, -0.2});
  check_close(*answered.values(), {2, 1, 2, 0});
  CHECK(trained.starts_round());
  CHECK(trained.sends().size() == 1);  // the next exchange
}

TEST_CASE("the pair's sum changes by local updates only") {
  Pair pair({4}, {0});
  Actions answered;
  pair.j.on_message(as_message(1, pair.offer.sends()[0]), answered);
  CHECK((*answered.values())[0] == 2.0F);
  Actions trained;
  pair.i.on_trained({1, shared({3})}, trained);
  Actions done;
  pair.i.on_message(as_message(0, answered.sends()[0]), done);
  CHECK((*done.values())[0] == 1.0F);  // a plain mean with the answer would be 1.5
  CHECK((*done.values())[0] + (*answered.values())[0] == 4.0F - 1.0F + 0.0F);
}

TEST_CASE("a passive node's own local steps in progress survive an exchange") {
  Pair pair({4}, {0});
  Actions answered;
  pair.j.on_message(as_message(1, pair.offer.sends()[0]), answered);
  Actions trained;
  pair.j.on_trained({0, shared({-1})}, trained);  // they began at 0
  CHECK((*trained.values())[0] == 1.0F);          // 2 - 1
  CHECK(trained.starts_round());
  CHECK(trained.sends().empty());  // passive nodes only answer
}

TEST_CASE("a passive node answers every offer at once, in order of arrival, with its model before averaging") {
  AdPsgd node(0, AdPsgd::Role::passive, std::make_shared<const Graph>(Graph::from_edges(4, {{0, 1}, {0, 3}})), 1);
  Actions start;
  node.on_start(shared({0}), start);
  Actions first;
  node.on_message({1, AdPsgd::offer, 5, shared({8})}, first);
  Actions second;
  node.on_message({3, AdPsgd::offer, 5, shared({0})}, second);
  CHECK(first.sends()[0].to == 1);
  CHECK((*first.sends()[0].values)[0] == 0.0F);
  CHECK(second.sends()[0].to == 3);
  CHECK((*second.sends()[0].values)[0] == 4.0F);
  CHECK((*second.values())[0] == 2.0F);
}

TEST_CASE("without gradients repeated exchanges bring a ring to the mean and keep the sum") {
  constexpr NodeId size = 6;
  std::vector<Edge> edges;
  for (NodeId i = 0; i < size; ++i) edges.emplace_back(i, (i + 1) % size);
  const auto ring = std::make_shared<const Graph>(Graph::from_edges(size, edges));
  std::vector<AdPsgd> nodes;
  std::vector<SharedValues> models;
  for (NodeId i = 0; i < size; ++i) {
    nodes.emplace_back(i, i % 2 == 0 ? AdPsgd::Role::passive : AdPsgd::Role::active, ring, 1);
    models.push_back(shared({static_cast<float>(i)}));
    Actions ignored;
    nodes[i].on_start(models[i], ignored);
  }
  std::vector<SharedValues> started_from = models;
  for (Round round = 0; round < 100; ++round) {
    for (NodeId i = 1; i < size; i += 2) {
      Actions offered;
      nodes[i].on_trained({round, started_from[i]}, offered);  // local steps changed nothing
      started_from[i] = offered.values();
      const NodeId j = offered.sends().at(0).to;
      Actions answered;
      nodes[j].on_message(as_message(i, offered.sends()[0]), answered);
      models[j] = answered.values();
      Actions averaged;
      nodes[i].on_message(as_message(j, answered.sends().at(0)), averaged);
      models[i] = averaged.values();
      CHECK(*models[i] == *models[j]);
    }
  }
  float sum = 0;
  for (const auto& model : models) {
    CHECK(model->front() == doctest::Approx(2.5).epsilon(1e-4));
    sum += model->front();
  }
  CHECK(sum == doctest::Approx(15.0).epsilon(1e-6));
}

}  // namespace tardigrad
