#include "netem/fair/fair_sharing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/netem/fluid_case.hpp"
#include "tests/places.hpp"

namespace tardigrad {

using test::FluidCase;
using test::FluidRun;

namespace {

constexpr double kExact = 1e-10;

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

/// SimGrid pays a flow's latency before its bytes flow: start it that much later.
FluidCase read_case(const nlohmann::json& json) {
  FluidCase fluid;
  for (const auto& link : json.at("links")) fluid.capacities.push_back(link.at("cap_Bps"));
  for (const auto& flow : json.at("flows")) {
    double start = flow.at("start_s");
    for (std::size_t link : flow.at("links")) start += json.at("links").at(link).at("lat_s").get<double>();
    fluid.flows.push_back({flow.at("links"), flow.at("bytes"), start});
  }
  for (const auto& event : json.at("events")) {
    fluid.changes.push_back({event.at("t_s"), event.at("link"), event.at("cap_Bps")});
  }
  std::stable_sort(fluid.changes.begin(), fluid.changes.end(),
                   [](const auto& a, const auto& b) { return a.at_s < b.at_s; });
  return fluid;
}

/// A small random case with capacity changes, a link that stands still for a while among them.
FluidCase small_changing_case(RandomStream& random) {
  FluidCase fluid = test::random_case(random);
  fluid.flows.resize(std::min<std::size_t>(fluid.flows.size(), 30));
  double at = 0;
  for (int i = 0; i < 10; ++i) {
    at += 0.05 * random.exponential();
    const std::size_t link = random.below(fluid.capacities.size());
    fluid.changes.push_back({at, link, i == 5 ? 0.0 : std::round(fluid.capacities[link] * (0.2 + random.uniform()))});
  }
  fluid.changes.push_back({at + 1, fluid.changes[5].link, fluid.capacities[fluid.changes[5].link]});
  return fluid;
}

}  // namespace

TEST_CASE("flows that share one link get equal shares and end as the closed form says") {
  FairSharing sharing;
  const auto link = sharing.add_link({8e6});  // 1 byte per microsecond
  std::vector<FairSharing::FlowId> flows;
  const std::vector<Bytes> sizes{3000, 1000, 2000};
  for (Bytes size : sizes) flows.push_back(sharing.start(Time{}, {link}, size));
  for (auto flow : flows) CHECK(sharing.rate(flow).value == doctest::Approx(8e6 / 3));
  // 3 * 1000 bytes until the shortest is through, then 2 * 1000, then 1000.
  const std::vector<std::pair<Time, FairSharing::FlowId>> expected{
      {ms(3), flows[1]}, {ms(5), flows[2]}, {ms(6), flows[0]}};
  for (const auto& [time, flow] : expected) {
    REQUIRE(sharing.next_completion() == time);
    REQUIRE(sharing.complete(time) == std::vector<FairSharing::FlowId>{flow});
    sharing.stop(time, flow);
  }
  CHECK_FALSE(sharing.next_completion());
}

TEST_CASE("a link has been busy for the integral of its load over its capacity") {
  FairSharing sharing;
  const auto fast = sharing.add_link({8e6});  // 1 byte per microsecond
  const auto slow = sharing.add_link({2e6});
  const auto endless = sharing.add_link({1e18});
  const auto idle = sharing.add_link({8e6});
  const auto both = sharing.start(Time{}, {fast, slow, endless}, 1000);
  const auto alone = sharing.start(ms(2), {fast}, 10'000);
  CHECK(sharing.busy_time(ms(2), fast) == ms(2) / 4);
  CHECK(sharing.busy_time(ms(2), slow) == ms(2));
  REQUIRE(sharing.complete(ms(4)) == std::vector{both});
  sharing.stop(ms(4), both);
  CHECK(sharing.busy_time(ms(4), fast) == ms(2) / 4 + ms(2));
  sharing.set_capacity(ms(5), fast, {4e6});
  sharing.set_capacity(ms(7), fast, {0});
  sharing.set_capacity(ms(9), fast, {16e6});
  CHECK(sharing.busy_time(ms(9), fast) == ms(2) / 4 + ms(2) + ms(3));
  // 1,500 bytes by 4 ms, 1,000, 1,000 and none since; the rest takes half a microsecond each.
  const Time end = ms(9) + std::chrono::microseconds(6500) / 2;
  REQUIRE(sharing.next_completion() == end);
  sharing.complete(end);
  sharing.stop(end, alone);
  CHECK(sharing.busy_time(ms(100), fast) == ms(2) / 4 + ms(5) + std::chrono::microseconds(6500) / 2);
  CHECK(sharing.busy_time(ms(100), slow) == ms(4));
  CHECK(sharing.busy_time(ms(100), endless) == Time{});
  CHECK(sharing.busy_time(ms(100), idle) == Time{});
}

TEST_CASE("a flow held up elsewhere leaves its share of a link to the others") {
  FairSharing sharing;
  const auto shared = sharing.add_link({10e6});
  const auto slow = sharing.add_link({2e6});
  const auto held_up = sharing.start(Time{}, {shared, slow}, 1000);
  const auto free = sharing.start(Time{}, {shared}, 1000);
  CHECK(sharing.rate(held_up).value == doctest::Approx(2e6));
  CHECK(sharing.rate(free).value == doctest::Approx(8e6));
}

TEST_CASE("a flow over three links has the rate of the tightest") {
  FairSharing sharing;
  const auto up = sharing.add_link({10e6});
  const auto down = sharing.add_link({8e6});
  const auto pair = sharing.add_link({1e6});
  const auto limited = sharing.start(Time{}, {up, down, pair}, 1000);
  const auto other = sharing.start(Time{}, {up, down}, 1000);
  CHECK(sharing.rate(limited).value == doctest::Approx(1e6));
  CHECK(sharing.rate(other).value == doctest::Approx(7e6));
  sharing.set_capacity(Time{}, pair, {100e6});
  CHECK(sharing.rate(limited).value == doctest::Approx(4e6));
  CHECK(sharing.rate(other).value == doctest::Approx(4e6));
}

TEST_CASE("a flow that is stopped on its way frees its share at once") {
  FairSharing sharing;
  const auto link = sharing.add_link({8e6});
  const auto stays = sharing.start(Time{}, {link}, 3000);
  const auto goes = sharing.start(Time{}, {link}, 2500);
  sharing.stop(ms(2), goes);  // 1000 bytes of each are through
  CHECK(sharing.rate(stays).value == doctest::Approx(8e6));
  CHECK(sharing.next_completion() == ms(4));
}

TEST_CASE("a flow in progress feels a new capacity at once, and stands still at none") {
  FairSharing sharing;
  const auto link = sharing.add_link({8e6});
  const auto flow = sharing.start(Time{}, {link}, 3000);
  sharing.set_capacity(ms(1), link, {4e6});
  CHECK(sharing.next_completion() == ms(5));
  sharing.set_capacity(ms(3), link, {0});
  CHECK_FALSE(sharing.next_completion());
  CHECK(sharing.remaining(ms(100), flow) == doctest::Approx(1000));
  sharing.set_capacity(ms(200), link, {8e6});
  CHECK(sharing.next_completion() == ms(201));
}

TEST_CASE("an unlimited link holds nothing up") {
  FairSharing sharing;
  const auto unlimited = sharing.add_link({std::numeric_limits<double>::infinity()});
  const auto slow = sharing.add_link({8e6});
  const auto flow = sharing.start(Time{}, {unlimited, slow}, 1000);
  const auto immediate = sharing.start(Time{}, {unlimited}, 1000);
  CHECK(sharing.next_completion() == Time{});
  CHECK(sharing.complete(Time{}) == std::vector<FairSharing::FlowId>{immediate});
  sharing.stop(Time{}, immediate);
  CHECK(sharing.rate(flow).value == doctest::Approx(8e6));
  CHECK(sharing.next_completion() == ms(1));
}

TEST_CASE("a flow of no bytes is through when it starts, even where nothing moves") {
  FairSharing sharing;
  const auto still = sharing.add_link({0});
  const auto flow = sharing.start(ms(7), {still}, 0);
  CHECK(sharing.next_completion() == ms(7));
  CHECK(sharing.complete(ms(7)) == std::vector<FairSharing::FlowId>{flow});
}

TEST_CASE("a flow that goes on continues without a gap and without touching the others") {
  FairSharing sharing;
  const auto link = sharing.add_link({8e6});
  const auto goes_on = sharing.start(Time{}, {link}, 1000);
  const auto other = sharing.start(Time{}, {link}, 3000);
  for (int message = 1; message <= 2; ++message) {
    REQUIRE(sharing.next_completion() == ms(2 * message));
    REQUIRE(sharing.complete(ms(2 * message)) == std::vector<FairSharing::FlowId>{goes_on});
    sharing.go_on(goes_on, 1000);
    CHECK(sharing.rate(other).value == doctest::Approx(4e6));
  }
  CHECK(sharing.next_completion() == ms(6));
  CHECK(sharing.complete(ms(6)).size() == 2);
}

TEST_CASE("time that runs backwards or past a completion is refused") {
  FairSharing sharing;
  const auto link = sharing.add_link({8e6});
  const auto flow = sharing.start(ms(1), {link}, 1000);
  CHECK_THROWS_AS(sharing.stop(Time{}, flow), std::logic_error);
  CHECK_THROWS_AS(sharing.stop(ms(3), flow), std::logic_error);
}

TEST_CASE("without tolerance, rates are max-min fair after every event of random small networks") {
  RandomStream random(1, Purpose::test);
  for (int i = 0; i < 60; ++i) {
    const FluidCase fluid = small_changing_case(random);
    FluidCase now = fluid;
    FluidRun run(fluid, kExact);
    double worst = 0;
    while (run.step()) {
      for (const auto& change : fluid.changes) {
        if (from_seconds(change.at_s) < run.now()) now.capacities[change.link] = change.capacity;
      }
      std::vector<std::vector<std::size_t>> routes;
      for (const auto& one : run.active()) routes.push_back(fluid.flows[one.first].links);
      // At the very instant of a change it may not have been made yet.
      if (std::any_of(fluid.changes.begin(), fluid.changes.end(),
                      [&](const auto& change) { return from_seconds(change.at_s) == run.now(); })) {
        continue;
      }
      const auto right = test::max_min_rates(now.capacities, routes);
      for (std::size_t flow = 0; flow < right.size(); ++flow) {
        const double rate = run.sharing().rate(run.active()[flow].second).value / 8;
        worst = std::max(worst, std::abs(rate - right[flow]) / std::max(right[flow], 1.0));
      }
    }
    CHECK(worst < 1e-7);
  }
}

TEST_CASE("rates are max-min fair after any number of changes at one instant that nobody asked about in between") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RandomStream random(seed, Purpose::test);
    FluidCase fluid = test::random_case(random);
    FairSharing sharing(1e-9);
    for (double capacity : fluid.capacities) sharing.add_link({8 * capacity});
    const auto link = [](std::size_t index) { return static_cast<FairSharing::LinkId>(index + 1); };
    std::vector<FairSharing::FlowId> flows;
    std::vector<std::vector<std::size_t>> routes;
    const auto start = [&](Time now, const test::FluidFlow& flow) {
      flows.push_back(sharing.start(now, {link(flow.links[0]), link(flow.links[1])}, 1'000'000'000));
      routes.push_back(flow.links);
    };
    const auto check = [&] {
      const std::vector<double> right = test::max_min_rates(fluid.capacities, routes);
      for (std::size_t flow = 0; flow < flows.size(); ++flow) {
        INFO("seed " << seed << ", flow " << flow);
        CHECK(sharing.rate(flows[flow]).value == doctest::Approx(8 * right[flow]).epsilon(1e-6));
      }
    };
    for (const test::FluidFlow& flow : fluid.flows) start(Time{}, flow);
    check();
    for (std::size_t flow = 0; flow < flows.size(); ++flow) {
      if (random.below(3) == 0) continue;
      sharing.stop(ms(1), flows[flow]);
      flows.erase(flows.begin() + static_cast<std::ptrdiff_t>(flow));
      routes.erase(routes.begin() + static_cast<std::ptrdiff_t>(flow));
    }
    for (std::size_t index = 0; index < fluid.capacities.size(); index += 3) {
      fluid.capacities[index] *= 0.1 + random.uniform();
      sharing.set_capacity(ms(1), link(index), {8 * fluid.capacities[index]});
    }
    for (const test::FluidFlow& flow : fluid.flows) start(ms(1), flow);
    check();
  }
}

TEST_CASE("completions follow the definition through capacity changes") {
  RandomStream random(2, Purpose::test);
  for (int i = 0; i < 60; ++i) {
    const FluidCase fluid = small_changing_case(random);
    const auto right = test::exact_completions(fluid);
    const auto exact = test::relative_errors(fluid, test::model_completions(fluid, kExact), right);
    CHECK(*std::max_element(exact.begin(), exact.end()) < 1e-7);
    const auto usual = test::relative_errors(fluid, test::model_completions(fluid), right);
    CHECK(*std::max_element(usual.begin(), usual.end()) < 0.05);
    CHECK(test::median(usual) < 0.005);
  }
}

TEST_CASE("with the usual tolerance every transfer of large random sets takes its right time within 5 %") {
  RandomStream random(3, Purpose::test);
  for (int i = 0; i < 150; ++i) {
    const FluidCase fluid = test::random_case(random);
    const auto errors = test::relative_errors(fluid, test::model_completions(fluid), test::exact_completions(fluid));
    CHECK(*std::max_element(errors.begin(), errors.end()) < 0.05);
    CHECK(test::median(errors) < 0.005);
  }
}

TEST_CASE("a lower tolerance brings times closer to the definition") {
  RandomStream random(5, Purpose::test);
  for (int i = 0; i < 50; ++i) {
    const FluidCase fluid = test::random_case(random);
    const auto right = test::exact_completions(fluid);
    for (double tolerance : {1e-9, 1e-4, 1e-3, 5e-3, 1e-2}) {
      INFO("tolerance " << tolerance);
      const auto errors = test::relative_errors(fluid, test::model_completions(fluid, tolerance), right);
      CHECK(*std::max_element(errors.begin(), errors.end()) < 10 * tolerance);
    }
  }
}

TEST_CASE("no link carries more than its capacity, and a flow ends when its bytes have been carried") {
  RandomStream random(4, Purpose::test);
  for (int i = 0; i < 40; ++i) {
    const FluidCase fluid = test::random_case(random);
    std::vector<double> carried(fluid.flows.size(), 0);
    FluidRun run(fluid, FairSharing::kTolerance);
    double fullest = 0;
    Time before{};
    while (true) {
      run.sharing().next_completion();
      std::vector<std::pair<std::size_t, double>> rates;
      std::vector<double> loads(fluid.capacities.size(), 0);
      for (const auto& [flow, id] : run.active()) {
        rates.emplace_back(flow, run.sharing().rate(id).value / 8);
        for (std::size_t link : fluid.flows[flow].links) loads[link] += rates.back().second;
      }
      for (std::size_t link = 0; link < loads.size(); ++link) {
        fullest = std::max(fullest, loads[link] / fluid.capacities[link]);
        CHECK(run.sharing().load(run.link(link)).value / 8 ==
              doctest::Approx(loads[link]).epsilon(1e-9).scale(fluid.capacities[link]));
      }
      if (!run.step()) break;
      for (const auto& [flow, rate] : rates) carried[flow] += rate * to_seconds(run.now() - before);
      before = run.now();
    }
    CHECK(fullest < 1 + 1.01 * FairSharing::kTolerance);
    CHECK(fullest > 1 - 1.01 * FairSharing::kTolerance);
    for (std::size_t flow = 0; flow < carried.size(); ++flow) {
      CHECK(carried[flow] == doctest::Approx(fluid.flows[flow].bytes).epsilon(1e-8));
    }
  }
}

TEST_CASE("the same calls give the same times to the picosecond") {
  RandomStream random(5, Purpose::test);
  const FluidCase fluid = test::random_case(random);
  CHECK(test::model_completions(fluid) == test::model_completions(fluid));
}

TEST_CASE("the cases computed by SimGrid come out within 5 %, and exactly without tolerance") {
  const char* chosen = std::getenv("TARDIGRAD_VECTORS");
  const std::string folder = chosen ? chosen : TARDIGRAD_SOURCE_DIR "/tests/vectors";
  const auto cases = nlohmann::json::parse(std::ifstream(folder + "/network/simgrid_max_min.json"));
  REQUIRE(!cases.empty());
  for (const auto& json : cases) {
    if (json.at("weights") != "equal") continue;
    INFO(json.at("name"));
    const FluidCase fluid = read_case(json);
    const std::vector<double> right = json.at("finish_s");
    const auto exact = test::relative_errors(fluid, test::model_completions(fluid, kExact), right);
    CHECK(*std::max_element(exact.begin(), exact.end()) < 1e-4);
    const auto usual = test::relative_errors(fluid, test::model_completions(fluid), right);
    CHECK(*std::max_element(usual.begin(), usual.end()) < 0.05);
    CHECK(test::median(usual) < 0.005);
  }
}

}  // namespace tardigrad
