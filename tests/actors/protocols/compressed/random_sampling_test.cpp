#include "actors/protocols/compressed/random_sampling.hpp"

#include <doctest/doctest.h>

#include "models/codecs/float32.hpp"
#include "models/codecs/sparse_encoding.hpp"
#include "tests/actors/algorithm_options.hpp"
#include "tests/actors/crosschecked_cases.hpp"

namespace tardigrad {
namespace {

using test::check_close;
using test::shared;

/// Sends the coordinates that a case says, round by round.
class GivenCoordinates final : public Codec {
 public:
  explicit GivenCoordinates(std::vector<std::vector<std::uint32_t>> by_round) : by_round_(std::move(by_round)) {}

  EncodedBytes encode(const Values& values, RandomStream& draws) const override {
    const auto& indices = by_round_[round_++];
    return encode_sparse({indices, gather(values, indices)}, Float32(), draws);
  }
  bool decode(const EncodedBytes& bytes, Values& values) const override {
    const auto sent = decode_sparse(bytes, values.size(), Float32());
    if (sent) scatter(sent->values, sent->indices, values);
    return sent.has_value();
  }
  Bytes typical_size(std::uint64_t) const override { return 0; }
  bool is_sparse() const override { return true; }
  bool is_unbiased() const override { return false; }
  double omega(std::uint64_t) const override { return 0; }

 private:
  std::vector<std::vector<std::uint32_t>> by_round_;
  mutable std::size_t round_ = 0;
};

Graph path_of_three() { return Graph::from_edges(3, {{0, 1}, {1, 2}}); }

TEST_CASE("random sampling agrees with decentralizepy's for the same coordinates (numeric cases)") {
  for (const auto& example : test::vector_cases("crosschecked/random_sampling")) {
    const auto& rounds = example["run"]["rounds"];
    auto run = test::Crosschecked(example["setup"]).run([&](const FragmentInfo& info) {
      std::vector<std::vector<std::uint32_t>> coordinates;
      for (const auto& round : rounds) coordinates.push_back(round["sent_idx"][info.node]);
      const auto codec = std::make_shared<const GivenCoordinates>(coordinates);
      return std::make_unique<RandomSampling>(info, test::Crosschecked::graphs(), codec, 1);
    });
    test::check_rounds(run, rounds, "x");
  }
}

TEST_CASE("a random sample is of other coordinates at every node and in every round, at the cost of a seed") {
  const Values model(1000, 1.0F);
  test::Lockstep run(test::protocols_of("random-sampling", path_of_three()), {3, model}, test::no_steps);
  run.run_until(1);
  const auto first = run.sent(0).front();
  CHECK(first.payload == 8 + 4 * 370);
  CHECK(*first.encoded != *run.sent(2).front().encoded);
  CHECK(run.sent(1)[0].encoded == run.sent(1)[1].encoded);
  run.run_until(2);
  CHECK(*first.encoded != *run.sent(0).front().encoded);
}

TEST_CASE("what a neighbour does not send counts as the node's own") {
  const auto protocols = test::protocols_of("random-sampling", path_of_three(), {{"fraction", 0.5}});
  const auto sender = protocols({0, 0, 4});
  const auto receiver = protocols({2, 0, 4});
  for (auto* protocol : {sender.get(), receiver.get()}) {
    Actions actions;
    protocol->on_start(shared(Values(4, 0.0F)), actions);
  }
  Actions sent;
  sender->on_trained({0, shared(Values(4, 10.0F))}, sent);
  // Ahead of the receiver's own local steps.
  Actions done;
  receiver->on_message({1, 0, 0, nullptr, sent.sends().front().encoded}, done);
  receiver->on_trained({0, shared(Values(4, 4.0F))}, done);
  REQUIRE(done.starts_round());
  int mixed = 0;
  for (const float value : *done.values()) {
    CHECK((value == doctest::Approx(6.0F) || value == 4.0F));  // a third of 10 and two thirds of 4
    mixed += value > 5;
  }
  CHECK(mixed == 2);
}

TEST_CASE("random sampling of everything is d-psgd") {
  std::vector<Values> initial;
  for (int i = 0; i < 5; ++i) initial.push_back({static_cast<float>(i), static_cast<float>(i * i)});
  test::Lockstep all(test::protocols_of("random-sampling", test::ring(5), {{"fraction", 1.0}}), initial,
                     test::no_steps);
  test::Lockstep whole(test::protocols_of("d-psgd", test::ring(5)), initial, test::no_steps);
  all.run_until(7);
  whole.run_until(7);
  for (NodeId node = 0; node < 5; ++node) CHECK(all.model(node) == whole.model(node));
}

}  // namespace
}  // namespace tardigrad
