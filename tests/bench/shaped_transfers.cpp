/// Measures how long messages that one node sends at once to as many others take under the real clock, and how long
/// they should. Used by tcp_shaping.sh, which holds it against real TCP.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/run/run.hpp"
#include "models/learners/null_learner.hpp"
#include "runtime/compute/compute_pool.hpp"

namespace {

using namespace tardigrad;
using std::chrono::steady_clock;

struct Transfers {
  double rate = 0;  ///< of the sender's uplink, in bit/s; nothing else holds them up
  Bytes size = 0;   ///< each, header included
  NodeId count = 0;
  Sharing sharing = Sharing::serial;
};

/// Node 0 sends to all others when its first round is over. The time is taken where the messages are handed
/// over and where they are received.
struct Times {
  steady_clock::time_point begin;
  std::vector<steady_clock::time_point> ends;
  std::atomic<NodeId> received{0};
};

class Broadcast final : public FragmentProtocol {
 public:
  Broadcast(NodeId self, Times& times) : self_(self), times_(times) {}

  void on_trained(LocalRound local, Actions& actions) override {
    times_.begin = steady_clock::now();
    for (NodeId to = 1; to <= times_.ends.size(); ++to) actions.send({to, 0, 0, local.values, to});
  }
  void on_message(const ProtocolMessage&, Actions&) override {
    times_.ends[self_ - 1] = steady_clock::now();
    ++times_.received;
  }
  void persist(StateArchive&) override {}

 private:
  NodeId self_;
  Times& times_;
};

class Nowhere final : public RecordSink {
  void add(const RoundRecord&) override {}
  void add(const EvaluationRow&) override {}
  void add(const LinkRow&) override {}
  void commit() override {}
};

double formula(const Transfers& transfers) {
  return 8.0 * static_cast<double>(transfers.size) * transfers.count / transfers.rate;
}

/// Seconds from handing over to receiving the last byte; nothing if a message was not received.
std::optional<double> measure(const Transfers& transfers) {
  constexpr Time lead = std::chrono::milliseconds(50);
  RunPlan plan;
  plan.nodes = transfers.count + 1;
  plan.duration = lead + from_seconds(formula(transfers)) + std::chrono::seconds(2);
  plan.paces.assign(plan.nodes, Pace{Time{}, Distribution::constant(2 * plan.duration), 1, 1});
  plan.paces[0].step_time = Distribution::constant(lead);
  plan.network.sharing = transfers.sharing;
  plan.network.access.resize(plan.nodes);
  plan.network.access[0].uplink = BitsPerSecond{transfers.rate};
  plan.network.link = [link = std::make_shared<const LinkModel>()](NodeId, NodeId) { return link; };
  plan.absences.resize(plan.nodes);
  Times times;
  times.ends.resize(transfers.count);
  plan.protocols = [&times](const FragmentInfo& info) { return std::make_unique<Broadcast>(info.node, times); };
  NullLearner learner(static_cast<std::int64_t>((transfers.size - kHeaderBytes) / sizeof(float)));
  ComputePool pool(1, nullptr);
  Nowhere nowhere;
  run_in_real_time(plan, learner, pool, nowhere, [&](const RunPosition&) { return times.received < transfers.count; });
  if (times.received < transfers.count) return std::nullopt;
  const auto last = *std::max_element(times.ends.begin(), times.ends.end());
  return std::chrono::duration<double>(last - times.begin).count();
}

std::optional<Transfers> read(int argc, char** argv) {
  if (argc != 5) return std::nullopt;
  Transfers transfers;
  transfers.rate = 1e6 * std::atof(argv[1]);
  const long size = std::atol(argv[2]);
  const long count = std::atol(argv[3]);
  const std::string sharing = argv[4];
  if (!(transfers.rate > 0) || size < 1000 || size > 1'000'000'000 || size % 4 != 0 || count < 1 || count > 1000 ||
      (sharing != "serial" && sharing != "fair")) {
    return std::nullopt;
  }
  transfers.size = static_cast<Bytes>(size);
  transfers.count = static_cast<NodeId>(count);
  transfers.sharing = sharing == "fair" ? Sharing::fair : Sharing::serial;
  return transfers;
}

}  // namespace

int main(int argc, char** argv) {
  const auto transfers = read(argc, argv);
  if (!transfers) {
    fmt::print(stderr,
               "usage: shaped_transfers MBPS BYTES COUNT serial|fair   (1,000 bytes to 1 GB, a multiple of 4)\n");
    return 2;
  }
  const auto seconds = measure(*transfers);
  if (!seconds) {
    fmt::print(stderr, "shaped_transfers: not all messages were received\n");
    return 1;
  }
  fmt::print("{:.6f} {:.6f}\n", *seconds, formula(*transfers));
}
