#include "actors/protocols/low_communication/merge_directions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "actors/protocols/low_communication/delayed_nesterov.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

using test::check_close;
using test::shared;

namespace {

using Doubles = std::vector<double>;

/// A fragment of the numeric cases at the syncer.
struct SyncedFragment {
  std::vector<std::size_t> indices;
  ModelPart tensors;
  DelayedNesterov outer;

  SyncedFragment(const nlohmann::json& parts, const nlohmann::json& options, const Values& initial)
      : indices(indices_of(parts)),
        outer({options["outer_learning_rate"], options["outer_momentum"]}, gathered(initial, indices)) {
    for (const auto& part : parts) tensors.push_back({0, part["indices"].size(), part["merge"] == "mean"});
  }

  static std::vector<std::size_t> indices_of(const nlohmann::json& parts) {
    std::vector<std::size_t> all;
    for (const auto& part : parts)
      for (const std::size_t index : part["indices"]) all.push_back(index);
    return all;
  }
  static SharedValues gathered(const Values& model, const std::vector<std::size_t>& indices) {
    Values values;
    for (const std::size_t index : indices) values.push_back(model[index]);
    return shared(std::move(values));
  }
};

std::vector<MergedAnswer> answers_in_time(const nlohmann::json& step) {
  std::vector<MergedAnswer> answers;
  for (const auto& answer : step["answers"]) {
    if (!answer["late"]) answers.push_back({shared(answer["values"].get<Values>()), answer["steps"], answer["tokens"]});
  }
  return answers;
}

double length(const Values& values) {
  double sum = 0;
  for (const float value : values) sum += double{value} * double{value};
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("merged directions and lengths, and the outer step on them (numeric cases)") {
  for (const auto& file : test::vector_cases("decoupled_diloco")) {
    auto model = file["initial"].get<Values>();
    std::vector<SyncedFragment> fragments;
    for (const auto& parts : file["fragments"]) fragments.emplace_back(parts, file["options"], model);
    for (const auto& step : file["outer_steps"]) {
      SyncedFragment& fragment = fragments[step["fragment"].get<std::size_t>()];
      auto answers = answers_in_time(step);
      const Values merged = merged_difference(*fragment.outer.model(), answers, fragment.tensors);
      check_close(merged, step["merged_delta"].get<Doubles>());
      std::reverse(answers.begin(), answers.end());
      check_close(merged_difference(*fragment.outer.model(), answers, fragment.tensors), step["merged_delta"]);
      fragment.outer.take(merged);
      for (std::size_t k = 0; k < fragment.indices.size(); ++k)
        model[fragment.indices[k]] = (*fragment.outer.model())[k];
      check_close(model, step["outer_after"].get<Doubles>());
    }
  }
}

TEST_CASE("merged directions: orthogonal differences of one length keep it, an embedding's mean is shorter") {
  const std::vector<MergedAnswer> answers{{shared({-2, 0}), 1, 1}, {shared({0, -2}), 1, 1}};
  CHECK(length(merged_difference({0, 0}, answers, {{0, 2, false}})) == doctest::Approx(2));
  CHECK(length(merged_difference({0, 0}, answers, {{0, 2, true}})) == doctest::Approx(std::sqrt(2.0)));
}

TEST_CASE("merged directions: one answer is its own merge, a difference of 0 shortens but does not turn") {
  const MergedAnswer mover{shared({-3, -4}), 2, 8};
  const MergedAnswer rester{shared({0, 0}), 2, 8};
  check_close(merged_difference({0, 0}, {mover}, {{0, 2, false}}), {3, 4});
  check_close(merged_difference({0, 0}, {mover, rester}, {{0, 2, false}}), {1.5, 2});
  check_close(merged_difference({0, 0}, {rester}, {{0, 2, false}}), {0, 0});
}

TEST_CASE("merged directions that cancel leave the weighted mean, by tokens squared over steps") {
  const std::vector<MergedAnswer> answers{{shared({-4, 0}), 1, 1}, {shared({1, 0}), 4, 2}};  // both of weight 1
  check_close(merged_difference({0, 0}, answers, {{0, 2, false}}), {1.5, 0});
}

}  // namespace tardigrad
