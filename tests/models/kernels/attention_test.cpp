#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad {
namespace {

using test::Floats;

constexpr float kFactor = 0.3F;

Floats shares_of(const Kernels& kernels, std::ptrdiff_t steps, Floats scores) {
  kernels.causal_softmax(steps, kFactor, scores.data());
  return scores;
}

TEST_CASE("a step's shares are the softmax of what it sees, and none of what comes later") {
  for (std::ptrdiff_t steps = 1; steps <= 35; ++steps) {
    const auto size = static_cast<std::size_t>(steps);
    const Floats scores = test::uniform_floats(size * size, 1, 9);
    const Floats shares =
        test::same_on_every_isa([&](const Kernels& kernels) { return shares_of(kernels, steps, scores); });
    std::vector<double> expected(size * size, 0);
    for (std::size_t row = 0; row < size; ++row) {
      double sum = 0;
      const auto power = [&](std::size_t column) { return std::exp(double{kFactor} * scores[row * size + column]); };
      for (std::size_t column = 0; column <= row; ++column) sum += power(column);
      for (std::size_t column = 0; column <= row; ++column) expected[row * size + column] = power(column) / sum;
    }
    test::check_close(shares, expected);
  }
}

TEST_CASE("the gradient by the scores is that of the softmax, and zero for what is not seen") {
  constexpr std::size_t kSteps = 21;
  const Floats shares = shares_of(kernels(), kSteps, test::uniform_floats(kSteps * kSteps, 1, 9));
  const Floats given = test::uniform_floats(kSteps * kSteps, 2);
  const Floats gradient = test::same_on_every_isa([&](const Kernels& kernels) {
    Floats result = given;
    kernels.causal_softmax_back(kSteps, kFactor, shares.data(), result.data());
    return result;
  });
  std::vector<double> expected;
  for (std::size_t row = 0; row < kSteps; ++row) {
    double mean = 0;
    for (std::size_t j = 0; j < kSteps; ++j) mean += double{shares[row * kSteps + j]} * given[row * kSteps + j];
    for (std::size_t j = 0; j < kSteps; ++j) {
      expected.push_back(kFactor * double{shares[row * kSteps + j]} * (given[row * kSteps + j] - mean));
    }
  }
  test::check_close(gradient, expected);
}

TEST_CASE("low scores do not vanish, and what is not finite spoils its own row alone") {
  const Floats low = {-500, 9, 9, -500, -500, 9, -500, -501, -502};
  const Floats shares = test::same_on_every_isa([&](const Kernels& kernels) { return shares_of(kernels, 3, low); });
  CHECK(shares[0] == 1);
  CHECK(shares[1] == 0);
  CHECK(shares[3] == 0.5F);
  for (const float bad : {static_cast<float>(NAN), static_cast<float>(INFINITY)}) {
    Floats scores(9, 1);
    scores[4] = bad;
    const Floats spoilt =
        test::same_on_every_isa([&](const Kernels& kernels) { return shares_of(kernels, 3, scores); });
    CHECK(spoilt[0] == 1);
    CHECK(std::isnan(spoilt[4]));
    CHECK(std::isfinite(spoilt[8]));
  }
}

}  // namespace
}  // namespace tardigrad
