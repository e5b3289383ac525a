#include "actors/protocols/compressed_protocol.hpp"

#include <doctest/doctest.h>

#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/lockstep.hpp"

namespace tardigrad {
namespace {

using test::check_close;
using test::shared;

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

ProtocolFactory behind(const CodecSpec& spec, ProtocolFactory protocols) {
  return compressed(std::move(protocols), make_codec(spec), 1);
}

std::vector<Values> spread_models(NodeId nodes, std::size_t size) {
  RandomStream draw(11, Purpose::test);
  std::vector<Values> models(nodes, Values(size));
  for (Values& model : models) {
    for (float& value : model) value = static_cast<float>(draw.normal());
  }
  return models;
}

/// Started, with a model of zeros.
std::unique_ptr<FragmentProtocol> started(const ProtocolFactory& protocols, NodeId node, std::uint64_t parameters) {
  auto protocol = protocols({node, 0, parameters});
  Actions actions;
  protocol->on_start(shared(Values(parameters, 0.0F)), actions);
  return protocol;
}

Actions trained(FragmentProtocol& protocol, Round round, Values values) {
  Actions actions;
  protocol.on_trained({round, shared(std::move(values))}, actions);
  return actions;
}

/// The message as it arrives.
ProtocolMessage arriving(NodeId from, const Actions::Send& sent) {
  return {from, sent.kind, sent.round, sent.values, sent.encoded};
}

TEST_CASE("behind a codec that loses nothing an algorithm is what it was") {
  for (const char* kind : {"d-psgd", "divshare", "swift", "ad-psgd-pushpull"}) {
    INFO(kind);
    const Graph graph =
        std::string(kind) == "d-psgd" || std::string(kind) == "swift" ? test::ring(6) : Graph::complete(6);
    std::vector<std::pair<std::string, OptionSpec::Value>> options;
    if (std::string(kind) == "divshare") options = {{"recipients", std::int64_t{2}}, {"fragments", std::int64_t{1}}};
    if (std::string(kind) == "ad-psgd-pushpull") options = {{"recipients", std::int64_t{2}}};
    const auto plain = test::protocols_of(kind, graph, options);
    test::Lockstep without(plain, spread_models(6, 10), test::no_steps);
    test::Lockstep with(behind(test::codec("none"), plain), spread_models(6, 10), test::no_steps);
    without.run_until(5);
    with.run_until(5);
    for (NodeId node = 0; node < 6; ++node) CHECK(with.model(node) == without.model(node));
  }
}

TEST_CASE("d-psgd behind random-k is random sampling") {
  const auto initial = spread_models(6, 40);
  const auto steps = [](NodeId node, Round round, const Values& model) {
    Values result = model;
    result[(round + node) % result.size()] += 1.0F;
    return result;
  };
  CodecSpec spec = test::codec("random-k", 0.37);
  test::Lockstep sampling(test::protocols_of("random-sampling", test::ring(6)), initial, steps);
  for (std::uint64_t arrivals = 1; arrivals <= 5; ++arrivals) {
    test::Lockstep run(behind(spec, test::protocols_of("d-psgd", test::ring(6))), initial, steps, arrivals);
    sampling.run_until(8);
    run.run_until(8);
    // The same draws: both count a node's rounds.
    for (NodeId node = 0; node < 6; ++node) CHECK(run.model(node) == sampling.model(node));
  }
}

TEST_CASE("a message is encoded once for all its recipients, and its bytes are those that travel") {
  const auto node = started(behind(test::codec("quantizer"), test::protocols_of("d-psgd", path_of_three())), 1, 600);
  const Actions actions = trained(*node, 0, Values(600, 1.5F));
  REQUIRE(actions.sends().size() == 2);
  CHECK(actions.sends()[0].encoded == actions.sends()[1].encoded);
  CHECK(actions.sends()[0].values == nullptr);
  CHECK(actions.sends()[0].payload == 600 + 2 * 4);
  CHECK(actions.sends()[0].encoded->size() == 600 + 2 * 4);
}

TEST_CASE("where nothing is learned a compressed message has its typical size") {
  const auto protocol = behind(test::codec("float16"), test::protocols_of("d-psgd", path_of_three()))({1, 0, 600});
  Actions actions;
  protocol->on_start(shared({}), actions);
  protocol->on_trained({0, shared({})}, actions);
  REQUIRE(actions.sends().size() == 2);
  CHECK(actions.sends()[0].payload == 1200);
  Actions done;
  protocol->on_message({0, 0, 0, nullptr, nullptr}, done);
  protocol->on_message({2, 0, 0, nullptr, nullptr}, done);
  CHECK(done.starts_round());
}

TEST_CASE("what was not sent does not hold back local steps, whenever the message came") {
  // Divshare averages what came while it trained; one parameter in two is sent.
  const auto protocols = behind(test::codec("top-k", 0.5), test::protocols_of("swift-push", Graph::complete(2),
                                                                              {{"recipients", std::int64_t{1}}}));
  const auto sender = started(protocols, 0, 2);
  const auto receiver = started(protocols, 1, 2);
  const Actions sent = trained(*sender, 0, {8, 1});
  Actions ignored;
  receiver->on_message(arriving(0, sent.sends().front()), ignored);
  const Actions done = trained(*receiver, 0, {2, 6});
  check_close(*done.values(), {5, 6});
}

TEST_CASE("a kept message is completed anew, also for a second round of local steps") {
  // The neighbour is a round ahead of node 0.
  const auto protocols = behind(test::codec("top-k", 0.5), test::protocols_of("d-psgd", path_of_three()));
  const auto end = started(protocols, 0, 2);
  const auto middle = started(protocols, 1, 2);
  const auto first = trained(*middle, 0, {8, 1});
  Actions ignored;
  middle->on_message(arriving(0, first.sends()[0]), ignored);
  middle->on_message(arriving(2, first.sends()[1]), ignored);
  REQUIRE(ignored.starts_round());
  const auto second = trained(*middle, 1, {1, 9});
  end->on_message(arriving(1, first.sends()[0]), ignored);
  end->on_message(arriving(1, second.sends()[0]), ignored);
  check_close(*trained(*end, 0, {2, 3}).values(), {4, 3});
  check_close(*trained(*end, 1, {4, 6}).values(), {4, 7});
}

TEST_CASE("bytes that are no encoding count as a message that did not come") {
  const auto node = started(behind(test::codec("float16"), test::protocols_of("d-psgd", path_of_three())), 1, 4);
  trained(*node, 0, Values(4, 3.0F));
  Actions actions;
  node->on_message({0, 0, 0, nullptr, share(EncodedBytes(7))}, actions);
  node->on_message({2, 0, 0, shared(Values(4, 1.0F)), nullptr}, actions);
  REQUIRE(actions.starts_round());
  CHECK(actions.mixing().missed == 2);
  CHECK(actions.refused() == std::vector<NodeId>{0, 2});
  check_close(*actions.values(), {3, 3, 3, 3});
}

TEST_CASE("pairs averaging behind a quantizer keep the sum but for its rounding") {
  CodecSpec spec = test::codec("quantizer");
  const auto protocols =
      behind(spec, test::protocols_of("ad-psgd", Graph::from_edges(4, {{0, 1}, {1, 2}, {2, 3}, {3, 0}})));
  const auto initial = spread_models(4, 20);
  test::Lockstep run(protocols, initial, test::no_steps);
  run.run_until(20);
  for (std::size_t p = 0; p < 20; ++p) {
    double before = 0;
    double after = 0;
    for (NodeId node = 0; node < 4; ++node) {
      before += static_cast<double>(initial[node][p]);
      after += static_cast<double>(run.model(node)[p]);
    }
    CHECK(std::abs(after - before) < 0.3);
  }
}

}  // namespace
}  // namespace tardigrad
