#include "models/codecs/top_k.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/chosen_count.hpp"
#include "tests/models/random_values.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {
namespace {

using Indices = std::vector<std::uint32_t>;

/// By sorting everything.
Indices largest_by_sorting(const Values& scores, std::size_t k) {
  Indices order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return std::abs(scores[a]) > std::abs(scores[b]); });
  order.resize(k);
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace

TEST_CASE("the largest magnitudes are chosen, whatever their signs") {
  CHECK(top_k({0.5F, -3, 2, 0, -0.25F}, 2) == Indices{1, 2});
  CHECK(top_k({0.5F, -3, 2, 0, -0.25F}, 5) == Indices{0, 1, 2, 3, 4});
  CHECK(top_k({0.5F, -3}, 0).empty());
  CHECK(top_k({}, 0).empty());
}

TEST_CASE("of equal magnitudes the lower index is chosen") {
  CHECK(top_k({1, -1, 2, 1, -1}, 3) == Indices{0, 1, 2});
  CHECK(top_k(Values(100, 0.0F), 3) == Indices{0, 1, 2});
  CHECK(top_k({0, -0.0F, 1e-45F, 0}, 2) == Indices{0, 2});
}

TEST_CASE("what is not finite is chosen first") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(top_k({3e38F, infinity, 1, -nan}, 1) == Indices{3});
  CHECK(top_k({3e38F, -infinity, 1, nan}, 2) == Indices{1, 3});
}

TEST_CASE("choosing agrees with sorting") {
  RandomStream draws(8, Purpose::test);
  for (int repetition = 0; repetition < 300; ++repetition) {
    Values scores = test::normal_values(1 + draws.below(3000), draws());
    if (draws.below(2) == 0) {
      for (float& score : scores) score = std::round(4 * score);  // many are equal
    }
    if (draws.below(4) == 0) std::fill(scores.begin(), scores.begin() + scores.size() / 2, 0.0F);
    const std::size_t k = draws.below(scores.size() + 1);
    REQUIRE(top_k(scores, k) == largest_by_sorting(scores, k));
  }
}

TEST_CASE("the given cases of top-k, CHOCO-SGD and JWINS choose the same indices") {
  const auto check = [](const nlohmann::json& scores, const nlohmann::json& sent) {
    for (std::size_t node = 0; node < scores.size(); ++node) {
      if (!sent[node].is_array()) continue;  // everything was sent
      CHECK(top_k(scores[node].get<Values>(), sent[node].size()) == sent[node].get<Indices>());
    }
  };
  for (const auto& file : test::vector_cases("crosschecked/topk")) {
    for (const std::string mode : {"change", "acc_total", "acc_train"}) {
      CHECK(chosen_count(file[mode]["alpha"].get<double>(), 6) == file[mode]["k"].get<std::uint64_t>());
      for (const auto& round : file[mode]["rounds"]) check(round["score"], round["sent_idx"]);
    }
  }
  for (const auto& file : test::vector_cases("crosschecked/jwins")) {
    for (const std::string mode : {"level4_total", "level1_total", "level4_train"}) {
      for (const auto& round : file[mode]["rounds"]) check(round["score"], round["sent_idx"]);
    }
  }
}

TEST_CASE("how many a share is, is rounded to the nearest, halves to even") {
  CHECK(chosen_count(0.25, 10) == 2);
  CHECK(chosen_count(0.25, 14) == 4);
  CHECK(chosen_count(0.1, 89843) == 8984);
  CHECK(chosen_count(1.0, 89834) == 89834);
  CHECK(chosen_count(0.1, 4) == 0);
  CHECK(chosen_count(0.1, 0) == 0);
}

}  // namespace tardigrad
