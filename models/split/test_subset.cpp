#include "models/split/test_subset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

/// The number of samples by class, by largest remainders (of equal remainders the first classes win).
std::map<Label, std::uint64_t> quotas(const std::vector<Label>& labels, std::uint64_t count) {
  std::map<Label, std::uint64_t> sizes;
  for (const Label label : labels) ++sizes[label];
  std::map<Label, std::uint64_t> quota;
  std::vector<std::pair<std::uint64_t, Label>> remainders;
  std::uint64_t left = count;
  for (const auto& [label, size] : sizes) {
    quota[label] = size * count / labels.size();
    left -= quota[label];
    remainders.emplace_back(size * count % labels.size(), label);
  }
  std::stable_sort(remainders.begin(), remainders.end(), [](auto& a, auto& b) { return a.first > b.first; });
  for (std::uint64_t i = 0; i < left; ++i) ++quota[remainders[i].second];
  return quota;
}

}  // namespace

TestSubsetResult stratified_subset(const std::vector<Label>& labels, std::uint32_t count, std::uint64_t seed) {
  if (count > labels.size()) {
    return {
        {},
        fmt::format("the test set has {} samples, fewer than the {} of samples in [evaluation]", labels.size(), count)};
  }
  std::vector<std::uint32_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0U);
  if (count == 0) return {std::move(order), ""};
  RandomStream(seed, Purpose::evaluation_samples).shuffle(order);
  std::map<Label, std::uint64_t> quota = quotas(labels, count);
  std::vector<std::uint32_t> chosen;
  for (const std::uint32_t sample : order) {
    std::uint64_t& left = quota[labels[sample]];
    if (left == 0) continue;
    --left;
    chosen.push_back(sample);
  }
  std::sort(chosen.begin(), chosen.end());
  return {std::move(chosen), ""};
}

}  // namespace tardigrad
