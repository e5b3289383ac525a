/// Compares the prediction of `Algorithm::sends` with the messages that protocols send.
#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "actors/protocols/compressed_protocol.hpp"
#include "actors/protocols/registry.hpp"
#include "runtime/compute/compute_pool.hpp"
#include "tests/actors/small_runs.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kParameters = 1003;
constexpr Time kRound = std::chrono::milliseconds(100);

/// Has parameters, but no values.
class NothingLearned final : public Learner {
 public:
  const ParameterLayout& layout() const override { return layout_; }
  Values initial_model() const override { return {}; }
  std::unique_ptr<LocalState> local_state(NodeId) const override { return nullptr; }
  std::uint64_t shard_size(NodeId) const override { return 1; }
  LocalResult train(unsigned, LocalState&, Values&, const LocalWork&) override { return {0, 1, 1}; }
  Evaluation evaluate(unsigned, const Values&, std::optional<NodeId>) override { return {}; }
  bool learns() const override { return false; }

 private:
  ParameterLayout layout_{{{"w", {kParameters}}}, false};
};

struct Choice {
  std::string kind;
  TopologySpec topology;
  CodecSpec compression{};
};

std::vector<Choice> choices() {
  std::vector<Choice> all;
  CodecSpec quantizer;
  quantizer.kind = "quantizer";
  CodecSpec sparse;
  sparse.kind = "top-k";
  for (const Algorithm& algorithm : algorithms()) {
    const Compression borne = algorithm.borne_compression(AlgorithmOptions(algorithm.options));
    all.push_back({algorithm.name, algorithm.usual_topology});
    if (borne != Compression::none) all.push_back({algorithm.name, algorithm.usual_topology, quantizer});
    if (borne == Compression::any) all.push_back({algorithm.name, algorithm.usual_topology, sparse});
  }
  for (const char* kind : {"chain", "double-binary-trees"}) all.push_back({"relay-sgd", {kind, 0, ""}});
  for (const char* kind : {"directed-ring", "directed-exponential"}) all.push_back({"sgp", {kind, 0, ""}});
  all.push_back({"all-reduce", {"complete", 0, ""}});
  return all;
}

struct Measured {
  std::vector<double> bytes;     ///< of each node, in all
  std::vector<double> messages;  ///< the same
  std::vector<double> rounds;    ///< completed
};

/// Nothing holds messages up: all rounds that are trained are completed, and nothing is flushed.
Measured run_of(const Choice& choice, NodeId nodes, int rounds) {
  const Algorithm& algorithm = *find_algorithm(choice.kind);
  RunPlan plan = plan_of(nodes, kRound, kRound * rounds + kRound / 2);
  for (Pace& pace : plan.paces) pace.start = {};
  const AlgorithmOptions options(algorithm.options);
  add_servers(algorithm.server_count(options), plan);
  plan.network.access.assign(plan.nodes, both_ways(1e12));
  plan.network.link = same_link({Latency(std::chrono::microseconds(1)), {}, std::nullopt});
  plan.fragments = algorithm.fragments(options);
  plan.protocols = algorithm.protocols(options, {graph_schedule(choice.topology, nodes, plan.seed), plan.seed});
  if (choice.compression.kind != "none") {
    plan.protocols = compressed(std::move(plan.protocols), make_codec(choice.compression), plan.seed);
  }
  NothingLearned learner;
  ComputePool pool(1, nullptr);
  MemorySink sink;
  run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
  const std::vector<double> none(plan.nodes);
  Measured measured{none, none, none};
  for (const RoundRecord& record : sink.rounds) measured.rounds[record.round.node] += 1;
  for (const LinkRow& row : sink.links) {
    if (row.kind != LinkRow::Kind::uplink) continue;
    measured.bytes[row.from] += static_cast<double>(row.accepted.bytes);
    measured.messages[row.from] += static_cast<double>(row.accepted.messages);
  }
  return measured;
}

/// The downlinks of two nodes that exchange their models, at 1 Mbit/s and with 2 ms of latency.
std::vector<LinkRow> downlinks_of_pair(Sharing sharing) {
  RunPlan plan = plan_of(2, kRound, kRound * 20);
  plan.network.sharing = sharing;
  const Algorithm& algorithm = *find_algorithm("d-psgd");
  const AlgorithmOptions options(algorithm.options);
  plan.protocols = algorithm.protocols(options, {graph_schedule({"complete", 0, ""}, 2, plan.seed), plan.seed});
  NothingLearned learner;
  ComputePool pool(1, nullptr);
  MemorySink sink;
  run_in_virtual_time(plan, learner, pool, sink, [](const RunPosition&) { return true; });
  check_balance(sink.links);
  std::vector<LinkRow> downlinks;
  for (const LinkRow& row : sink.links) {
    if (row.kind == LinkRow::Kind::downlink) downlinks.push_back(row);
  }
  return downlinks;
}

SentMessages foretold(const Choice& choice, NodeId nodes, NodeId node) {
  const Algorithm& algorithm = *find_algorithm(choice.kind);
  const AlgorithmOptions options(algorithm.options);
  const Graph graph = build_topology(choice.topology, nodes, 3).graph;
  const auto codec = make_codec(choice.compression);
  const FragmentId fragments = algorithm.fragments(options);
  SentMessages sum;
  for (FragmentId k = 0; k < fragments; ++k) {
    const std::uint64_t size = kParameters / fragments + (k < kParameters % fragments ? 1 : 0);
    for (const SentMessages& sent : algorithm.sends(options, {node, size, graph, *codec})) {
      sum.count += sent.count;
      sum.payload += sent.count * sent.payload;
    }
  }
  return sum;
}

/// Neighbours get the initial model before the first round.
int rounds_sent(const std::string& kind, double trained) {
  return static_cast<int>(trained) + (kind == "swift" ? 1 : 0);
}

/// What is sent once in many rounds may not be due yet.
bool is_near(double measured, double foretold, double size) {
  return std::abs(measured - foretold) <= 0.03 * foretold + 4 * size;
}

/// True if the prediction is the most that is possible, with nodes that end their rounds one after the other.
bool is_bound(const std::string& kind) { return kind == "decoupled-diloco"; }

/// True if partners or shares are drawn, or messages answer others: the prediction is a mean only.
bool varies(const std::string& kind) {
  for (const char* varying : {"jwins", "ad-psgd", "a2cid2", "ad-psgd-pushpull", "sparta"}) {
    if (kind == varying) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a message's delay is its transmission and its latency where nothing is before it") {
  const double expected = 8e-6 * static_cast<double>(kHeaderBytes + sizeof(float) * kParameters) + 2e-3;
  for (const Sharing sharing : {Sharing::serial, Sharing::fair}) {
    for (const LinkRow& row : downlinks_of_pair(sharing)) {
      REQUIRE(row.delays.messages() > 5);
      for (const double share : {0.01, 0.5, 1.0}) {
        CHECK(to_seconds(*row.delays.quantile(share)) == doctest::Approx(expected).epsilon(0.004));
      }
    }
  }
}

TEST_CASE("a round's messages and bytes, known before anything is run, are those that are sent") {
  constexpr NodeId nodes = 10;
  constexpr int rounds = 60;
  for (const Choice& choice : choices()) {
    INFO(choice.kind << " on " << choice.topology.kind << ", compression " << choice.compression.kind);
    const Measured measured = run_of(choice, nodes, rounds);
    SentMessages all_foretold;
    SentMessages all_measured;
    double rounds_of_all = 0;
    for (NodeId node = 0; node < nodes; ++node) {
      INFO("node " << node);
      const SentMessages own = foretold(choice, nodes, node);
      const double trained = measured.rounds[node];
      REQUIRE(trained >= rounds - 1);
      rounds_of_all += trained / nodes;
      const double bytes = measured.bytes[node] - static_cast<double>(kHeaderBytes) * measured.messages[node];
      all_foretold.count += own.count * trained;
      all_foretold.payload += own.payload * trained;
      all_measured.count += measured.messages[node];
      all_measured.payload += bytes;
      if (varies(choice.kind) || is_bound(choice.kind)) continue;
      const int sent = rounds_sent(choice.kind, trained);
      CHECK(measured.messages[node] == doctest::Approx(own.count * sent));
      CHECK(bytes == doctest::Approx(own.payload * sent));
    }
    if (is_bound(choice.kind)) {
      CHECK(all_measured.payload <= 1.03 * all_foretold.payload);
      CHECK(all_measured.payload > 0.5 * all_foretold.payload);
      continue;
    }
    for (NodeId server = nodes; server < measured.bytes.size(); ++server) {
      const SentMessages own = foretold(choice, nodes, server);
      CHECK(is_near(measured.messages[server], own.count * rounds_of_all, 1));
      const double bytes = own.payload + own.count * kHeaderBytes;
      CHECK(is_near(measured.bytes[server], bytes * rounds_of_all, bytes / own.count));
    }
    CHECK(all_measured.count == doctest::Approx(all_foretold.count).epsilon(0.03));
    CHECK(all_measured.payload == doctest::Approx(all_foretold.payload).epsilon(0.03));
  }
}

}  // namespace tardigrad
