/// Measures how exactly the real clock shapes: how long transfers really take, through all actors on their way,
/// against the formula. Meant for an idle machine.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "actors/run/run.hpp"
#include "models/learners/null_learner.hpp"
#include "netem/base/random_stream.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace {

using namespace tardigrad;
using std::chrono::steady_clock;

/// One message of an even node to the next one; nobody else is on its way.
struct Sent {
  Time formula{};
  steady_clock::time_point begin;
  steady_clock::time_point end;
};

/// Sends the message when the first round is over. The time is taken where it is handed over and where
/// it is received.
class Timed final : public FragmentProtocol {
 public:
  Timed(NodeId self, std::vector<Sent>& sent) : self_(self), sent_(sent) {}

  void on_trained(LocalRound local, Actions& actions) override {
    if (self_ % 2 != 0) return;
    sent_[self_ / 2].begin = steady_clock::now();
    actions.send({self_ + 1, 0, 0, std::move(local.values), 0});
  }
  void on_message(const ProtocolMessage&, Actions&) override { sent_[self_ / 2].end = steady_clock::now(); }
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
  std::vector<Sent>& sent_;
};

class Nowhere final : public RecordSink {
  void add(const RoundRecord&) override {}
  void add(const EvaluationRow&) override {}
  void add(const LinkRow&) override {}
  void commit() override {}
};

double log_uniform(RandomStream& draw, double low, double high) { return low * std::pow(high / low, draw.uniform()); }

/// `count` messages of one size over one latency and each its own rates, begun within half a second.
std::vector<Sent> transfer(std::size_t count, RandomStream& draw, ComputePool& pool) {
  NullLearner learner(static_cast<std::int64_t>(log_uniform(draw, 1e3, 4e6) - kHeaderBytes) / 4);
  const Bytes size = kHeaderBytes + sizeof(float) * static_cast<Bytes>(learner.layout().numel());
  std::vector<Sent> sent(count);
  RunPlan plan;
  plan.nodes = static_cast<NodeId>(2 * count);
  const Time latency = from_seconds(log_uniform(draw, 1e-3, 100e-3));
  const auto link = std::make_shared<const LinkModel>(LinkModel{latency, {}, std::nullopt});
  plan.network.link = [link](NodeId, NodeId) { return link; };
  plan.absences.resize(plan.nodes);
  Distribution step;
  step.mean = std::chrono::milliseconds(10);
  for (Sent& one : sent) {
    const BitsPerSecond up{log_uniform(draw, 1e6, 200e6)};
    const BitsPerSecond down{log_uniform(draw, 1e6, 200e6)};
    one.formula = latency + std::max(transfer_time(size, up), transfer_time(size, down));
    const Time start = from_seconds(0.5 * draw.uniform());
    plan.paces.insert(plan.paces.end(), 2, Pace{start, step, 1, 1});
    plan.network.access.insert(plan.network.access.end(), 2, AccessLink{up, down});
    plan.duration = std::max<Time>(plan.duration, start + one.formula + std::chrono::milliseconds(50));
  }
  plan.protocols = [&sent](const FragmentInfo& info) { return std::make_unique<Timed>(info.node, sent); };
  Nowhere nowhere;
  run_in_real_time(plan, learner, pool, nowhere, [](const RunPosition&) { return true; });
  return sent;
}

void print(const char* what, std::vector<double> values, const char* unit) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  fmt::print("{}: median {:.3f} {}, 95th percentile {:.3f} {}, worst {:.3f} {}\n", what, at(0.5), unit, at(0.95), unit,
             at(1), unit);
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 20;
  RandomStream draw(1, Purpose::test);
  ComputePool pool(1, nullptr);
  std::vector<double> percent, milliseconds, of_bound;
  for (int run = 0; run < runs; ++run) {
    for (const Sent& one : transfer(10, draw, pool)) {
      const double formula = to_seconds(one.formula);
      const double error = std::abs(std::chrono::duration<double>(one.end - one.begin).count() - formula);
      percent.push_back(100 * error / formula);
      milliseconds.push_back(1e3 * error);
      of_bound.push_back(error / std::max(0.01 * formula, 1e-3));
    }
  }
  fmt::print("{} transfers of 1 kB to 4 MB at 1 to 200 Mbps with 1 to 100 ms latency, real against formula\n",
             of_bound.size());
  print("error", percent, "%");
  print("error", milliseconds, "ms");
  print("error, 1 being the larger of 1 % and 1 ms", of_bound, "");
}
