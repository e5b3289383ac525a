#include "actors/hosts/wire_guard.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "actors/protocols/algorithm.hpp"
#include "tests/actors/small_runs.hpp"

namespace tardigrad {
namespace {

using std::chrono::milliseconds;

constexpr PartId kSelf = 1;
constexpr PartId kOther = 2;
constexpr std::uint64_t kParameters = 40;

/// Nodes 0 and 1 live at host 1, 2 and 3 at host 2.
Placement placement_of(PartId self) { return {self, 3, {1, 1, 2, 2}, {}}; }

RunPlan some_plan(Sharing sharing) {
  RunPlan plan = plan_of("d-psgd", 4, milliseconds(50), milliseconds(900));
  plan.network.sharing = sharing;
  return plan;
}

/// Checks messages as one part of a run.
struct Judge {
  explicit Judge(PartId self, Sharing sharing = Sharing::serial, bool learns = true)
      : placement(placement_of(self)), guard(some_plan(sharing), placement, {4, 2, kParameters}, learns) {}

  bool admits(const WireMessage& wire_message, PartId part) const {
    return guard.objection(wire_message, part).empty();
  }

  Placement placement;
  WireGuard guard;
};

Transfer some_transfer() {
  Transfer transfer;
  transfer.from = 2;
  transfer.to = 1;
  transfer.fragment = 1;
  transfer.round = 3;
  transfer.size = kHeaderBytes + sizeof(float) * kParameters;
  transfer.values = share(Values(kParameters, 1.0F));
  return transfer;
}

TransferPtr sent(Transfer transfer) { return std::make_shared<const Transfer>(std::move(transfer)); }

template <class Message>
WireMessage wire_message_of(Role role, NodeId node, EntityId cause, Message message) {
  return {role, node, WireMessage::Moment{Time(1000), {cause.value(), 5}}, std::move(message)};
}

template <class Message>
WireMessage report_of(Message message) {
  return {Role::recorder, 0, std::nullopt, std::move(message)};
}

WireMessage arriving(const Transfer& transfer) {
  return wire_message_of(Role::downlink, transfer.to, EntityId(EntityKind::link, transfer.from, transfer.to),
                         Arriving{sent(transfer), Time(2000), {}, {}});
}

WireMessage withdrawn(const Transfer& transfer) {
  return wire_message_of(Role::downlink, transfer.to, EntityId(EntityKind::link, transfer.from, transfer.to),
                         Withdrawn{sent(transfer), Time(10), {}});
}

WireMessage evaluate(NodeId node) {
  return wire_message_of(Role::node, node, EntityId(EntityKind::evaluation_request, node), Evaluate{Time(1000)});
}

template <class Change>
Transfer changed(const Change& change) {
  Transfer transfer = some_transfer();
  change(transfer);
  return transfer;
}

TEST_CASE("a message between nodes comes from where its sender lives, to one who lives here") {
  const Judge judge(kSelf);
  CHECK(judge.admits(arriving(some_transfer()), kOther));
  CHECK(judge.admits(withdrawn(some_transfer()), kOther));
  for (const PartId part : {PartId{0}, kSelf}) {
    CHECK_FALSE(judge.admits(arriving(some_transfer()), part));
    CHECK_FALSE(judge.admits(withdrawn(some_transfer()), part));
  }
  CHECK(judge.guard.objection(arriving(some_transfer()), 0) == "a message from node 2 to node 1");
  // One of this host's own nodes, one to a node of the other host, one to itself.
  for (const auto& [from, to] : {std::pair{0, 1}, {3, 2}, {1, 1}}) {
    const Transfer other = changed([from = from, to = to](Transfer& t) {
      t.from = static_cast<NodeId>(from);
      t.to = static_cast<NodeId>(to);
    });
    CHECK_FALSE(judge.admits(arriving(other), kOther));
  }
}

TEST_CASE("a message is for whom its wire_message is for, and keeps its place among the events of its link") {
  const Judge judge(kSelf);
  const auto spoilt = [&](const auto& spoil) {
    WireMessage wire_message = arriving(some_transfer());
    spoil(wire_message);
    return judge.admits(wire_message, kOther);
  };
  CHECK(spoilt([](WireMessage&) {}));
  CHECK_FALSE(spoilt([](WireMessage& wire_message) { wire_message.node = 0; }));
  CHECK_FALSE(spoilt([](WireMessage& wire_message) { wire_message.role = Role::uplink; }));
  CHECK_FALSE(spoilt([](WireMessage& wire_message) { wire_message.moment.reset(); }));
  CHECK_FALSE(spoilt(
      [](WireMessage& wire_message) { wire_message.moment->key.entity = EntityId(EntityKind::link, 3, 1).value(); }));
  CHECK_FALSE(spoilt([](WireMessage& wire_message) { std::get<Arriving>(wire_message.message).tail = Time(-1); }));
  CHECK_FALSE(
      spoilt([](WireMessage& wire_message) { std::get<Arriving>(wire_message.message).tail = kNever + Time(1); }));
}

TEST_CASE("a message is charged for what it carries") {
  const Judge judge(kSelf);
  const auto sized = [&](Bytes size) {
    return judge.admits(arriving(changed([&](Transfer& t) { t.size = size; })), kOther);
  };
  const Bytes right = some_transfer().size;
  CHECK(sized(right));
  CHECK_FALSE(sized(right - 1));
  CHECK_FALSE(sized(right + 1));
  CHECK_FALSE(sized(~Bytes{0}));
  const auto encoded = [](Transfer& t) {
    t.values = share(Values{1});
    t.encoded = share(EncodedBytes(7));
    t.size = kHeaderBytes + sizeof(float) + 7;
  };
  CHECK(judge.admits(arriving(changed(encoded)), kOther));

  const auto empty_of_size = [](Bytes size) {
    return arriving(changed([size](Transfer& t) {
      t.values = nullptr;
      t.size = size;
    }));
  };
  const Judge null_model(kSelf, Sharing::serial, false);
  CHECK(null_model.admits(empty_of_size(right), kOther));
  CHECK_FALSE(null_model.admits(empty_of_size(0), kOther));
  CHECK_FALSE(null_model.admits(empty_of_size(~Bytes{0}), kOther));
  CHECK_FALSE(null_model.admits(arriving(some_transfer()), kOther));
}

TEST_CASE("no message speaks of a round that no node can have come to") {
  const Judge judge(kSelf);
  const RunPlan plan = some_plan(Sharing::serial);
  CHECK(last_round(plan) == 20);  // 900 ms by 50 ms, a hundredth for rounding, and the rounds before the first and last
  const auto of_round = [&](Round round) {
    return judge.admits(arriving(changed([&](Transfer& t) { t.round = round; })), kOther);
  };
  CHECK(of_round(0));
  CHECK(of_round(20));
  CHECK_FALSE(of_round(21));
  CHECK_FALSE(of_round(~Round{0}));
}

TEST_CASE("how many rounds there may be follows from the fastest node at its fastest") {
  RunPlan plan = some_plan(Sharing::serial);
  plan.paces[2].slowdown = 0.5;
  CHECK(last_round(plan) == 38);
  plan.paces[1].compute = ComputePace(PiecewiseConstant::held({{Time{}, 1}, {Time(milliseconds(100)), 4}}));
  CHECK(last_round(plan) == 74);
  plan.exchanges_per_round = 6;
  CHECK(last_round(plan) == 448);
  plan.paces[0].step_time = Distribution::exponential(milliseconds(50));  // which may take no time
  CHECK(last_round(plan) == kLastRound);
}

TEST_CASE("limits of rounds make them fewer, never more than time permits, and consensus rounds come in addition") {
  RunPlan plan = some_plan(Sharing::serial);
  REQUIRE(last_round(plan) == 20);
  plan.round_limits = {Round{5}, 3};
  CHECK(last_round(plan) == 9);
  plan.round_limits = {Round{1'000'000'000}, 3};
  CHECK(last_round(plan) == 23);
}

TEST_CASE("rounds that may be shorter may be as many as local steps, and a server's as many as those of all workers") {
  RunPlan plan = some_plan(Sharing::fair);
  for (Pace& pace : plan.paces) pace.local_steps = 10;
  CHECK(last_round(plan) == 3);
  plan.shorter_rounds = true;
  CHECK(last_round(plan) == 20);
  plan.servers = 1;  // node 3
  plan.paces[3] = {};
  CHECK(last_round(plan) == 20);
  const Placement placement{0, 3, {1, 1, 2, 2}, {}};
  const WireGuard guard(plan, placement, {4, 2, kParameters}, true);
  const auto admits = [&](NodeId node, Round round) {
    return guard
        .objection(wire_message_of(Role::uplink, node, EntityId(EntityKind::uplink_proxy, node), RoundEnded{round, {}}),
                   2)
        .empty();
  };
  CHECK(admits(2, 20));
  CHECK_FALSE(admits(2, 21));
  CHECK(admits(3, 60));
  CHECK_FALSE(admits(3, 61));
}

TEST_CASE("commands come from the coordinator, to one who is here") {
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    const Judge judge(kSelf, sharing);
    CHECK(judge.admits(evaluate(1), 0));
    CHECK_FALSE(judge.admits(evaluate(1), kOther));
    CHECK_FALSE(judge.admits(evaluate(2), 0));
    WireMessage of_another_time = evaluate(1);
    std::get<Evaluate>(of_another_time.message).time = Time(1);
    CHECK_FALSE(judge.admits(of_another_time, 0));
    CHECK(judge.guard.objection(evaluate(1), kOther) == "a command");
    const WireMessage between = wire_message_of(Role::node, 1, EntityId(EntityKind::evaluation_request, 1),
                                                EvaluateBetween{Time(1), Time(9), {}});
    CHECK(judge.admits(between, 0));
    CHECK_FALSE(judge.admits(between, kOther));
  }
}

TEST_CASE("under fair sharing messages go through the coordinator, which has them from where their node lives") {
  const Judge host(kSelf, Sharing::fair);
  CHECK(host.admits(arriving(some_transfer()), 0));
  CHECK_FALSE(host.admits(arriving(some_transfer()), kOther));

  const auto outgoing = [](NodeId node, Transfer transfer, FragmentId fragment = 1) {
    return wire_message_of(Role::uplink, node, EntityId(EntityKind::uplink_proxy, node),
                           Outgoing{fragment, true, false, {sent(some_transfer()), sent(std::move(transfer))}, {}});
  };
  const Judge coordinator(0, Sharing::fair);
  CHECK(coordinator.admits(outgoing(2, some_transfer()), kOther));
  CHECK_FALSE(coordinator.admits(outgoing(2, some_transfer()), kSelf));
  CHECK_FALSE(coordinator.admits(outgoing(3, some_transfer()), kOther));
  CHECK_FALSE(coordinator.admits(outgoing(2, some_transfer(), 0), kOther));
  CHECK_FALSE(coordinator.admits(outgoing(2, changed([](Transfer& t) { t.from = 3; })), kOther));
  CHECK_FALSE(coordinator.admits(outgoing(2, changed([](Transfer& t) { t.to = 2; })), kOther));
  CHECK_FALSE(coordinator.admits(outgoing(2, changed([](Transfer& t) { t.size = ~Bytes{0}; })), kOther));
  CHECK_FALSE(host.admits(outgoing(2, some_transfer()), kOther));
  CHECK_FALSE(Judge(0).admits(outgoing(2, some_transfer()), kOther));

  const auto ended = [](NodeId node, Round round) {
    return wire_message_of(Role::uplink, node, EntityId(EntityKind::uplink_proxy, node), RoundEnded{round, {}});
  };
  CHECK(coordinator.admits(ended(2, 3), kOther));
  CHECK_FALSE(coordinator.admits(ended(2, 3), kSelf));
  CHECK_FALSE(coordinator.admits(ended(2, ~Round{0}), kOther));
}

TEST_CASE("hosts report of their own nodes, to the coordinator") {
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    const Judge coordinator(0, sharing);
    const Judge host(kSelf, sharing);
    const auto check = [&](const auto& row_of) {
      CHECK(coordinator.admits(report_of(row_of(NodeId{2})), kOther));
      CHECK_FALSE(coordinator.admits(report_of(row_of(NodeId{1})), kOther));
      CHECK_FALSE(host.admits(report_of(row_of(NodeId{2})), kOther));
    };
    check([](NodeId node) { return RoundRow{node}; });
    check([](NodeId node) { return AccessRow{node}; });
    check([](NodeId node) { return EvaluationRow{Time(1), node, 1, {}}; });
    check([](NodeId node) { return ModelSnapshot{node, 1, share(Values(kParameters)), Time(1)}; });
    check([](NodeId node) { return WaitRow{node, {}}; });
    check([](NodeId node) {
      LinkRow row;
      row.kind = LinkRow::Kind::downlink;
      row.from = row.to = node;
      return row;
    });
    CHECK_FALSE(coordinator.admits(report_of(EvaluationRow{Time(-1), 2, 1, {}}), kOther));
    CHECK_FALSE(coordinator.admits(report_of(RoundRow{2, kLastRound}), kOther));
    CHECK_FALSE(coordinator.admits(report_of(AccessRow{2, kLastRound}), kOther));
    CHECK(coordinator.admits(report_of(RoundRow{2, kUnfinishedRound, Time{}, kNever, kNever}), kOther));
    LinkRow link;
    link.from = 2;
    link.to = 1;
    // Under fair sharing links are the coordinator's own.
    CHECK(coordinator.admits(report_of(link), kOther) == (sharing == Sharing::serial));
    AccessRow uplink{2};
    uplink.uplink = true;
    CHECK(coordinator.admits(report_of(uplink), kOther) == (sharing == Sharing::serial));
  }
}

TEST_CASE("what no result file could hold is no report") {
  const Judge coordinator(0);
  const auto admits = [&](const auto& row) { return coordinator.admits(report_of(row), kOther); };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double accuracy : {0., 0.5, 1.}) CHECK(admits(EvaluationRow{Time(1), 2, 1, {accuracy, 1}}));
  for (const double accuracy : {-0.1, 1.1, 100., nan}) CHECK_FALSE(admits(EvaluationRow{Time(1), 2, 1, {accuracy, 1}}));
  for (const double loss : {0., 1e30, nan, infinity}) CHECK(admits(EvaluationRow{Time(1), 2, 1, {0.5, loss}}));
  for (const double loss : {-1e-9, -5., -infinity}) CHECK_FALSE(admits(EvaluationRow{Time(1), 2, 1, {0.5, loss}}));
  CHECK(admits(RoundRow{2, 1, Time(1), Time(2), Time(3)}));
  CHECK_FALSE(admits(RoundRow{2, 1, Time(-1), Time(2), Time(3)}));
  CHECK_FALSE(admits(RoundRow{2, 1, Time(2), Time(1), Time(3)}));
  CHECK_FALSE(admits(RoundRow{2, 1, Time(1), Time(3), Time(2)}));
  CHECK_FALSE(admits(RoundRow{2, 1, Time(1), Time(2), kNever}));
  RoundRow missing{2, 1};
  missing.mixing.missed = ~std::uint64_t{0};
  CHECK_FALSE(admits(missing));
  AccessRow access{2, 1};
  access.dropped = ~std::uint64_t{0};
  CHECK_FALSE(admits(access));
  access.dropped = 0;
  CHECK(admits(access));
  access.hops = std::make_shared<const std::vector<Hop>>(1);
  CHECK_FALSE(admits(access));  // nobody has asked for a timeline
  LinkRow link;
  link.from = 2;
  link.to = 1;
  CHECK(admits(link));
  link.lost = {1, ~std::uint64_t{0}};
  CHECK_FALSE(admits(link));
  link.lost = {};
  link.rate = nan;
  CHECK_FALSE(admits(link));
  LinkRow downlink;
  downlink.kind = LinkRow::Kind::downlink;
  downlink.from = downlink.to = 2;
  downlink.passed = {1, 100};
  CHECK_FALSE(admits(downlink));  // a message without a delay
  downlink.delays.add(Time(5));
  CHECK(admits(downlink));
  downlink.delays.add(Time(5));
  CHECK_FALSE(admits(downlink));
  link.rate = 0;
  CHECK(admits(link));
  link.passed = {1, 100};
  link.delays.add(Time(5));
  CHECK_FALSE(admits(link));  // only downlinks have delays
}

}  // namespace
}  // namespace tardigrad
