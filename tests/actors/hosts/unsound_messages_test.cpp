// Messages may come from other hosts: no protocol trusts their content.

#include <doctest/doctest.h>

#include <cmath>
#include <deque>
#include <limits>

#include "actors/protocols/compressed_protocol.hpp"
#include "actors/protocols/registry.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad {
namespace {

using test::shared;

constexpr NodeId kNodes = 8;
/// One of either side, where an algorithm has two.
constexpr NodeId kLiars[] = {3, 4};
constexpr std::size_t kSize = 40;
constexpr Round kRounds = 8;

/// An algorithm on its default graph, behind a codec or none; with running sums, on one that stays the same.
struct Choice {
  const Algorithm* algorithm;
  std::string codec;
  bool robust = false;

  NodeId servers() const { return algorithm->server_count(AlgorithmOptions(algorithm->options)); }

  ProtocolFactory protocols() const {
    AlgorithmOptions options(algorithm->options);
    if (robust) options.set("robust", true);
    if (options.all().count("merge_every") > 0) options.set("merge_every", std::int64_t{2});
    // Of so few parameters hardly a round would have one.
    if (options.all().count("probability") > 0) options.set("probability", 0.5);
    const TopologySpec topology = robust ? TopologySpec{"directed-exponential", 0, ""} : algorithm->usual_topology;
    auto factory = algorithm->protocols(options, {graph_schedule(topology, kNodes, 1), 1});
    if (codec.empty()) return factory;
    return compressed(std::move(factory), make_codec(test::codec(codec)), 1);
  }
};

/// Every algorithm, with every kind of codec that it accepts.
std::vector<Choice> choices() {
  std::vector<Choice> all;
  for (const Algorithm& algorithm : algorithms()) {
    all.push_back({&algorithm, ""});
    if (AlgorithmOptions(algorithm.options).all().count("robust") > 0) all.push_back({&algorithm, "", true});
    const Compression borne = algorithm.borne_compression(AlgorithmOptions(algorithm.options));
    for (const CodecKind& codec : codec_kinds()) {
      const bool is_sparse = make_codec(test::codec(codec.name))->is_sparse();
      if (borne == Compression::any || (borne == Compression::dense && !is_sparse)) {
        all.push_back({&algorithm, codec.name});
      }
    }
  }
  return all;
}

/// The messages that are delivered in place of one that the liar sends.
using Lie = std::function<std::vector<ProtocolMessage>(const ProtocolMessage& sound, NodeId to)>;

/// All nodes, and servers behind them, run their protocols; all messages of one of them are replaced.
class Play {
 public:
  Play(const Choice& choice, std::size_t size, Lie lie, NodeId liar = kLiars[0])
      : lie_(std::move(lie)), liar_(liar), nodes_(kNodes + choice.servers()) {
    const ProtocolFactory protocols = choice.protocols();
    for (NodeId node = 0; node < nodes_.size(); ++node) nodes_[node].protocol = protocols({node, 0, kSize});
    for (NodeId node = 0; node < nodes_.size(); ++node) {
      call(node, [&](Actions& actions) { nodes_[node].protocol->on_start(shared(Values(size, 1.0F)), actions); });
      nodes_[node].ended = 0;
    }
    while (step()) {
    }
  }

  /// The fewest rounds of all nodes but the liar, which may wait for answers to invented messages.
  Round fewest_rounds() const {
    Round fewest = kRounds;
    for (NodeId node = 0; node < kNodes; ++node) {
      if (node != liar_) fewest = std::min(fewest, nodes_[node].ended);
    }
    return fewest;
  }
  const SharedValues& model(NodeId node) const { return nodes_[node].model; }
  std::uint64_t missed() const { return missed_; }
  const std::vector<NodeId>& refused() const { return refused_; }
  /// Number of the liar's messages.
  std::uint64_t lies() const { return lies_; }

 private:
  struct Node {
    std::unique_ptr<FragmentProtocol> protocol;
    SharedValues model;
    Round ended = 0;
    bool may_train = false;
  };

  bool step() {
    if (!under_way_.empty()) {
      const auto [to, message] = std::move(under_way_.front());
      under_way_.pop_front();
      call(to,
           [&, to = to, &message = message](Actions& actions) { nodes_[to].protocol->on_message(message, actions); });
      return true;
    }
    for (NodeId i = 0; i < kNodes; ++i) {
      const NodeId node = (next_++) % kNodes;
      if (!nodes_[node].may_train || nodes_[node].ended == kRounds) continue;
      nodes_[node].may_train = false;
      Values trained = *nodes_[node].model;
      for (float& value : trained) value += static_cast<float>(node) * 0.01F;
      call(node, [&](Actions& actions) {
        nodes_[node].protocol->on_trained({nodes_[node].ended, shared(std::move(trained))}, actions);
      });
      return true;
    }
    return false;
  }

  template <class Call>
  void call(NodeId node, const Call& call_protocol) {
    Actions actions;
    call_protocol(actions);
    missed_ += actions.mixing().missed;
    refused_.insert(refused_.end(), actions.refused().begin(), actions.refused().end());
    if (actions.values()) nodes_[node].model = actions.values();
    if (actions.starts_round()) {
      nodes_[node].may_train = true;
      ++nodes_[node].ended;
    }
    for (const Actions::Send& sent : actions.sends()) {
      const ProtocolMessage sound{node, sent.kind, sent.round, sent.values, sent.encoded};
      if (node != liar_) {
        under_way_.emplace_back(sent.to, sound);
        continue;
      }
      ++lies_;
      for (ProtocolMessage& message : lie_(sound, sent.to)) under_way_.emplace_back(sent.to, std::move(message));
    }
  }

  Lie lie_;
  NodeId liar_;
  std::vector<Node> nodes_;
  NodeId next_ = 0;  ///< index of the node that trains next, if it may
  std::deque<std::pair<NodeId, ProtocolMessage>> under_way_;
  std::uint64_t missed_ = 0;
  std::uint64_t lies_ = 0;
  std::vector<NodeId> refused_;
};

bool is_finite(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// The others go on, and their models are their own.
void check_unharmed(const Play& play, std::size_t size) {
  REQUIRE(play.lies() > 0);
  CHECK(play.fewest_rounds() == kRounds);
  for (NodeId node = 0; node < kNodes; ++node) CHECK(play.model(node)->size() == size);
}

std::vector<NodeId> liars_of(const Choice& choice) {
  std::vector<NodeId> liars(std::begin(kLiars), std::end(kLiars));
  for (NodeId server = 0; server < choice.servers(); ++server) liars.push_back(kNodes + server);
  return liars;
}

/// The same message with other contents.
ProtocolMessage holding(ProtocolMessage message, SharedValues values, SharedBytes encoded) {
  message.values = std::move(values);
  message.encoded = std::move(encoded);
  return message;
}

SharedValues resized(const SharedValues& values, int by) {
  if (!values || values->empty()) return values;
  return shared(Values(values->size() + static_cast<std::size_t>(by), 7.0F));
}

SharedBytes resized(const SharedBytes& bytes, int by) {
  if (!bytes) return nullptr;
  EncodedBytes other = *bytes;
  other.resize(other.size() + static_cast<std::size_t>(by), 0xff);
  return share(std::move(other));
}

struct NamedLie {
  std::string name;
  Lie lie;
};

/// A message that is due from this node, with wrong content.
std::vector<NamedLie> wrong_contents() {
  return {
      {"null", [](const auto& m, NodeId) { return std::vector{holding(m, nullptr, nullptr)}; }},
      {"empty", [](const auto& m, NodeId) { return std::vector{holding(m, shared({}), nullptr)}; }},
      {"empty bytes", [](const auto& m, NodeId) { return std::vector{holding(m, nullptr, share(EncodedBytes{}))}; }},
      {"short",
       [](const auto& m, NodeId) { return std::vector{holding(m, resized(m.values, -1), resized(m.encoded, -1))}; }},
      {"long",
       [](const auto& m, NodeId) { return std::vector{holding(m, resized(m.values, 1), resized(m.encoded, 1))}; }},
      {"one value", [](const auto& m, NodeId) { return std::vector{holding(m, shared({1}), nullptr)}; }},
      {"garbage",
       [](const auto& m, NodeId) { return std::vector{holding(m, nullptr, share(EncodedBytes(1000, 0xff)))}; }},
      {"zeros", [](const auto& m, NodeId) { return std::vector{holding(m, nullptr, share(EncodedBytes(7, 0)))}; }},
  };
}

/// All messages that are due, and one more from a node that sends no such message.
std::vector<NamedLie> wrong_senders() {
  const auto besides = [](auto change) {
    return [change](const ProtocolMessage& sound, NodeId to) {
      ProtocolMessage other = sound;
      change(other, to);
      return std::vector{sound, other};
    };
  };
  return {
      {"itself", besides([](ProtocolMessage& m, NodeId to) { m.from = to; })},
      {"nobody", besides([](ProtocolMessage& m, NodeId) { m.from = kNodes + 100; })},
      {"far beyond", besides([](ProtocolMessage& m, NodeId) { m.from = ~NodeId{0}; })},
      {"another kind", besides([](ProtocolMessage& m, NodeId) { m.kind = static_cast<std::uint8_t>(m.kind ^ 3); })},
  };
}

TEST_CASE("every algorithm takes what makes no sense for a message that did not come, and goes on") {
  for (const Choice& choice : choices()) {
    for (const auto& [name, lie] : wrong_contents()) {
      std::size_t refused = 0;
      for (const NodeId liar : liars_of(choice)) {
        INFO(choice.algorithm->name << " " << choice.codec << ", " << name << " of node " << liar);
        const Play play(choice, kSize, lie, liar);
        check_unharmed(play, kSize);
        refused += play.refused().size();
        CHECK(play.missed() >= play.refused().size());
        CHECK(std::all_of(play.refused().begin(), play.refused().end(), [&](NodeId from) { return from == liar; }));
        for (NodeId node = 0; node < kNodes; ++node) CHECK(is_finite(*play.model(node)));
      }
      INFO(choice.algorithm->name << " " << choice.codec << ", " << name);
      // In some algorithms a node may choose to send no value at all.
      if (name != "empty bytes") CHECK(refused > 0);
    }
  }
}

TEST_CASE("nor does it where nothing is learned") {
  for (const Choice& choice : choices()) {
    for (const auto& [name, lie] : wrong_contents()) {
      INFO(choice.algorithm->name << " " << choice.codec << ", " << name);
      check_unharmed(Play(choice, 0, lie), 0);
    }
    for (const std::size_t size : {std::size_t{1}, kSize}) {
      const auto filled = [size](const auto& m, NodeId) {
        return std::vector{holding(m, shared(Values(size)), share(EncodedBytes(size)))};
      };
      check_unharmed(Play(choice, 0, filled), 0);
    }
  }
}

TEST_CASE("no algorithm hears strangers, or what it has no name for") {
  for (const Choice& choice : choices()) {
    const Play sound(choice, kSize, [](const ProtocolMessage& m, NodeId) { return std::vector{m}; });
    CHECK(sound.refused().empty());
    for (const auto& [name, lie] : wrong_senders()) {
      INFO(choice.algorithm->name << " " << choice.codec << ", " << name);
      const Play play(choice, kSize, lie);
      check_unharmed(play, kSize);
      CHECK(play.refused().size() == play.lies());
      for (NodeId node = 0; node < kNodes; ++node) CHECK(*play.model(node) == *sound.model(node));
    }
  }
}

TEST_CASE("no neighbour is one who is none in this graph") {
  for (const Algorithm& algorithm : algorithms()) {
    INFO(algorithm.name);
    const AlgorithmOptions options(algorithm.options);
    const auto graph = graph_schedule({"ring", 0, ""}, kNodes, 1);
    if (!algorithm.objection(options, *graph->at(0)).empty()) continue;
    const auto protocol = algorithm.protocols(options, {graph, 1})({2, 0, kSize});
    Actions start;
    protocol->on_start(shared(Values(kSize, 1.0F)), start);
    for (const NodeId from : {NodeId{6}, NodeId{7}, NodeId{2}, NodeId{0}}) {
      Actions actions;
      protocol->on_message({from, 0, 0, shared(Values(kSize, 2.0F))}, actions);
      CHECK(actions.refused() == std::vector<NodeId>{from});
    }
  }
}

TEST_CASE("messages that are repeated, of rounds that there are not, or no numbers, break nothing") {
  const auto all_nan = [](const SharedValues& values) {
    return values ? shared(Values(values->size(), std::numeric_limits<float>::quiet_NaN())) : nullptr;
  };
  const std::vector<NamedLie> lies = {
      {"repeated",
       [](const auto& m, NodeId) {
         return std::vector{m, m, m};
       }},
      {"of the first round again",
       [](auto m, NodeId) {
         auto old = m;
         old.round = 0;
         return std::vector{old, m, old};
       }},
      {"of the last round of all",
       [](auto m, NodeId) {
         auto late = m;
         late.round = ~Round{0};
         return std::vector{m, late};
       }},
      {"of a later round",
       [](auto m, NodeId) {
         m.round += 1000;
         return std::vector{m};
       }},
      {"no numbers", [&](const auto& m, NodeId) { return std::vector{holding(m, all_nan(m.values), m.encoded)}; }},
  };
  for (const Choice& choice : choices()) {
    for (const auto& [name, lie] : lies) {
      INFO(choice.algorithm->name << " " << choice.codec << ", " << name);
      const Play play(choice, kSize, lie);
      REQUIRE(play.lies() > 0);
      for (NodeId node = 0; node < kNodes; ++node) CHECK(play.model(node)->size() == kSize);
      if (name == "repeated") CHECK(play.fewest_rounds() == kRounds);
    }
  }
}

TEST_CASE("messages cut short or altered at random break nothing") {
  RandomStream draw(3, Purpose::test);
  const auto alter = [&](auto content) {
    if (draw.below(2) == 0) content.resize(draw.below(content.size() + 3));
    if (content.empty()) return content;
    auto& byte = reinterpret_cast<std::uint8_t*>(content.data())[draw.below(content.size() * sizeof content[0])];
    byte = static_cast<std::uint8_t>(byte ^ (1 + draw.below(255)));
    return content;
  };
  const Lie altered = [&](ProtocolMessage message, NodeId) {
    if (message.values) message.values = shared(alter(*message.values));
    if (message.encoded) message.encoded = share(alter(*message.encoded));
    return std::vector{message};
  };
  for (const Choice& choice : choices()) {
    INFO(choice.algorithm->name << " " << choice.codec);
    for (int i = 0; i < 20; ++i) check_unharmed(Play(choice, kSize, altered), kSize);
  }
}

const std::vector<std::string> kMixing = {"d-psgd", "random-sampling", "top-k",   "choco-sgd",
                                          "jwins",  "dcd-psgd",        "ecd-psgd"};

TEST_CASE("a model that has run away to infinity is sent and mixed like any other") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const std::string& kind : kMixing) {
    INFO(kind);
    test::Lockstep run(test::protocols_of(kind, test::ring(4)), {4, Values(kSize, 1.0F)},
                       [&](NodeId node, Round round, const Values& model) {
                         Values trained = model;
                         if (node == 0 && round == 3) trained = Values(kSize, infinity);
                         if (node == 2 && round == 3) trained[5] = std::numeric_limits<float>::quiet_NaN();
                         return trained;
                       });
    run.run_until(12);
    CHECK_FALSE(std::isfinite(run.model(0)[0]));
  }
}

}  // namespace
}  // namespace tardigrad
