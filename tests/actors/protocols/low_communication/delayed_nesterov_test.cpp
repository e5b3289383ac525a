#include "actors/protocols/low_communication/delayed_nesterov.hpp"

#include <doctest/doctest.h>

#include <map>

#include "actors/protocols/parts/staleness_weight.hpp"
#include "tests/memory_archive.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

using Doubles = std::vector<double>;

DelayedNesterov::Settings settings_of(const nlohmann::json& options) {
  return {options["outer_learning_rate"], options["outer_momentum"], options["delay"], options["momentum_activation"]};
}

Values plus(Values sum, const Values& other) {
  for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += other[p];
  return sum;
}

Values minus(Values difference, const Values& other) {
  for (std::size_t p = 0; p < difference.size(); ++p) difference[p] -= other[p];
  return difference;
}

/// A worker's start: what it was sent, and after how many updates.
struct Start {
  SharedValues model;
  std::uint64_t updates = 0;
};

void check_case(const nlohmann::json& file, const nlohmann::json& example) {
  const SharedValues initial = shared(file["initial"].get<Values>());
  const double power = example["options"]["staleness_power"];
  DelayedNesterov server(settings_of(example["options"]), initial);
  std::map<std::uint64_t, Start> starts;
  for (std::size_t k = 0; k < file["arrivals"].size(); ++k) {
    INFO("arrival " << k);
    Start& start = starts.try_emplace(file["arrivals"][k].get<std::uint64_t>(), Start{initial}).first->second;
    const Values half = plus(*start.model, file["update_of_arrival"][k].get<Values>());
    const std::uint64_t stale = server.updates() - start.updates;
    CHECK(stale == example["staleness"][k].get<std::uint64_t>());
    server.take(minus(*start.model, half), static_cast<float>(staleness_weight(stale, power)));
    check_close(*server.model(), example["after_arrival"][k].get<Doubles>());
    check_close(server.momentum(), example["momentum_after_arrival"][k].get<Doubles>());
    check_close(server.collected(), example["collected_after_arrival"][k].get<Doubles>());
    start = {server.model(), server.updates()};
  }
}

}  // namespace

TEST_CASE("delayed Nesterov moves by each arrival and takes the momentum in at every N-th (numeric cases)") {
  for (const auto& file : test::vector_cases("async_local_sgd")) {
    for (const auto& example : file["cases"]) check_case(file, example);
  }
}

TEST_CASE("delayed Nesterov, buffered, rests between steps and agrees with each by itself at every N-th arrival") {
  DelayedNesterov::Settings settings{0.5, 0.9, 3};
  DelayedNesterov each(settings, shared({1, -2}));
  settings.buffered = true;
  DelayedNesterov buffered(settings, shared({1, -2}));
  for (int k = 1; k <= 9; ++k) {
    const Values difference{0.1F * static_cast<float>(k), -0.3F};
    const SharedValues before = buffered.model();
    each.take(difference);
    buffered.take(difference);
    if (k % 3 != 0) CHECK(buffered.model() == before);
    if (k % 3 == 0) check_close(*buffered.model(), Doubles(each.model()->begin(), each.model()->end()), 1e-6);
  }
  CHECK(each.updates() == 9);
  CHECK(buffered.updates() == 3);
}

TEST_CASE("delayed Nesterov, buffered without momentum, moves by the mean difference (FedBuff)") {
  DelayedNesterov server({1, 0, 2, 0, true}, shared({1, 1}));
  server.take({0.5F, 0});
  server.take({0, -1}, 0.5F);
  check_close(*server.model(), {0.75, 1.25});
}

TEST_CASE("delayed Nesterov goes on from its saved state as if nothing had happened") {
  const DelayedNesterov::Settings settings{0.7, 0.9, 3, 0.2};
  DelayedNesterov server(settings, shared({1, -2}));
  DelayedNesterov resumed(settings, shared({0, 0}));
  for (int k = 0; k < 4; ++k) server.take({0.1F, -0.3F});
  REQUIRE(test::load(test::saved(server), resumed));
  for (int k = 0; k < 2; ++k) {
    server.take({0.2F, 0.4F});
    resumed.take({0.2F, 0.4F});
  }
  CHECK(*resumed.model() == *server.model());
  CHECK(resumed.updates() == server.updates());
}

}  // namespace tardigrad
