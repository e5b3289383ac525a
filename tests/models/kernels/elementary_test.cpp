#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad {
namespace {

using test::Floats;

using Function = void (*Kernels::*)(const float*, float*, std::ptrdiff_t);

/// In units in the last place of the expected value.
double greatest_error(Function function, double (*expected)(double), float from, float to) {
  constexpr int kSteps = 40'003;
  Floats arguments;
  for (int i = 0; i <= kSteps; ++i) arguments.push_back(from + (to - from) * static_cast<float>(i) / kSteps);
  const Floats values = test::same_on_every_isa([&](const Kernels& kernels) {
    Floats results(arguments.size());
    (kernels.*function)(arguments.data(), results.data(), static_cast<std::ptrdiff_t>(results.size()));
    return results;
  });
  double greatest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double exact = expected(arguments[i]);
    const float near = static_cast<float>(std::abs(exact));
    const double unit = std::nextafter(near, INFINITY) - near;
    greatest = std::max(greatest, std::abs(values[i] - exact) / unit);
  }
  return greatest;
}

TEST_CASE("exponential function, hyperbolic tangent and sigmoid are right to a few units in the last place") {
  CHECK(greatest_error(
            &Kernels::exponential, [](double x) { return std::exp(x); }, -87, 88) < 2);
  CHECK(greatest_error(
            &Kernels::exponential, [](double x) { return std::exp(x); }, -1, 1) < 2);
  CHECK(greatest_error(
            &Kernels::hyperbolic_tangent, [](double x) { return std::tanh(x); }, -12, 12) < 3);
  CHECK(greatest_error(
            &Kernels::hyperbolic_tangent, [](double x) { return std::tanh(x); }, -0.7F, 0.7F) < 3);
  CHECK(greatest_error(
            &Kernels::sigmoid, [](double x) { return 1 / (1 + std::exp(-x)); }, -80, 20) < 4);
}

/// Its form by the hyperbolic tangent.
double gelu(double x) { return x / 2 * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x))); }

TEST_CASE("GELU has its formula's values and slope, and passes on what is not a number") {
  Floats arguments = {NAN};
  for (int i = -300; i <= 300; ++i) arguments.push_back(static_cast<float>(i) / 31);
  const Floats results = test::same_on_every_isa([&](const Kernels& kernels) {
    Floats values(2 * arguments.size(), 2);
    const auto count = static_cast<std::ptrdiff_t>(arguments.size());
    kernels.gelu(count, arguments.data(), values.data());
    kernels.gelu_back(count, arguments.data(), values.data() + count);
    return values;
  });
  CHECK(std::isnan(results[0]));
  CHECK(std::isnan(results[arguments.size()]));
  constexpr double kStep = 1e-5;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const double x = arguments[i];
    CHECK(std::abs(results[i] - gelu(x)) < 1e-6);
    const double slope = (gelu(x + kStep) - gelu(x - kStep)) / (2 * kStep);
    CHECK(std::abs(results[arguments.size() + i] - 2 * slope) < 1e-5);
  }
}

Floats of_special_values(Function function) {
  const Floats arguments = {NAN, INFINITY, -INFINITY, 0.0F, -0.0F, 200, -200, 88.7F, -103};
  return test::same_on_every_isa([&](const Kernels& kernels) {
    Floats results(arguments.size());
    (kernels.*function)(arguments.data(), results.data(), static_cast<std::ptrdiff_t>(results.size()));
    return results;
  });
}

TEST_CASE("what is not a number stays so, and infinities have their limits") {
  const Floats powers = of_special_values(&Kernels::exponential);
  CHECK(std::isnan(powers[0]));
  CHECK(powers[1] == INFINITY);
  CHECK(powers[2] == 0);
  CHECK(powers[3] == 1);
  CHECK(powers[5] == INFINITY);
  CHECK(powers[6] == 0);
  CHECK(std::isfinite(powers[7]));
  CHECK(powers[8] > 0);
  const Floats tangents = of_special_values(&Kernels::hyperbolic_tangent);
  CHECK(std::isnan(tangents[0]));
  CHECK(tangents[1] == 1);
  CHECK(tangents[2] == -1);
  CHECK(tangents[4] == 0);
  const Floats shares = of_special_values(&Kernels::sigmoid);
  CHECK(std::isnan(shares[0]));
  CHECK(shares[1] == 1);
  CHECK(shares[2] == 0);
  CHECK(shares[3] == 0.5F);
}

TEST_CASE("the logarithm is right to double precision") {
  for (const Isa isa : kIsas) {
    if (!is_usable(isa)) continue;
    const auto logarithm = kernels(isa).logarithm;
    for (double x = 1e-3; x < 1e6; x *= 1.0173) {
      CHECK(std::abs(logarithm(x) - std::log(x)) <= 4e-16 * std::max(1.0, std::abs(std::log(x))));
    }
    CHECK(logarithm(1) == 0);
    CHECK(std::isnan(logarithm(NAN)));
    CHECK(logarithm(INFINITY) == INFINITY);
  }
}

}  // namespace
}  // namespace tardigrad
