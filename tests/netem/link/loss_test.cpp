#include "netem/link/loss.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tardigrad;

namespace {

std::vector<bool> arrivals(const LossModel& model, std::uint64_t seed, NodeId from, NodeId to, int count) {
  PairLoss loss(model, seed, from, to);
  std::vector<bool> out;
  for (int i = 0; i < count; ++i) out.push_back(loss.next().arrives);
  return out;
}

}  // namespace

TEST_CASE("a link that loses nothing delivers every message at the first attempt") {
  PairLoss loss({}, 1, 0, 1);
  for (int i = 0; i < 1000; ++i) {
    const Passage fate = loss.next();
    CHECK(fate.transmissions == 1);
    CHECK(fate.arrives);
  }
}

TEST_CASE("dropped messages are the share that the rate says") {
  LossModel model;
  model.rate = 0.1;
  PairLoss loss(model, 1, 0, 1);
  int lost = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Passage fate = loss.next();
    CHECK(fate.transmissions == 1);
    lost += fate.arrives ? 0 : 1;
  }
  CHECK(lost == doctest::Approx(5000).epsilon(0.05).scale(0));
  CHECK(model.expected_rate() == 0.1);
}

TEST_CASE("retransmission needs 1 / (1 - rate) transmissions on average") {
  LossModel model;
  model.rate = 0.5;
  model.on_loss = OnLoss::retransmit;
  model.most_transmissions = 1000;
  PairLoss loss(model, 1, 0, 1);
  double transmissions = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Passage fate = loss.next();
    CHECK(fate.arrives);
    transmissions += fate.transmissions;
  }
  CHECK(transmissions / 50'000 == doctest::Approx(2).epsilon(0.02).scale(0));
}

TEST_CASE("a sender gives up after the most transmissions it may make") {
  LossModel model;
  model.rate = 1;
  model.on_loss = OnLoss::retransmit;
  model.most_transmissions = 3;
  const Passage fate = PairLoss(model, 1, 0, 1).next();
  CHECK(fate.transmissions == 3);
  CHECK_FALSE(fate.arrives);
}

TEST_CASE("losses repeat with the seed and differ from pair to pair") {
  LossModel model;
  model.rate = 0.3;
  const auto some = arrivals(model, 1, 2, 3, 200);
  CHECK(some == arrivals(model, 1, 2, 3, 200));
  CHECK(some != arrivals(model, 2, 2, 3, 200));
  CHECK(some != arrivals(model, 1, 3, 2, 200));
}

TEST_CASE("bursts lose as many messages as expected, in runs as long as the bad state lasts") {
  LossModel model;
  model.burst = {1, 0.02, 0.2};
  const auto fates = arrivals(model, 1, 0, 1, 200'000);
  int lost = 0;
  int runs = 0;
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i]) continue;
    ++lost;
    if (i == 0 || fates[i - 1]) ++runs;
  }
  CHECK(model.expected_rate() == doctest::Approx(0.02 / 0.22).epsilon(1e-12).scale(0));
  CHECK(lost / 200'000.0 == doctest::Approx(model.expected_rate()).epsilon(0.05).scale(0));
  CHECK(static_cast<double>(lost) / runs == doctest::Approx(5).epsilon(0.05).scale(0));
}
