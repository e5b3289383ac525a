#include "models/training/minibatch_sampler.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace tardigrad {
namespace {

using Samples = std::vector<std::uint32_t>;

const Samples kShard = {3, 5, 8, 13, 21, 34, 55, 89, 144, 233};

/// One pass in batches of four: 4, 4, 2.
Samples pass(MinibatchSampler& sampler) {
  Samples all;
  for (const std::size_t size : {4U, 4U, 2U}) {
    const Samples& batch = sampler.next(4);
    REQUIRE(batch.size() == size);
    all.insert(all.end(), batch.begin(), batch.end());
  }
  return all;
}

TEST_CASE("a pass has each sample of the shard once, its last minibatch those that are left") {
  MinibatchSampler sampler(kShard, 1, 0);
  for (int i = 0; i < 5; ++i) {
    Samples seen = pass(sampler);
    std::sort(seen.begin(), seen.end());
    CHECK(seen == kShard);
  }
}

TEST_CASE("each pass has an order of its own, each node and seed too") {
  MinibatchSampler sampler(kShard, 1, 0);
  const Samples first = pass(sampler);
  CHECK(first != kShard);
  CHECK(pass(sampler) != first);
  MinibatchSampler other_node(kShard, 1, 1);
  CHECK(pass(other_node) != first);
  MinibatchSampler other_seed(kShard, 2, 0);
  CHECK(pass(other_seed) != first);
}

TEST_CASE("a replayed sampler gives the same minibatches") {
  MinibatchSampler sampler(kShard, 1, 4);
  MinibatchSampler replay(kShard, 1, 4);
  for (int i = 0; i < 3; ++i) CHECK(pass(sampler) == pass(replay));
}

TEST_CASE("a minibatch larger than the shard is the whole shard") {
  MinibatchSampler sampler({7, 9}, 1, 0);
  for (int i = 0; i < 3; ++i) CHECK(sampler.next(8).size() == 2);
}

TEST_CASE("a short last batch can be left out: the next pass begins instead, in the order that it has anyway") {
  MinibatchSampler kept(kShard, 1, 0), dropped(kShard, 1, 0, true);
  for (int i = 0; i < 5; ++i) {
    const Samples all = pass(kept);
    for (std::size_t begin : {0U, 4U}) {
      CHECK(dropped.next(4) == Samples(all.begin() + begin, all.begin() + begin + 4));
    }
  }
}

TEST_CASE("a shard with fewer samples than a batch is one batch, also where short ones are left out") {
  MinibatchSampler sampler({7, 9}, 1, 0, true);
  for (int i = 0; i < 3; ++i) CHECK(sampler.next(8).size() == 2);
}

TEST_CASE("the last batch of a pass is short where samples are left over, unless that is left out") {
  CHECK(last_batch(10, 4, false) == 2);
  CHECK(last_batch(10, 4, true) == 4);
  CHECK(last_batch(8, 4, false) == 4);
  CHECK(last_batch(3, 4, false) == 3);
  CHECK(last_batch(3, 4, true) == 3);
}

}  // namespace
}  // namespace tardigrad
