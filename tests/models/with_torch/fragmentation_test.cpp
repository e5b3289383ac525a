#include "models/fragmentation.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "models/networks/gn_lenet.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"

namespace tardigrad {
namespace {

using Indices = std::vector<std::uint32_t>;

ParameterLayout gn_lenet_layout() { return GnLeNet({3, 32, 32}).layout(); }

TEST_CASE("each tensor is cut along its permutation, the last fragment takes the remainders") {
  const Fragmentation fragments({{4, 0, 6, 2, 5, 1, 3}, {2, 0, 1}, {0}}, 2);
  CHECK(fragments.indices(0) == Indices{4, 0, 6, 9});
  CHECK(fragments.indices(1) == Indices{2, 5, 1, 3, 7, 8, 10});
  CHECK(fragments.size(0) == 4);
  CHECK(fragments.size(1) == 7);
}

TEST_CASE("the fragments of GN-LeNet have the sizes of the DivShare comparison") {
  const auto sizes = [](FragmentId count) {
    const Fragmentation fragments(gn_lenet_layout(), count, 1);
    CHECK(fragments.count() == count);
    return std::pair{fragments.size(0), fragments.size(count - 1)};
  };
  CHECK(sizes(1) == std::pair<std::uint64_t, std::uint64_t>{89834, 89834});
  CHECK(sizes(2) == std::pair<std::uint64_t, std::uint64_t>{44917, 44917});
  CHECK(sizes(5) == std::pair<std::uint64_t, std::uint64_t>{17962, 17986});
  CHECK(sizes(10) == std::pair<std::uint64_t, std::uint64_t>{8981, 9005});
  CHECK(sizes(20) == std::pair<std::uint64_t, std::uint64_t>{4487, 4581});
}

TEST_CASE("fragments are a partition of the parameters") {
  const ParameterLayout layout = gn_lenet_layout();
  for (const FragmentId count : {2U, 7U, 50U}) {
    const Fragmentation fragments(layout, count, 3);
    Indices all;
    for (FragmentId k = 0; k < count; ++k) {
      REQUIRE(fragments.indices(k).size() == fragments.size(k));
      all.insert(all.end(), fragments.indices(k).begin(), fragments.indices(k).end());
    }
    std::sort(all.begin(), all.end());
    Indices expected(static_cast<std::size_t>(layout.numel()));
    std::iota(expected.begin(), expected.end(), 0U);
    CHECK(all == expected);
  }
}

TEST_CASE("fragments are drawn from the seed") {
  const ParameterLayout layout = gn_lenet_layout();
  CHECK(Fragmentation(layout, 10, 1).indices(0) == Fragmentation(layout, 10, 1).indices(0));
  CHECK(Fragmentation(layout, 10, 1).indices(0) != Fragmentation(layout, 10, 2).indices(0));
}

TEST_CASE("scattering all gathered fragments gives the model back") {
  const ParameterLayout layout = gn_lenet_layout();
  Values model(static_cast<std::size_t>(layout.numel()));
  std::iota(model.begin(), model.end(), 0.0F);
  for (const FragmentId count : {1U, 10U}) {
    const Fragmentation fragments(layout, count, 1);
    Values copy(model.size(), -1);
    for (FragmentId k = 0; k < count; ++k) fragments.scatter(fragments.gather(model, k), k, copy);
    CHECK(copy == model);
  }
}

TEST_CASE("what is not shared is in no fragment") {
  const ParameterLayout layout{{{"weights", {5}}, {"averaged", {3}, false}, {"own", {2}, false, false}}};
  const Values model = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const FragmentId count : {1U, 3U}) {
    const Fragmentation fragments(layout, count, 1);
    Values copy(10, -1);
    std::uint64_t size = 0;
    for (FragmentId k = 0; k < count; ++k) {
      CHECK(fragments.gather(model, k).size() == fragments.size(k));
      size += fragments.size(k);
      fragments.scatter(fragments.gather(model, k), k, copy);
    }
    CHECK(size == 8);
    CHECK(copy == Values{0, 1, 2, 3, 4, 5, 6, 7, -1, -1});
    fragments.copy_unshared(model, copy);
    CHECK(copy == model);
  }
  CHECK_THROWS_AS(Fragmentation(layout, 9, 1), std::invalid_argument);
}

TEST_CASE("a model without values has fragment sizes and no indices") {
  const Fragmentation fragments(ParameterLayout{{{"parameters", {1000003}}}, false}, 10, 1);
  CHECK(fragments.size(0) == 100000);
  CHECK(fragments.size(9) == 100003);
  CHECK(fragments.indices(3).empty());
  CHECK(fragments.gather({}, 3).empty());
}

TEST_CASE("a model has at least one fragment and at most as many as parameters") {
  const ParameterLayout layout{{{"weights", {3}}}, true};
  CHECK_THROWS_AS(Fragmentation(layout, 0, 1), std::invalid_argument);
  CHECK_NOTHROW(Fragmentation(layout, 3, 1));
  CHECK_THROWS_AS(Fragmentation(layout, 4, 1), std::invalid_argument);
}

}  // namespace
}  // namespace tardigrad
