#include "netem/base/random_stream.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tardigrad {
namespace {

__extension__ using Product = unsigned __int128;

constexpr double kTwoPi = 6.283185307179586476925286766559;

/// SplitMix64's finalizer: one-to-one, every output bit depends on every input bit.
std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

std::uint32_t low_word(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {high_word(b) ^ counter[1] ^ key[0], low_word(b), high_word(a) ^ counter[3] ^ key[1], low_word(a)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

// Each step of the chain is one-to-one, so that two indices of one seed and purpose never share a key.
RandomStream::RandomStream(std::uint64_t seed, Purpose purpose, std::uint64_t entity, std::uint64_t index) {
  const std::uint64_t of_purpose = scramble(scramble(seed) + static_cast<std::uint64_t>(purpose));
  const std::uint64_t key = scramble(of_purpose + index);
  key_ = {low_word(key), high_word(key)};
  counter_ = {0, 0, low_word(entity), high_word(entity)};
}

RandomStream::result_type RandomStream::operator()() {
  if (used_ == block_.size()) {
    block_ = philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  const std::uint64_t low = block_[used_];
  const std::uint64_t high = block_[used_ + 1];
  used_ += 2;
  return high << 32 | low;
}

double RandomStream::uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

// Lemire, "Fast random integer generation in an interval" (2019): the high half of a product, with
// the few low halves that would favour some results rejected. The division is rarely needed.
std::uint64_t RandomStream::below(std::uint64_t bound) {
  Product product = Product{(*this)()} * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t rejected = (std::uint64_t{0} - bound) % bound;
    while (static_cast<std::uint64_t>(product) < rejected) product = Product{(*this)()} * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

// The method of Box and Muller; the second normal of the pair is dropped, so that a stream's state is its
// position.
double RandomStream::normal() {
  const double radius = std::sqrt(2 * exponential());
  return radius * std::cos(kTwoPi * uniform());
}

double RandomStream::exponential() { return -std::log1p(-uniform()); }

// Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
double RandomStream::gamma(double shape) {
  if (shape < 1) {
    const double boost = std::pow(1 - uniform(), 1 / shape);
    return gamma(shape + 1) * boost;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log1p(-uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

std::vector<std::uint32_t> RandomStream::sample(std::uint32_t count, std::uint32_t bound) {
  std::vector<std::uint32_t> drawn;
  if (count > bound / 4) {  // the first steps of a shuffle
    drawn.resize(bound);
    std::iota(drawn.begin(), drawn.end(), 0U);
    for (std::uint32_t i = 0; i < count; ++i) std::swap(drawn[i], drawn[i + below(bound - i)]);
    drawn.resize(count);
    return drawn;
  }
  drawn.reserve(count);
  while (drawn.size() < count) {  // at worst three of four draws are new
    const auto candidate = static_cast<std::uint32_t>(below(bound));
    if (std::find(drawn.begin(), drawn.end(), candidate) == drawn.end()) drawn.push_back(candidate);
  }
  return drawn;
}

}  // namespace tardigrad
