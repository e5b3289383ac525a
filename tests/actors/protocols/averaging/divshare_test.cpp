#include "actors/protocols/averaging/divshare.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

#include "actors/protocols/averaging/ad_psgd_pushpull.hpp"
#include "models/fragmentation.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

std::shared_ptr<const Graph> complete(NodeId nodes) { return std::make_shared<const Graph>(Graph::complete(nodes)); }

Values pick(const Values& flat, const std::vector<std::uint32_t>& indices) {
  Values values;
  for (const auto index : indices) values.push_back(flat[index]);
  return values;
}

/// A whole node of DivShare: one protocol per fragment, over given index lists.
class DivShareNode {
 public:
  DivShareNode(NodeId self, Values model, std::vector<std::vector<std::uint32_t>> fragments)
      : model_(std::move(model)), indices_(std::move(fragments)) {
    for (FragmentId k = 0; k < indices_.size(); ++k) {
      protocols_.emplace_back(self, k, DivShareOptions{1, true}, complete(5), 1);
    }
  }

  void receive(NodeId from, FragmentId fragment, Values values) {
    Actions actions;
    protocols_[fragment].on_message({from, 0, 0, shared(std::move(values))}, actions);
    CHECK(actions.sends().empty());
  }

  /// Averages as after local steps without effect.
  Values mix() {
    for (FragmentId k = 0; k < indices_.size(); ++k) {
      Actions actions;
      protocols_[k].on_trained({0, shared(pick(model_, indices_[k]))}, actions);
      CHECK(actions.starts_round());
      for (std::size_t i = 0; i < indices_[k].size(); ++i) model_[indices_[k][i]] = (*actions.values())[i];
    }
    return model_;
  }

  Values fragment(FragmentId k) const { return pick(model_, indices_[k]); }

 private:
  Values model_;
  std::vector<std::vector<std::uint32_t>> indices_;
  std::vector<DivShareFragment> protocols_;
};

const std::vector<std::vector<std::uint32_t>> kTwoFragments = {{0, 3, 4}, {1, 2, 5}};

}  // namespace

TEST_CASE("divshare averages own values with the newest of every sender (numeric cases)") {
  for (const auto& example : test::vector_cases("divshare_aggregate")) {
    DivShareNode node(0, example["own"].get<Values>(),
                      example["fragments"].get<std::vector<std::vector<std::uint32_t>>>());
    for (const auto& arrival : example["arrivals_in_order"]) {
      node.receive(arrival["sender"], arrival["fragment"], arrival["values"].get<Values>());
    }
    check_close(node.mix(), example["result"].get<std::vector<double>>());
  }
}

TEST_CASE("a later arrival replaces the sender's earlier one") {
  DivShareNode node(0, {1, 2, 3, 4, 5, 6}, kTwoFragments);
  node.receive(1, 0, {10, 20, 30});
  node.receive(2, 1, {4, 4, 4});
  node.receive(2, 0, {1, 1, 1});
  node.receive(1, 0, {11, 22, 33});
  check_close(node.mix(), {13.0 / 3, 3, 3.5, 9, 13, 5});
}

TEST_CASE("a fragment that is behind counts less in divshare, of a node ahead in full, and all do if the power is 0") {
  for (const double power : {0.0, 0.5}) {
    DivShareFragment fragment(0, 0, {1, true, power}, complete(5), 1);
    Actions ignored;
    const Values own{0.1F, 4};
    const Values even{0.7F, 1};
    const Values behind{0.3F, -2};
    const Values ahead{1.1F, 8};
    fragment.on_message({1, 0, 4, shared(even)}, ignored);
    fragment.on_message({2, 0, 1, shared(behind)}, ignored);
    fragment.on_message({3, 0, 9, shared(ahead)}, ignored);
    Actions actions;
    fragment.on_trained({4, shared(own)}, actions);
    const float counts = power == 0 ? 1.0F : 0.5F;  // (1 + 3)^-a
    for (std::size_t p = 0; p < own.size(); ++p) {
      const float sum = own[p] + even[p] + counts * behind[p] + ahead[p];
      CHECK((*actions.values())[p] == sum * (1 / (3 + counts)));
    }
    CHECK(actions.mixing().mixed == 3);
  }
}

TEST_CASE("an arrival is consumed by exactly one averaging") {
  DivShareNode node(0, {1, 2, 3, 4, 5, 6}, kTwoFragments);
  node.receive(1, 0, {3, 4, 5});
  const Values once = node.mix();
  CHECK(once[0] == 2.0F);
  CHECK(node.mix() == once);
}

TEST_CASE("a balanced exchange keeps the sum over nodes, an unbalanced one does not") {
  const auto exchange = [](const std::vector<std::tuple<int, FragmentId, int>>& routes) {
    std::vector<DivShareNode> nodes;
    for (NodeId i = 0; i < 3; ++i) nodes.emplace_back(i, Values(6, 3.0F * static_cast<float>(i)), kTwoFragments);
    for (const auto& [from, fragment, to] : routes) {
      nodes[to].receive(static_cast<NodeId>(from), fragment, nodes[from].fragment(fragment));
    }
    std::vector<Values> models;
    for (auto& node : nodes) models.push_back(node.mix());
    return models;
  };
  const auto balanced = exchange({{0, 0, 1}, {0, 1, 2}, {1, 0, 2}, {1, 1, 0}, {2, 0, 0}, {2, 1, 1}});
  check_close(balanced[0], {3, 1.5, 1.5, 3, 3, 1.5});
  check_close(balanced[1], {1.5, 4.5, 4.5, 1.5, 1.5, 4.5});
  check_close(balanced[2], {4.5, 3, 3, 4.5, 4.5, 3});
  for (std::size_t p = 0; p < 6; ++p) CHECK(balanced[0][p] + balanced[1][p] + balanced[2][p] == 9.0F);

  const auto unbalanced = exchange({{0, 0, 1}, {2, 0, 1}, {1, 0, 0}});
  CHECK(unbalanced[0][0] == 1.5F);
  CHECK(unbalanced[1][0] == 3.0F);
  CHECK(unbalanced[2][0] == 6.0F);
}

TEST_CASE("recipients of a fragment are distinct others, drawn anew for every fragment and round") {
  std::set<std::set<NodeId>> draws;
  for (FragmentId k = 0; k < 10; ++k) {
    DivShareFragment fragment(7, k, {6, true}, complete(60), 3);
    for (Round round = 0; round < 5; ++round) {
      Actions actions;
      fragment.on_trained({round, shared({1, 2})}, actions);
      std::set<NodeId> recipients;
      for (const auto& message : actions.sends()) recipients.insert(message.to);
      CHECK(actions.flushes());
      CHECK(actions.sends().size() == 6);
      CHECK(recipients.size() == 6);
      CHECK(recipients.count(7) == 0);
      draws.insert(recipients);
    }
  }
  CHECK(draws.size() == 50);
}

TEST_CASE("the order of sending is shuffled over all fragments of a node") {
  std::map<std::uint64_t, FragmentId> queue;
  for (FragmentId k = 0; k < 10; ++k) {
    DivShareFragment fragment(7, k, {6, true}, complete(60), 3);
    Actions actions;
    fragment.on_trained({0, shared({1})}, actions);
    for (const auto& message : actions.sends()) queue[message.order] = k;
  }
  CHECK(queue.size() == 60);
  std::size_t changes = 0;
  FragmentId last = queue.begin()->second;
  for (const auto& [order, fragment] : queue) {
    changes += fragment != last ? 1 : 0;
    last = fragment;
  }
  // In random order nine neighbours of ten differ: 53 changes expected, 9 if sorted by fragment.
  CHECK(changes > 40);
}

TEST_CASE("all recipients share one buffer, the trained values") {
  DivShareFragment fragment(0, 0, {3, true}, complete(8), 3);
  const auto trained = shared({1, 2, 3});
  Actions actions;
  fragment.on_trained({0, trained}, actions);
  for (const auto& message : actions.sends()) CHECK(message.values == trained);
}

TEST_CASE("the expected weight of a node's own value is as in the closed form") {
  const double q = 6.0 / 59;
  const double expected_self = (1 - std::pow(1 - q, 60)) / (60 * q);
  CHECK(std::abs(expected_self - 0.163625873603667) < 1e-12);
  CHECK(std::abs(std::pow(1 - q, 59) - 0.00178651891848945) < 1e-12);
  CHECK(std::abs(59 * (1 - std::pow(1 - q, 10)) - 38.81212573265826) < 1e-9);

  // The protocol's draws, over 400 rounds of 60 nodes: the number of copies that reach a node, and the number
  // of peers that a node reaches with ten fragments.
  double self_weight = 0;
  double silent = 0;
  double peers = 0;
  constexpr Round rounds = 400;
  for (Round round = 0; round < rounds; ++round) {
    std::vector<int> copies(60, 0);
    for (NodeId node = 0; node < 60; ++node) {
      std::set<NodeId> reached;
      for (FragmentId k = 0; k < 10; ++k) {
        DivShareFragment fragment(node, k, {6, true}, complete(60), 11);
        Actions actions;
        fragment.on_trained({round, shared({})}, actions);
        for (const auto& message : actions.sends()) {
          reached.insert(message.to);
          if (k == 0) ++copies[message.to];
        }
      }
      peers += static_cast<double>(reached.size()) / (60.0 * rounds);
    }
    for (const int count : copies) {
      self_weight += 1.0 / (1 + count) / (60.0 * rounds);
      silent += (count == 0 ? 1.0 : 0.0) / (60.0 * rounds);
    }
  }
  CHECK(std::abs(self_weight - expected_self) < 0.002);
  CHECK(std::abs(silent - 0.0017865) < 0.001);
  CHECK(std::abs(peers - 38.812) < 0.1);
}

TEST_CASE("swift-push and ad-psgd-pushpull average uniformly over own and the latest per sender") {
  DivShareFragment swift_push(0, 0, {1, false}, complete(4), 1);
  AdPsgdPushPull pushpull(0, 2, complete(4), 1);
  constexpr std::uint8_t model = 0;  // the only kind of SWIFT's messages
  for (const auto& [protocol, kind] : std::initializer_list<std::pair<FragmentProtocol*, std::uint8_t>>{
           {&swift_push, model}, {&pushpull, AdPsgdPushPull::pong}}) {
    Actions ignored;
    protocol->on_start(shared({0, 0, 0, 0}), ignored);
    protocol->on_message({1, kind, 0, shared({9, 9, 9, 9})}, ignored);
    protocol->on_message({2, kind, 0, shared({6, -1, 1, 0})}, ignored);
    protocol->on_message({1, kind, 0, shared({2, 2, 2, 2})}, ignored);
    Actions actions;
    protocol->on_trained({0, shared({1, 2, 3, 4})}, actions);
    check_close(*actions.values(), {3, 1, 2, 2});
    CHECK_FALSE(actions.flushes());
  }
}

TEST_CASE("ad-psgd-pushpull answers a ping with its latest trained model and a pong with nothing") {
  AdPsgdPushPull node(0, 7, complete(4), 1);
  Actions start;
  node.on_start(shared({5}), start);

  Actions before_training;
  node.on_message({3, AdPsgdPushPull::ping, 0, shared({1})}, before_training);
  REQUIRE(before_training.sends().size() == 1);
  CHECK(before_training.sends()[0].to == 3);
  CHECK(before_training.sends()[0].kind == AdPsgdPushPull::pong);
  CHECK((*before_training.sends()[0].values)[0] == 5.0F);

  Actions round;
  node.on_trained({0, shared({9})}, round);
  CHECK(round.sends().size() == 3);     // floor(7 / 2)
  CHECK((*round.values())[0] == 5.0F);  // (9 + 1) / 2

  Actions after_training;
  node.on_message({2, AdPsgdPushPull::ping, 0, shared({1})}, after_training);
  CHECK((*after_training.sends()[0].values)[0] == 9.0F);  // trained, not averaged
  Actions pong;
  node.on_message({2, AdPsgdPushPull::pong, 0, shared({1})}, pong);
  CHECK(pong.sends().empty());
}

TEST_CASE("more recipients than other nodes are refused") {
  CHECK(objection_to_recipients(3, Graph::complete(4)).empty());
  CHECK(objection_to_recipients(4, Graph::complete(4)) ==
        "recipients = 4 is too many: node 0 has 3 other nodes to send to");
}

}  // namespace tardigrad
