/// Runs in which everything happens at once.
#pragma once

#include "tests/actors/small_runs.hpp"

namespace tardigrad {

/// A network in which everything happens, drawn from the seed.
inline RunPlan wild_plan(const std::string& kind, std::uint64_t seed) {
  using std::chrono::milliseconds;
  RandomStream draw(seed, Purpose::test);
  const NodeId nodes = 8;
  RunPlan plan = plan_of(kind, nodes, milliseconds(100), from_seconds(1.5 + draw.uniform()));
  plan.seed = seed;
  plan.network.sharing = draw.uniform() < 0.5 ? Sharing::serial : Sharing::fair;
  plan.wait_timeout = milliseconds(150);
  for (NodeId node = 0; node < nodes; ++node) {
    plan.paces[node].start = from_seconds(0.1 * draw.uniform());
    plan.paces[node].step_time = Distribution::exponential(milliseconds(80));
    const auto slow = [&] {
      const Time begin = from_seconds(draw.uniform());
      return RateProfile(BitsPerSecond{5e5 + 1e6 * draw.uniform()})
          .scaled(during({{begin, begin + from_seconds(0.3 * draw.uniform())}}, 0.2), plan.duration);
    };
    if (draw.uniform() < 0.8) plan.network.access[node] = {slow(), slow()};
    if (draw.uniform() < 0.5) {
      plan.absences[node] = NodeAbsence::drawn({milliseconds(150), milliseconds(500)}, plan.duration, seed, node);
    }
  }
  LinkModel link;
  link.latency = Latency(PiecewiseConstant(0.001), Distribution::exponential(milliseconds(3)));
  link.loss.rate = 0.2 * draw.uniform();
  link.loss.on_loss = draw.uniform() < 0.5 ? OnLoss::drop : OnLoss::retransmit;
  link.loss.timeout = milliseconds(20);
  link.loss.most_transmissions = 3;
  LinkModel rated = link;
  rated.rate =
      RateProfile(BitsPerSecond{4e5}).scaled(during({{milliseconds(400), milliseconds(600)}}, 0), plan.duration);
  const bool own_rates = draw.uniform() < 0.5;
  plan.network.link = [plain = std::make_shared<const LinkModel>(link), own = std::make_shared<const LinkModel>(rated),
                       own_rates](NodeId from, NodeId to) { return own_rates && (from + to) % 3 == 0 ? own : plain; };
  return plan;
}

}  // namespace tardigrad
