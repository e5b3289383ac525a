#include "models/codecs/top_k.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <numeric>

namespace tardigrad {
namespace {

// The magnitudes of floats have the order of their bits. The upper bits name a bin: an eighth of an octave.
constexpr unsigned kBinShift = 20;
constexpr std::size_t kBins = std::size_t{1} << (31 - kBinShift);
using Histogram = std::array<std::uint32_t, kBins>;

std::uint32_t magnitude(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits & 0x7fffffffU;
}

/// Neighbours often fall into one bin, and would wait for each other's count; so they are counted apart.
Histogram histogram(const Values& scores) {
  std::array<Histogram, 4> parts{};
  const std::size_t whole = scores.size() / parts.size() * parts.size();
  for (std::size_t i = 0; i < whole; i += parts.size()) {
    for (std::size_t part = 0; part < parts.size(); ++part) ++parts[part][magnitude(scores[i + part]) >> kBinShift];
  }
  for (std::size_t i = whole; i < scores.size(); ++i) ++parts[0][magnitude(scores[i]) >> kBinShift];
  for (std::size_t bin = 0; bin < kBins; ++bin) parts[0][bin] += parts[1][bin] + parts[2][bin] + parts[3][bin];
  return parts[0];
}

/// The `count` magnitudes in one bin, without branches that no predictor could foresee.
std::vector<std::uint32_t> magnitudes_in(std::size_t bin, std::size_t count, const Values& scores) {
  std::vector<std::uint32_t> found(count + 1);  // the last element receives the writes that do not count
  std::size_t next = 0;
  for (const float score : scores) {
    const std::uint32_t size = magnitude(score);
    found[next] = size;
    next += size >> kBinShift == bin;
  }
  found.pop_back();
  return found;
}

struct Threshold {
  std::uint32_t magnitude;
  std::uint64_t equal;  ///< number of chosen values of exactly this magnitude
};

/// The k-th largest magnitude, 1 <= k <= scores.size().
Threshold threshold(const Values& scores, std::uint64_t k) {
  const Histogram counts = histogram(scores);
  std::size_t bin = kBins - 1;
  std::uint64_t rank = k;  // within the bin, from 1
  for (; rank > counts[bin]; --bin) rank -= counts[bin];

  std::vector<std::uint32_t> candidates = magnitudes_in(bin, counts[bin], scores);
  const auto nth = candidates.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(candidates.begin(), nth, candidates.end(), std::greater<>());
  const auto above = std::count_if(candidates.begin(), nth, [nth](std::uint32_t size) { return size > *nth; });
  return {*nth, rank - static_cast<std::uint64_t>(above)};
}

}  // namespace

std::vector<std::uint32_t> top_k(const Values& scores, std::uint64_t k) {
  if (k == 0) return {};
  std::vector<std::uint32_t> chosen(static_cast<std::size_t>(k));
  if (k == scores.size()) {
    std::iota(chosen.begin(), chosen.end(), 0U);
    return chosen;
  }
  Threshold limit = threshold(scores, k);
  chosen.push_back(0);  // receives the writes that do not count
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < scores.size(); ++i) {
    const std::uint32_t size = magnitude(scores[i]);
    const bool as_equal = size == limit.magnitude && limit.equal > 0;
    chosen[next] = i;
    next += size > limit.magnitude || as_equal;
    limit.equal -= as_equal;
  }
  chosen.pop_back();
  return chosen;
}

}  // namespace tardigrad
