/// In which order a node goes through its shard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "netem/state_archive.hpp"
#include "netem/units.hpp"

namespace tardigrad {

/// Passes over a shard, each in an order of its own that depends on seed, node and the pass's number
/// alone. Copies are independent.
class MinibatchSampler {
 public:
  MinibatchSampler(std::vector<std::uint32_t> shard, std::uint64_t seed, NodeId node);

  /// The next samples of this pass, `size` (> 0) of them or those that are left; after the last a new
  /// pass begins. Valid until the next call.
  const std::vector<std::uint32_t>& next(std::size_t size);

  void persist(StateArchive& archive);

 private:
  void begin_pass();

  std::vector<std::uint32_t> order_;
  std::uint64_t seed_;
  NodeId node_;
  std::uint64_t pass_ = 0;
  std::size_t position_;
  std::vector<std::uint32_t> batch_;
};

}  // namespace tardigrad
