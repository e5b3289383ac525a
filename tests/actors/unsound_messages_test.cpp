// Messages may come from other hosts: no protocol relies on what is in them.

#include <doctest/doctest.h>

#include <limits>

#include "algorithm_options.hpp"
#include "lockstep.hpp"

namespace tardigrad {
namespace {

using test::shared;

const std::vector<std::string> kMixing = {"d-psgd", "random-sampling", "top-k",   "choco-sgd",
                                          "jwins",  "dcd-psgd",        "ecd-psgd"};
constexpr std::size_t kSize = 40;

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

std::unique_ptr<FragmentProtocol> middle_of_three(const std::string& kind) {
  auto protocol = test::protocols_of(kind, path_of_three())({1, 0, kSize});
  Actions actions;
  protocol->on_start(shared(Values(kSize, 1.0F)), actions);
  return protocol;
}

/// What this node would send itself.
Actions::Send sound_message(const std::string& kind) {
  const auto protocol = test::protocols_of(kind, path_of_three())({0, 0, kSize});
  Actions actions;
  protocol->on_start(shared(Values(kSize, 1.0F)), actions);
  Values trained(kSize);
  for (std::size_t p = 0; p < kSize; ++p) trained[p] = static_cast<float>(p);
  protocol->on_trained(0, shared(trained), actions);
  return actions.sends().front();
}

TEST_CASE("a synchronous algorithm takes what makes no sense for a message that did not come") {
  for (const std::string& kind : kMixing) {
    INFO(kind);
    const std::vector<std::pair<SharedValues, SharedBytes>> nonsense = {
        {nullptr, nullptr},
        {shared({}), nullptr},
        {shared(Values(kSize + 1)), nullptr},
        {shared(Values(kSize - 1)), nullptr},
        {nullptr, share(EncodedBytes(3, 0xff))},
        {nullptr, share(EncodedBytes(1000, 0xff))},
    };
    for (const auto& [values, encoded] : nonsense) {
      const auto node = middle_of_three(kind);
      Actions done;
      node->on_trained(0, shared(Values(kSize, 2.0F)), done);
      node->on_message({0, 0, 0, values, encoded}, done);
      node->on_message({2, 0, 0, values, encoded}, done);
      REQUIRE(done.starts_round());
      CHECK(done.missed_count() == 2);
      CHECK(done.mixed_count() == 0);
      CHECK(done.values()->size() == kSize);
    }
  }
}

TEST_CASE("messages cut short or altered break nothing") {
  RandomStream draw(3, Purpose::test);
  for (const std::string& kind : kMixing) {
    INFO(kind);
    const Actions::Send sound = sound_message(kind);
    for (int i = 0; i < 300; ++i) {
      const auto node = middle_of_three(kind);
      Actions done;
      node->on_trained(0, shared(Values(kSize, 2.0F)), done);
      for (const NodeId from : {0, 2}) {
        if (!sound.encoded) {
          node->on_message({from, 0, 0, sound.values, nullptr}, done);
          continue;
        }
        EncodedBytes altered = *sound.encoded;
        if (draw.below(2) == 0) altered.resize(draw.below(altered.size() + 1));
        if (!altered.empty()) altered[draw.below(altered.size())] ^= static_cast<std::uint8_t>(1 + draw.below(255));
        node->on_message({from, 0, 0, nullptr, share(std::move(altered))}, done);
      }
      REQUIRE(done.starts_round());
      CHECK(done.values()->size() == kSize);
      CHECK(done.missed_count() + done.mixed_count() == 2);
    }
  }
}

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
