#include "scenarios/src/check/netcheck.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "models/learners/null_learner.hpp"
#include "scenarios/src/check/netcheck_report.hpp"
#include "scenarios/src/cli/command_line.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/runtime/driven_time.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

/// A quarter of eight nodes has a fifth of the rate. Of 10,000 parameters in four fragments: 10,024 bytes each.
const char* const kStragglers = R"(
[time]
duration = "10s"
[nodes]
count = 8
model = { kind = "null", parameters = 10000 }
[compute]
step_time = "8ms"
[network]
uplink = "50Mbps"
downlink = "25Mbps"
latency = "2ms"
[[network.stragglers]]
nodes = { count = 2 }
factor = 5
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 3
)";

constexpr Bytes kFragment = 10'024;
constexpr Bytes kMegabyte = 1'000'000;

NetworkCheck planned(CheckedClock clock = CheckedClock::virtual_time) {
  const auto result = parse_scenario(kStragglers, "s.toml");
  REQUIRE_MESSAGE(result.scenario, result.error);
  return plan_network_check(*result.scenario, NullLearner(10'000).layout(), clock);
}

/// A run with equal nodes. The first transfer is that of the message.
RunPlan run_of(const AccessLink& access, LinkModel link, NodeId nodes = 2) {
  RunPlan run;
  run.nodes = nodes;
  run.seed = 7;
  run.absences.resize(nodes);
  run.network.access.assign(nodes, access);
  run.network.link = [model = std::make_shared<const LinkModel>(std::move(link))](NodeId, NodeId) { return model; };
  return run;
}

AccessLink rates(RateProfile uplink, RateProfile downlink) { return {std::move(uplink), std::move(downlink)}; }

Time milliseconds(double count) { return from_seconds(1e-3 * count); }

bool go_on() { return true; }

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_CASE("every pair of classes of nodes sends a fragment and a megabyte") {
  const NetworkCheck check = planned();
  REQUIRE(check.transfers.size() == 8);
  std::multiset<std::pair<double, double>> rates;
  for (std::size_t i = 0; i < check.transfers.size(); ++i) {
    const CheckedTransfer& transfer = check.transfers[i];
    CHECK(transfer.from != transfer.to);
    CHECK(transfer.size == (i % 2 == 0 ? kFragment : kMegabyte));
    CHECK(transfer.messages.size() == 1);
    if (i % 2 == 0) rates.emplace(transfer.way.uplink.at(Time{}).value, transfer.way.downlink.at(Time{}).value);
  }
  CHECK(rates == std::multiset<std::pair<double, double>>{{50e6, 25e6}, {50e6, 5e6}, {10e6, 25e6}, {10e6, 5e6}});
}

TEST_CASE("the formula of constant rates is the latency and the time at the slower access link") {
  for (const CheckedTransfer& transfer : planned().transfers) {
    const Way& way = transfer.way;
    const double slower = std::min(way.uplink.at(Time{}).value, way.downlink.at(Time{}).value);
    CHECK(transfer.messages[0].formula == milliseconds(2) + transfer_time(transfer.size, BitsPerSecond{slower}));
  }
}

TEST_CASE("transfers of a network without jitter take in virtual time what the formula says") {
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    NetworkCheck check = planned();
    check.plan.network.sharing = sharing;
    REQUIRE(play(check, go_on));
    for (const CheckedTransfer& transfer : check.transfers) {
      REQUIRE(transfer.messages[0].measured);
      CHECK(*transfer.messages[0].measured == transfer.messages[0].formula);
    }
    CHECK(holds(check));
  }
}

TEST_CASE("a link's own rate is part of the formula") {
  const LinkModel link{milliseconds(3), {}, RateProfile(BitsPerSecond{1e6})};
  const RunPlan run = run_of(rates(BitsPerSecond{5e6}, BitsPerSecond{2e6}), link);
  NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
  CHECK(check.transfers[0].messages[0].formula == milliseconds(83));
  REQUIRE(play(check, go_on));
  CHECK(check.transfers[0].messages[0].measured == milliseconds(83));
}

// 10,000 bytes: 50 ms at 1.6 Mbps, and up to 300 ms more for those that meet an outage, of which every second has one.
TEST_CASE("where rates change, messages are sent over time, and outages hold some up") {
  const RateProfile uplink(PiecewiseConstant::looped({{Time{}, 1.6e6}, {milliseconds(700), 0}}, milliseconds(1000)));
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    RunPlan run = run_of(rates(uplink, BitsPerSecond{4e6}), {milliseconds(2), {}, std::nullopt});
    run.network.sharing = sharing;
    NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
    REQUIRE(play(check, go_on));
    const auto& messages = check.transfers[0].messages;
    CHECK(messages.size() == 20);
    CHECK(messages.front().formula == milliseconds(52));
    const auto longest = std::max_element(messages.begin(), messages.end(),
                                          [](const auto& a, const auto& b) { return a.formula < b.formula; });
    CHECK(longest->formula > milliseconds(200));
    for (const CheckedMessage& message : messages) CHECK(message.measured == message.formula);
    CHECK(holds(check));
  }
}

TEST_CASE("where latencies are drawn, twenty messages show their range, each with its own draw") {
  const Distribution jitter = Distribution::exponential(milliseconds(40));
  const RunPlan run =
      run_of(rates(BitsPerSecond{1.6e6}, BitsPerSecond{4e6}), {{PiecewiseConstant(0.002), jitter}, {}, std::nullopt});
  NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
  REQUIRE(play(check, go_on));
  std::set<Time> formulas;
  for (const CheckedMessage& message : check.transfers[0].messages) {
    formulas.insert(message.formula);
    CHECK(message.measured == message.formula);
    CHECK(message.formula >= milliseconds(52));
  }
  CHECK(formulas.size() == 20);
  const std::string report = network_check_report(check);
  CHECK(report.find("about 42 ms") != std::string::npos);
  CHECK(report.find(" 92 ms ") != std::string::npos);
}

TEST_CASE("what is lost in a run and who is away are left out, and the report says so") {
  RunPlan run = run_of(rates(BitsPerSecond{1.6e6}, BitsPerSecond{4e6}), {});
  CHECK(plan_network_check(run, 10'000, CheckedClock::virtual_time).introduction.find("Played ") == std::string::npos);
  LinkModel lossy;
  lossy.loss.rate = 1;
  run.network.link = [model = std::make_shared<const LinkModel>(lossy)](NodeId, NodeId) { return model; };
  run.absences[1] = NodeAbsence({{Time{}, kNever}});
  NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
  CHECK(check.introduction.find("\nPlayed without loss\nPlayed as if nobody was ever away\n") != std::string::npos);
  REQUIRE(play(check, go_on));
  CHECK(holds(check));
}

TEST_CASE("where links differ, all pairs of five nodes are played, the first, the last and three in between") {
  RunPlan run = run_of(rates(kUnlimited, kUnlimited), {}, 101);
  run.network.link = [](NodeId from, NodeId to) {
    return std::make_shared<const LinkModel>(LinkModel{milliseconds(from + to), {}, BitsPerSecond{1e6}});
  };
  NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
  CHECK(check.transfers.size() == 2 * (1 + 20));
  CHECK(check.introduction.find("all pairs of nodes 0, 25, 50, 75, 100, as links differ") != std::string::npos);
  REQUIRE(play(check, go_on));
  CHECK(holds(check));
}

TEST_CASE("of very many pairs of classes thirty are played") {
  RunPlan run = run_of({}, {}, 60);
  for (NodeId node = 0; node < run.nodes; ++node) run.network.access[node].uplink = BitsPerSecond{1e6 * (node + 1)};
  const NetworkCheck check = plan_network_check(run, 10'000, CheckedClock::virtual_time);
  CHECK(check.transfers.size() == 2 * 30);
  CHECK(check.introduction.find("30 of the 3,540 pairs of classes") != std::string::npos);
}

TEST_CASE("a transfer that would never end is not played") {
  NetworkCheck check =
      plan_network_check(run_of(rates(BitsPerSecond{0}, BitsPerSecond{1e6}), {}), 10'000, CheckedClock::virtual_time);
  CHECK(play(check, go_on));
  CHECK_FALSE(holds(check));
  CHECK(network_check_report(check).find("not played") != std::string::npos);
}

TEST_CASE("a network that does not keep to the formula is found out") {
  NetworkCheck check = planned();
  check.plan.network.access[check.transfers[0].from].uplink = BitsPerSecond{24.9e6};
  REQUIRE(play(check, go_on));
  CHECK_FALSE(holds(check));
  CHECK(*check.transfers[0].messages[0].measured > check.transfers[0].messages[0].formula);
}

TEST_CASE("a message that is not received is found out") {
  NetworkCheck check = planned();
  const auto to = check.transfers[0].to;
  check.plan.network.link = [link = check.plan.network.link, to](NodeId from, NodeId other) {
    auto model = std::make_shared<LinkModel>(*link(from, other));
    if (other == to) model->loss.rate = 1;
    return model;
  };
  REQUIRE(play(check, go_on));
  CHECK_FALSE(check.transfers[0].messages[0].measured);
  CHECK_FALSE(holds(check));
  CHECK(network_check_report(check).find("not all messages were received") != std::string::npos);
}

TEST_CASE("the report has a line for each transfer and ends with the worst difference") {
  NetworkCheck check = planned();
  REQUIRE(play(check, go_on));
  const std::string report = network_check_report(check);
  CHECK(report.find("8 nodes in 2 classes of the same uplink and downlink, 56 ordered pairs\n") == 0);
  CHECK(count_of(" -> ", report) == 8);
  CHECK(report.find("\nworst difference 0\n") == report.size() - 20);
}

TEST_CASE("a check stops when it is told to") {
  NetworkCheck check = planned();
  int asked = 0;
  CHECK_FALSE(play(check, [&] { return ++asked < 5; }));
  CHECK_FALSE(check.transfers.back().messages[0].measured);
}

TEST_CASE("under the real clock a transfer takes what the formula says, on a machine that keeps up") {
  NetworkCheck check = planned(CheckedClock::real_time);
  test::DrivenTime time;
  REQUIRE(play(check, go_on, time));
  for (const CheckedTransfer& transfer : check.transfers) {
    for (const CheckedMessage& message : transfer.messages) CHECK(message.measured == message.formula);
  }
  CHECK(network_check_report(check).find("95th percentile") != std::string::npos);
}

TEST_CASE("under the machine's own time transfers are received, too" * doctest::test_suite("slow")) {
  NetworkCheck check = planned(CheckedClock::real_time);
  check.transfers.resize(1);
  REQUIRE(play(check, go_on));
  CHECK(check.transfers[0].messages[0].measured);
}

TEST_CASE("netcheck succeeds on a scenario's network and has nothing to do without emulation") {
  const auto tardigrad_command = [](const std::vector<std::string>& arguments) {
    std::vector<const char*> argv = {"tardigrad"};
    for (const std::string& argument : arguments) argv.push_back(argument.c_str());
    return run_command_line(static_cast<int>(argv.size()), argv.data());
  };
  const test::TemporaryFolder folder;
  const std::string scenario = folder.write("s.toml", std::string(kStragglers));
  CHECK(tardigrad_command({"netcheck", scenario, "--set", "network.uplink=8Mbps"}) == exit_done);
  CHECK(tardigrad_command({"netcheck", scenario, "--set", "network.uplinc=8Mbps"}) == exit_wrong_use);
  CHECK(tardigrad_command({"netcheck", scenario, "--set", "time.clock=real", "--set", "network.emulation=off"}) ==
        exit_wrong_use);
}

}  // namespace
}  // namespace tardigrad
