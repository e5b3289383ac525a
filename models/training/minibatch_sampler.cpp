#include "models/training/minibatch_sampler.hpp"

#include <algorithm>
#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

MinibatchSampler::MinibatchSampler(std::vector<std::uint32_t> shard, std::uint64_t seed, NodeId node, bool drops_last)
    : order_(std::move(shard)), seed_(seed), node_(node), drops_last_(drops_last), position_(order_.size()) {}

const std::vector<std::uint32_t>& MinibatchSampler::next(std::size_t size) {
  const std::size_t left = order_.size() - position_;
  if (left == 0 || (drops_last_ && left < size && position_ > 0)) begin_pass();
  const std::size_t end = position_ + std::min(size, order_.size() - position_);
  batch_.assign(order_.begin() + static_cast<std::ptrdiff_t>(position_),
                order_.begin() + static_cast<std::ptrdiff_t>(end));
  position_ = end;
  return batch_;
}

// The order follows from the number of the pass.
void MinibatchSampler::persist(StateArchive& archive) {
  std::uint64_t position = position_;
  archive(pass_, position);
  if (!archive.loads()) return;
  if (position > order_.size()) return archive.fail();
  if (pass_ > 0) {
    --pass_;
    begin_pass();
  }
  position_ = position;
}

void MinibatchSampler::begin_pass() {
  std::sort(order_.begin(), order_.end());
  RandomStream(seed_, Purpose::minibatches, node_, pass_++).shuffle(order_);
  position_ = 0;
}

std::size_t last_batch(std::size_t shard, std::size_t size, bool drops_last) {
  if (shard < size) return shard;
  return drops_last || shard % size == 0 ? size : shard % size;
}

}  // namespace tardigrad
