#include "models/split/test_subset.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

namespace tardigrad {
namespace {

/// 600, 300 and 100 samples of classes 0, 1 and 2, mixed.
std::vector<Label> labels() {
  std::vector<Label> result;
  for (int i = 0; i < 1000; ++i) result.push_back(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
  return result;
}

TEST_CASE("a test subset has the classes in the test set's proportions") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const TestSubsetResult subset = stratified_subset(labels(), 50, seed);
    CHECK(subset.samples.size() == 50);
    CHECK(std::is_sorted(subset.samples.begin(), subset.samples.end()));
    CHECK(std::adjacent_find(subset.samples.begin(), subset.samples.end()) == subset.samples.end());
    std::map<int, int> counts;
    for (const std::uint32_t sample : subset.samples) ++counts[labels()[sample]];
    CHECK(counts == std::map<int, int>{{0, 30}, {1, 15}, {2, 5}});
  }
}

TEST_CASE("where proportions are no whole numbers, the largest remainders are rounded up") {
  std::map<int, int> counts;
  for (const std::uint32_t sample : stratified_subset(labels(), 4, 1).samples) ++counts[labels()[sample]];
  CHECK(counts == std::map<int, int>{{0, 3}, {1, 1}});  // 2.4, 1.2 and 0.4: of equal remainders the first
}

TEST_CASE("the subset is drawn from the seed, zero samples mean all") {
  CHECK(stratified_subset(labels(), 50, 1).samples == stratified_subset(labels(), 50, 1).samples);
  CHECK(stratified_subset(labels(), 50, 1).samples != stratified_subset(labels(), 50, 2).samples);
  CHECK(stratified_subset(labels(), 0, 1).samples.size() == 1000);
  CHECK(stratified_subset(labels(), 1000, 1).samples == stratified_subset(labels(), 0, 1).samples);
}

TEST_CASE("more samples than the test set has are refused") {
  CHECK(stratified_subset(labels(), 1001, 1).error ==
        "the test set has 1000 samples, fewer than the 1001 of samples in [evaluation]");
}

}  // namespace
}  // namespace tardigrad
