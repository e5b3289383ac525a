/// Transfers a second of processor time and cost per transfer of the fair network by itself, and how the cost grows
/// with the number of nodes: every node sends K * J messages a round to random others.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <utility>
#include <vector>

#include "netem/base/random_stream.hpp"
#include "netem/fair/fair_network.hpp"

namespace {

using namespace tardigrad;

constexpr std::uint32_t kFragments = 10;
constexpr std::uint32_t kRecipients = 6;
constexpr Bytes kFragmentSize = 35'934;  // a tenth of GN-LeNet in float32

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Cost {
  double transmitted = 0;
  double withdrawn = 0;
  double cpu_s = 0;
  double us_per_transfer() const { return 1e6 * cpu_s / transmitted; }
};

/// Each fragment to other nodes, or all messages of the round to different ones.
std::vector<NodeId> draw_recipients(RandomStream& random, std::uint32_t nodes, bool distinct) {
  if (distinct) return random.sample(std::min(kFragments * kRecipients, nodes - 1), nodes - 1);
  std::vector<NodeId> all;
  for (std::uint32_t fragment = 0; fragment < kFragments; ++fragment) {
    for (NodeId recipient : random.sample(kRecipients, nodes - 1)) all.push_back(recipient);
  }
  return all;
}

/// 60 Mbps access, one node in ten a fifth of it; rounds of `round_s`, nodes out of step; at a new round
/// a sender drops what is left of the last.
Cost run(std::uint32_t nodes, std::uint32_t rounds, double round_s, bool distinct) {
  std::vector<BitsPerSecond> rates(nodes, BitsPerSecond{60e6});
  for (std::uint32_t node = 0; node < nodes; node += 10) rates[node].value /= 5;
  FairNetwork<std::uint32_t> network(rates, rates);

  RandomStream random(1, Purpose::test, nodes);
  std::vector<std::pair<Time, NodeId>> starts;
  for (NodeId node = 0; node < nodes; ++node) {
    const double offset = random.uniform();
    for (std::uint32_t round = 0; round < rounds; ++round) {
      starts.emplace_back(from_seconds(round_s * (round + offset)), node);
    }
  }
  std::sort(starts.begin(), starts.end());

  Cost cost;
  const double begin = cpu_seconds();
  const auto run_until = [&](Time end) {
    for (auto due = network.next_completion(); due && *due <= end; due = network.next_completion()) {
      cost.transmitted += static_cast<double>(network.advance(*due).size());
    }
  };
  for (const auto& [time, node] : starts) {
    run_until(time);
    cost.withdrawn += static_cast<double>(network.withdraw(time, node, [](std::uint32_t) { return true; }).size());
    for (NodeId recipient : draw_recipients(random, nodes, distinct)) {
      network.start(time, recipient, node, recipient < node ? recipient : recipient + 1, kFragmentSize);
    }
  }
  run_until(kNever);
  cost.cpu_s = cpu_seconds() - begin;
  return cost;
}

void compare(double round_s, bool distinct) {
  fmt::print("{}, a round each {} s ({:.0f} % of an access link)\n",
             distinct ? "60 messages to different nodes" : "10 fragments to 6 nodes each", round_s,
             100 * 8e-6 * kFragments * kRecipients * kFragmentSize / 60 / round_s);
  double small = 0;
  for (std::uint32_t nodes : {60U, 100U, 300U, 1000U}) {
    Cost best = run(nodes, 15000 / nodes, round_s, distinct);
    for (int again = 0; again < 2; ++again) {
      const Cost cost = run(nodes, 15000 / nodes, round_s, distinct);
      if (cost.cpu_s < best.cpu_s) best = cost;
    }
    fmt::print("  {:4} nodes: {:.3g} transfers a second, {:.2f} us each", nodes, best.transmitted / best.cpu_s,
               best.us_per_transfer());
    if (nodes == 100) small = best.us_per_transfer();
    if (nodes > 100) fmt::print(", {:.2f} times the cost with 100 nodes", best.us_per_transfer() / small);
    fmt::print(" ({:.1f} % withdrawn)\n", 100 * best.withdrawn / (best.withdrawn + best.transmitted));
  }
}

}  // namespace

int main() {
  for (bool distinct : {false, true}) {
    for (double round_s : {0.8, 0.3}) compare(round_s, distinct);
  }
}
