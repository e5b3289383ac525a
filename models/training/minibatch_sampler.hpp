/// The order in which a node goes through its shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "netem/base/state_archive.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Passes over a shard, each in an order of its own that depends on seed, node and the pass's number alone.
/// Copies are independent.
class MinibatchSampler {
 public:
  /// `drops_last`: true if a pass leaves out a short last batch, as PyTorch's DataLoader does with drop_last. A
  /// shard with fewer samples than a batch is one batch all the same, since without it there would be none.
  MinibatchSampler(std::vector<std::uint32_t> shard, std::uint64_t seed, NodeId node, bool drops_last = false);

  /// The next `size` (> 0) samples of this pass, or the rest of it; then a new pass begins. Valid until the
  /// next call.
  const std::vector<std::uint32_t>& next(std::size_t size);

  void persist(StateArchive& archive);

 private:
  void begin_pass();

  std::vector<std::uint32_t> order_;
  std::uint64_t seed_;
  NodeId node_;
  bool drops_last_;
  std::uint64_t pass_ = 0;
  std::size_t position_;
  std::vector<std::uint32_t> batch_;
};

/// The number of samples in the last batch of a pass: `size`, or fewer.
std::size_t last_batch(std::size_t shard, std::size_t size, bool drops_last);

}  // namespace tardigrad
