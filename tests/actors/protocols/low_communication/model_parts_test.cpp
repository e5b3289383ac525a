#include "actors/protocols/low_communication/model_parts.hpp"

#include <doctest/doctest.h>

#include <numeric>

namespace tardigrad {

namespace {

ParameterLayout layout() {
  ParameterLayout layout;
  layout.tensors = {{"embedding.weight", {3, 2}}, {"first.weight", {2, 2}}, {"first.bias", {1}}, {"norm.mean", {2}}};
  layout.tensors[3].is_trained = layout.tensors[3].is_shared = false;
  return layout;
}

}  // namespace

TEST_CASE("model parts: whole tensors by turns, of what is shared, what they hold is put back where it was") {
  const ParameterLayout own = layout();
  const auto parts = strided_parts(&own, 11, 2);
  REQUIRE(parts.size() == 2);
  CHECK(size_of(parts[0]) == 7);
  CHECK(size_of(parts[1]) == 4);
  CHECK(parts[0][0].embedding);
  CHECK_FALSE(parts[0][1].embedding);

  Values model(11);
  std::iota(model.begin(), model.end(), 0.0F);
  CHECK(gather(model, parts[0]) == Values{0, 1, 2, 3, 4, 5, 10});
  Values other(11, -1.0F);
  for (const ModelPart& part : parts) scatter(gather(model, part), part, other);
  CHECK(other == model);
}

TEST_CASE("model parts: never more than tensors, one without a layout, no values of a model without") {
  const ParameterLayout own = layout();
  CHECK(strided_parts(&own, 11, 24).size() == 3);
  const auto whole = strided_parts(nullptr, 5, 24);
  REQUIRE(whole.size() == 1);
  CHECK(size_of(whole[0]) == 5);
  CHECK(gather({}, whole[0]).empty());
  Values none;
  scatter({}, whole[0], none);
  CHECK(none.empty());
}

}  // namespace tardigrad
