/// Counter-based random numbers: every draw is a function of (seed, purpose, entity, index, position), so
/// adding a node, a link or an evaluation never changes what another part of a run draws.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace tardigrad {

/// The purpose of a stream is part of its identity: never reorder, append only.
enum class Purpose : std::uint32_t {
  initial_model = 1,
  partition = 2,
  minibatches = 3,
  fragmentation = 4,
  recipients = 5,
  send_order = 6,
  step_time = 7,
  start_stagger = 8,
  straggler_choice = 9,
  rate_jitter = 10,
  latency_jitter = 11,
  loss = 12,
  topology = 13,
  evaluation_samples = 14,
  partner = 15,
  link_slowdown = 16,
  link_outage = 17,
  compute_slowdown = 18,
  compute_pause = 19,
  absence = 20,
  compression = 21,
  shared_fraction = 22,
  dropout = 23,
  test = 1000,
};

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): the
/// 128-bit block at `counter` of the sequence named by `key`.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// One stream. Cheap to make and to copy; a UniformRandomBitGenerator. The distributions are our
/// own because the standard library leaves theirs unspecified.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  /// `entity` and `index` distinguish streams of one purpose (a node and a round, a pair of nodes).
  RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t entity = 0, std::uint64_t index = 0);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()();

  /// Uniform in [0, 1), 53 random bits.
  double uniform();
  /// Uniform in 0 .. bound - 1, exactly (by rejection). `bound` > 0.
  std::uint64_t below(std::uint64_t bound);
  /// Standard normal.
  double normal();
  /// Exponential with mean 1.
  double exponential();
  /// Gamma with this shape (> 0) and scale 1. Far below shape 1 a draw may underflow to zero.
  double gamma(double shape);

  /// Uniformly random order (Fisher and Yates).
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

  /// `count` distinct numbers of 0 .. bound - 1, uniform without replacement, in order of drawing. Takes memory
  /// of size `count` and time of at most O(count^2). Needs `count` <= `bound`.
  std::vector<std::uint32_t> sample(std::uint32_t count, std::uint32_t bound);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;  // number of the next block (64 bits), entity (64 bits)
  std::array<std::uint32_t, 4> block_{};
  unsigned used_ = 4;  // words of block_ already used
};

}  // namespace tardigrad
