#include "models/split/partition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace tardigrad {
namespace {

/// CPython's random.Random(seed).randint, by which the DivShare comparison draws.
class CPythonRandom {
 public:
  explicit CPythonRandom(std::uint32_t seed) {
    state_[0] = 19650218U;
    for (std::uint32_t i = 1; i < kSize; ++i) state_[i] = 1812433253U * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
    std::size_t i = 1;
    const auto advance = [&](std::uint32_t factor, std::uint32_t added) {
      state_[i] = (state_[i] ^ (state_[i - 1] ^ state_[i - 1] >> 30) * factor) + added;
      if (++i == kSize) {
        state_[0] = state_[kSize - 1];
        i = 1;
      }
    };
    for (std::size_t k = 0; k < kSize; ++k) advance(1664525U, seed);
    for (std::size_t k = 0; k + 1 < kSize; ++k) advance(1566083941U, 0U - static_cast<std::uint32_t>(i));
    state_[0] = 0x80000000U;
  }

  std::uint32_t next() {
    if (used_ == kSize) twist();
    std::uint32_t y = state_[used_++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680U;
    y ^= y << 15 & 0xefc60000U;
    return y ^ y >> 18;
  }

  std::uint64_t below(std::uint64_t bound) {
    int bits = 0;
    while (bound >> bits != 0) ++bits;
    std::uint32_t drawn = 0;
    do drawn = next() >> (32 - bits);
    while (drawn >= bound);
    return drawn;
  }

 private:
  static constexpr std::size_t kSize = 624;

  void twist() {
    for (std::size_t i = 0; i < kSize; ++i) {
      const std::uint32_t y = (state_[i] & 0x80000000U) | (state_[(i + 1) % kSize] & 0x7fffffffU);
      state_[i] = state_[(i + 397) % kSize] ^ y >> 1 ^ (y % 2 == 0 ? 0 : 0x9908b0dfU);
    }
    used_ = 0;
  }

  std::array<std::uint32_t, kSize> state_;
  std::size_t used_ = kSize;
};

/// `per_class` samples of each of ten classes, one class after the other.
std::vector<Label> sorted_labels(std::size_t per_class) {
  std::vector<Label> labels;
  for (Label c = 0; c < 10; ++c) labels.insert(labels.end(), per_class, c);
  return labels;
}

std::vector<Label> mixed_labels(std::size_t samples) {
  RandomStream stream(7, Purpose::test);
  std::vector<Label> labels;
  for (std::size_t i = 0; i < samples; ++i) labels.push_back(static_cast<Label>(stream.below(10)));
  return labels;
}

/// The number of samples in use; fails if one is used twice or does not exist.
std::size_t used_once(const Shards& shards, std::size_t samples) {
  std::set<std::uint32_t> seen;
  for (const auto& shard : shards) {
    for (const std::uint32_t sample : shard) {
      REQUIRE(sample < samples);
      REQUIRE(seen.insert(sample).second);
    }
  }
  return seen.size();
}

std::map<Label, int> classes_of(const std::vector<std::uint32_t>& shard, const std::vector<Label>& labels) {
  std::map<Label, int> counts;
  for (const std::uint32_t sample : shard) ++counts[labels[sample]];
  return counts;
}

TEST_CASE("with CPython's draws, shards are those of the DivShare comparison") {
  CPythonRandom outputs(1234);
  CHECK(outputs.next() == 4150886329U);
  CHECK(outputs.next() == 3342196574U);

  const std::vector<Label> labels = sorted_labels(5000);
  CPythonRandom random(1234);
  const PartitionResult result =
      partition_shards(labels, 60, 5, [&](std::uint64_t bound) { return random.below(bound); });
  REQUIRE(result.error.empty());
  for (std::size_t node = 0; node < 59; ++node) CHECK(result.shards[node].size() == 830);
  CHECK(result.shards[59].size() == 850);
  CHECK(used_once(result.shards, labels.size()) == 50000 - 180);

  const std::vector<std::uint32_t>& first = result.shards[0];
  CHECK(std::vector<std::uint32_t>{first[0], first[166], first[332], first[498], first[664]} ==
        std::vector<std::uint32_t>{28883, 7657, 490, 6106, 38820});
  CHECK(classes_of(first, labels) == std::map<Label, int>{{0, 166}, {1, 332}, {5, 166}, {7, 166}});
  std::map<std::size_t, int> classes_per_node;
  for (const auto& shard : result.shards) ++classes_per_node[classes_of(shard, labels).size()];
  CHECK(classes_per_node == std::map<std::size_t, int>{{2, 1}, {3, 15}, {4, 18}, {5, 20}, {6, 4}, {8, 1}, {9, 1}});
}

TEST_CASE("a shard that reaches the end of the remaining samples goes on at their beginning") {
  std::vector<std::uint64_t> draws = {3, 1};
  std::size_t next = 0;
  const PartitionResult result =
      partition_shards({0, 0, 1, 1, 2, 2}, 2, 1, [&](std::uint64_t) { return draws[next++]; });
  CHECK(result.shards == Shards{{3, 4, 5}, {1, 2, 0}});
}

TEST_CASE("shards take the samples of a class from wherever they stand in the training set") {
  const std::vector<Label> labels = mixed_labels(10000);
  const PartitionResult result = make_partition({"shards", 2, 0}, labels, 20, 1);
  REQUIRE(result.error.empty());
  CHECK(used_once(result.shards, labels.size()) == 10000);
  for (const auto& shard : result.shards) {
    CHECK(shard.size() == 500);
    CHECK(classes_of(shard, labels).size() <= 6);  // a stretch of 250 rarely touches three
  }
}

TEST_CASE("an iid partition gives away every sample, to each node the same number or one more") {
  const std::vector<Label> labels = mixed_labels(10007);
  const PartitionResult result = make_partition({"iid", 0, 0}, labels, 20, 1);
  CHECK(used_once(result.shards, labels.size()) == 10007);
  for (std::size_t node = 0; node < 20; ++node) {
    CHECK(result.shards[node].size() == (node < 7 ? 501 : 500));
    CHECK(classes_of(result.shards[node], labels).size() == 10);
  }
}

TEST_CASE("a dirichlet partition gives away every sample, the more unevenly the smaller alpha") {
  const std::vector<Label> labels = mixed_labels(20000);
  const auto largest_class_share = [&](double alpha) {
    const PartitionResult result = make_partition({"dirichlet", 0, alpha}, labels, 10, 1);
    REQUIRE(result.error.empty());
    CHECK(used_once(result.shards, labels.size()) == 20000);
    double sum = 0;
    for (const auto& shard : result.shards) {
      int largest = 0;
      for (const auto& [label, count] : classes_of(shard, labels)) largest = std::max(largest, count);
      sum += static_cast<double>(largest) / static_cast<double>(shard.size());
    }
    return sum / 10;
  };
  CHECK(largest_class_share(1000) < 0.14);
  CHECK(largest_class_share(1) > 0.2);
  CHECK(largest_class_share(0.1) > 0.4);
}

TEST_CASE("in a dirichlet mix all nodes have equally many samples, of the fewer classes the smaller alpha") {
  const std::vector<Label> labels = sorted_labels(500);
  const auto mean_classes = [&](double alpha) {
    const PartitionResult result = make_partition({"dirichlet-mix", 0, alpha}, labels, 16, 1);
    REQUIRE(result.error.empty());
    CHECK(used_once(result.shards, labels.size()) == 16 * 312);
    std::size_t classes = 0;
    for (const auto& shard : result.shards) {
      CHECK(shard.size() == 312);
      classes += classes_of(shard, labels).size();
    }
    return static_cast<double>(classes) / 16;
  };
  CHECK(mean_classes(1000) == 10);
  CHECK(mean_classes(0.1) < 6);
  CHECK(mean_classes(0.01) < 3);
  CHECK(mean_classes(1e-300) >= 1);  // all draws of a node underflow
}

TEST_CASE("a partition depends on the seed and on nothing else") {
  const std::vector<Label> labels = mixed_labels(5000);
  for (const char* kind : {"iid", "shards", "dirichlet", "dirichlet-mix"}) {
    const PartitionSpec spec{kind, 5, 1.0};
    CHECK(make_partition(spec, labels, 10, 1).shards == make_partition(spec, labels, 10, 1).shards);
    CHECK(make_partition(spec, labels, 10, 1).shards != make_partition(spec, labels, 10, 2).shards);
  }
}

TEST_CASE("a partition that leaves a node without samples is refused") {
  const std::vector<Label> labels = mixed_labels(100);
  CHECK(make_partition({"iid", 0, 0}, labels, 101, 1).error == "100 training samples are too few for 101 nodes");
  CHECK(make_partition({"shards", 5, 0}, labels, 21, 1).error ==
        "100 training samples are too few for 21 nodes with 5 shards each");
  CHECK(make_partition({"iid", 0, 0}, mixed_labels(1), 2, 1).error == "1 training sample is too few for 2 nodes");
  CHECK(make_partition({"shards", 2, 0}, mixed_labels(1), 1, 1).error ==
        "1 training sample is too few for 1 node with 2 shards each");
  CHECK(make_partition({"dirichlet-mix", 0, 1}, labels, 101, 1).error ==
        "100 training samples are too few for 101 nodes");
  for (const double alpha : {1e-6, 1e-300}) {
    const std::string error = make_partition({"dirichlet", 0, alpha}, labels, 30, 1).error;
    CHECK(error.find("leaves node") != std::string::npos);
  }
}

TEST_CASE("a dirichlet partition is drawn again until every node has enough samples") {
  const std::vector<Label> labels = mixed_labels(300);
  PartitionSpec spec{"dirichlet", 0, 0.1};
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const PartitionResult once = make_partition(spec, labels, 10, seed);
    if (!once.error.empty()) ++refused;
    PartitionSpec again = spec;
    again.at_least = 1;
    const PartitionResult result = make_partition(again, labels, 10, seed);
    REQUIRE(result.error == "");
    CHECK(used_once(result.shards, labels.size()) == 300);
    CHECK(result.shards == make_partition(again, labels, 10, seed).shards);
    if (once.error.empty()) CHECK(result.shards == once.shards);
    again.at_least = 5;
    const PartitionResult more = make_partition(again, labels, 10, seed);
    REQUIRE(more.error == "");
    for (const auto& shard : more.shards) CHECK(shard.size() >= 5);
  }
  CHECK(refused > 0);
}

TEST_CASE("a dirichlet partition that no draw makes even enough is refused, and says how near it came") {
  const std::vector<Label> labels = mixed_labels(300);
  PartitionSpec spec{"dirichlet", 0, 0.01, 30};
  const std::string error = make_partition(spec, labels, 10, 1).error;
  CHECK(
      error.rfind("none of 1000 draws of the dirichlet partition with alpha 0.01 gives each of 10 nodes at_least = 30 "
                  "samples, at best ",
                  0) == 0);
  CHECK(error.find(": expected a larger alpha, fewer nodes or a smaller at_least") != std::string::npos);
  spec.at_least = 31;
  CHECK(make_partition(spec, labels, 10, 1).error ==
        "300 training samples are too few for 10 nodes with at_least = 31 each");
}

TEST_CASE("by user, nodes have blocks of whole users as equal as can be") {
  const std::vector<std::uint32_t> users = {0, 0, 1, 2, 2, 2, 3, 4};
  CHECK(partition_by_user(users, 2).shards == Shards{{0, 1, 2, 3, 4, 5}, {6, 7}});
  CHECK(partition_by_user(users, 5).shards == Shards{{0, 1}, {2}, {3, 4, 5}, {6}, {7}});
  CHECK(partition_by_user(users, 3).shards == Shards{{0, 1, 2}, {3, 4, 5, 6}, {7}});
  CHECK(partition_by_user(users, 6).error == "5 users are too few for 6 nodes");
  CHECK(make_partition({"by-user"}, mixed_labels(8), 2, 1).error ==
        "the data set does not know whose its samples are: the by-user partition needs one that does");
  CHECK(make_partition({"by-user"}, mixed_labels(8), 2, 1, users).shards == partition_by_user(users, 2).shards);
}

}  // namespace
}  // namespace tardigrad
