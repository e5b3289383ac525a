#include "models/layers/normalisation_layer.hpp"

#include "tests/models/layers/slope.hpp"

namespace tardigrad {
namespace {

using test::Doubles;
using Results = test::Floats;

/// A layer with pictures, written down plainly in double precision.
struct Case {
  Case(const NormalisationShape& of_layer, std::ptrdiff_t count, bool adds)
      : shape(of_layer), pictures(count), with_addend(adds) {
    const std::size_t values = size(shape.planes.height, shape.planes.width);
    input = test::uniform_floats(values, 1, 2);
    for (float& value : input) value += 0.7F;  // a mean other than zero
    addend = test::uniform_floats(with_addend ? values : 0, 2);
    scale = test::uniform_floats(channels(), 3);
    shift = test::uniform_floats(channels(), 4);
    output_gradient = test::uniform_floats(size(out_height(), out_width()), 5);
  }

  std::size_t channels() const { return static_cast<std::size_t>(shape.planes.channels); }
  std::size_t size(std::ptrdiff_t height, std::ptrdiff_t width) const {
    return static_cast<std::size_t>(pictures * shape.planes.channels * height * width);
  }
  std::ptrdiff_t out_height() const { return shape.planes.height / (shape.pools ? 2 : 1); }
  std::ptrdiff_t out_width() const { return shape.planes.width / (shape.pools ? 2 : 1); }
  static std::size_t at(std::ptrdiff_t channels, std::ptrdiff_t pixels, std::ptrdiff_t picture, std::size_t channel,
                        std::ptrdiff_t pixel) {
    const auto c = static_cast<std::ptrdiff_t>(channel);
    return static_cast<std::size_t>(((picture * (channels / 16) + c / 16) * pixels + pixel) * 16 + c % 16);
  }

  /// True if the values of these two pictures and channels share their moments.
  bool together(std::ptrdiff_t p, std::size_t c, std::ptrdiff_t q, std::size_t d) const {
    if (shape.kind == Normalisation::batch) return c == d;
    const std::size_t group = channels() / static_cast<std::size_t>(shape.groups);
    return p == q && c / group == d / group;
  }

  Doubles output(const Doubles& x, const Doubles& by_scale, const Doubles& by_shift, const Doubles& added) const {
    const std::ptrdiff_t pixels = shape.planes.height * shape.planes.width;
    Doubles result(size(out_height(), out_width()));
    for (std::ptrdiff_t n = 0; n < pictures; ++n) {
      for (std::size_t c = 0; c < channels(); ++c) {
        double count = 0, sum = 0, squares = 0;
        const auto visit = [&](auto of_value) {
          for (std::ptrdiff_t m = 0; m < pictures; ++m)
            for (std::size_t d = 0; d < channels(); ++d)
              if (together(n, c, m, d))
                for (std::ptrdiff_t i = 0; i < pixels; ++i) of_value(x[at(shape.planes.channels, pixels, m, d, i)]);
        };
        double factor = 1, mean = 0, offset = 0;
        if (shape.kind != Normalisation::none) {
          visit([&](double value) { ++count, sum += value; });
          mean = sum / count;
          visit([&](double value) { squares += (value - mean) * (value - mean); });
          factor = by_scale[c] / std::sqrt(squares / count + 1e-5);
          offset = by_shift[c];
        }
        for (std::ptrdiff_t y = 0; y < out_height(); ++y) {
          for (std::ptrdiff_t w = 0; w < out_width(); ++w) {
            double best = 0;
            const std::ptrdiff_t step = shape.pools ? 2 : 1;
            for (std::ptrdiff_t i = 0; i < step * step; ++i) {
              const std::ptrdiff_t pixel = (step * y + i / 2) * shape.planes.width + step * w + i % 2;
              const std::size_t place = at(shape.planes.channels, pixels, n, c, pixel);
              best = std::max(best, factor * (x[place] - mean) + offset + (added.empty() ? 0 : added[place]));
            }
            result[at(shape.planes.channels, out_height() * out_width(), n, c, y * out_width() + w)] = best;
          }
        }
      }
    }
    return result;
  }

  NormalisationShape shape;
  std::ptrdiff_t pictures;
  bool with_addend;
  Results input, addend, scale, shift, output_gradient;
};

/// Output, and the gradients by input, scale, shift and the convolution's bias.
Results normalised(const Kernels& kernels, const Case& given) {
  NormalisationLayer layer(given.shape, kernels);
  Results input = given.input, output(given.output_gradient.size()), gradient = given.output_gradient;
  Results by_scale(given.channels()), by_shift(given.channels()), by_bias(given.channels());
  Results running_mean(given.channels()), running_variance(given.channels());
  const NormalisationParameters parameters = {given.scale.data(), given.shift.data(), running_mean.data(),
                                              running_variance.data()};
  const float* addend = given.with_addend ? given.addend.data() : nullptr;
  layer.begin(given.pictures);
  if (given.shape.kind == Normalisation::batch) {
    layer.train({0, given.pictures}, input.data(), parameters, addend, output.data());
  } else {
    for (std::ptrdiff_t n = 0; n < given.pictures; ++n) {
      layer.train({n, 1}, input.data(), parameters, addend, output.data());
    }
  }
  layer.parameter_gradients(given.pictures, input.data(), output.data(), gradient.data(), parameters,
                            {by_scale.data(), by_shift.data(), by_bias.data()});
  for (std::ptrdiff_t n = 0; n < given.pictures; ++n) layer.input_gradient({n, 1}, gradient.data(), input.data());
  for (const Results* part : {&input, &by_scale, &by_shift, &by_bias}) {
    output.insert(output.end(), part->begin(), part->end());
  }
  return output;
}

void check_layer(const NormalisationShape& shape, std::ptrdiff_t pictures, bool adds = false) {
  CAPTURE(static_cast<int>(shape.kind));
  CAPTURE(shape.planes.height);
  CAPTURE(shape.planes.width);
  CAPTURE(shape.groups);
  CAPTURE(shape.pools);
  const Case given(shape, pictures, adds);
  const Results results = test::same_on_every_isa([&](const Kernels& kernels) { return normalised(kernels, given); });
  Doubles input = test::doubled(given.input), scale = test::doubled(given.scale), shift = test::doubled(given.shift);
  const Doubles addend = test::doubled(given.addend);
  const auto loss = [&] {
    const Doubles output = given.output(input, scale, shift, addend);
    double sum = 0;
    for (std::size_t i = 0; i < output.size(); ++i) sum += output[i] * given.output_gradient[i];
    return sum;
  };
  const bool normalises = shape.kind != Normalisation::none;
  const Doubles by_input = test::slope(loss, input);
  const std::ptrdiff_t pixels = shape.planes.height * shape.planes.width;
  Doubles by_bias(given.channels());
  for (std::ptrdiff_t n = 0; n < pictures; ++n)
    for (std::size_t c = 0; c < given.channels(); ++c)
      for (std::ptrdiff_t i = 0; i < pixels; ++i)
        by_bias[c] += by_input[Case::at(shape.planes.channels, pixels, n, c, i)];
  test::check_parts_close(results, {given.output(input, scale, shift, addend), by_input});
  const Results rest(results.end() - 3 * static_cast<std::ptrdiff_t>(given.channels()), results.end());
  if (normalises) test::check_parts_close(rest, {test::slope(loss, scale), test::slope(loss, shift)});
  for (std::size_t c = 0; c < given.channels(); ++c) {
    CHECK(rest[2 * given.channels() + c] == doctest::Approx(by_bias[c]).epsilon(1e-4).scale(1));
  }
}

TEST_CASE("normalisation, ReLU and pooling have the values and gradients of their formulas") {
  for (const bool pools : {false, true}) {
    for (std::ptrdiff_t groups : {1, 2, 16}) check_layer({{1, 16, 5, 4}, Normalisation::group, groups, pools}, 2);
    check_layer({{1, 32, 3, 6}, Normalisation::group, 2, pools}, 1);
    check_layer({{1, 16, 5, 5}, Normalisation::batch, 1, pools}, 3);
    check_layer({{1, 16, 5, 3}, Normalisation::none, 1, pools}, 2);
  }
  check_layer({{1, 16, 4, 5}, Normalisation::group, 2, false}, 2, true);
  check_layer({{1, 16, 4, 5}, Normalisation::batch, 1, false}, 2, true);
}

TEST_CASE("batch normalisation keeps running statistics as PyTorch does, and evaluates with them") {
  const Case given({{1, 16, 2, 3}, Normalisation::batch, 1, false}, 2, false);
  NormalisationLayer layer(given.shape, kernels());
  Results mean(16, 1), variance(16, 2), output(given.input.size());
  const NormalisationParameters parameters = {given.scale.data(), given.shift.data(), mean.data(), variance.data()};
  layer.begin(2);
  layer.train({0, 2}, given.input.data(), parameters, nullptr, output.data());
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += given.input[i * 16];
  for (std::size_t i = 0; i < 12; ++i) squares += (given.input[i * 16] - sum / 12) * (given.input[i * 16] - sum / 12);
  CHECK(mean[0] == doctest::Approx(0.9 + 0.1 * sum / 12));
  CHECK(variance[0] == doctest::Approx(1.8 + 0.1 * squares / 11));

  const Results before = variance;
  layer.evaluate({0, 2}, given.input.data(), parameters, nullptr, output.data());
  CHECK(variance == before);
  const double expected = given.scale[0] * (given.input[16] - mean[0]) / std::sqrt(variance[0] + 1e-5) + given.shift[0];
  CHECK(output[16] == doctest::Approx(std::max(0.0, expected)).epsilon(1e-4));
}

TEST_CASE("ReLU and pooling pass on what is not a number, alike on every instruction set") {
  for (const bool pools : {false, true}) {
    for (std::size_t bad = 0; bad < 4; ++bad) {
      Case given({{1, 16, 4, 4}, Normalisation::none, 1, pools}, 1, false);
      given.input[(bad / 2 * 4 + bad % 2) * 16 + 3] = NAN;
      const Results results =
          test::same_on_every_isa([&](const Kernels& kernels) { return normalised(kernels, given); });
      const std::size_t place = pools ? 0 : bad / 2 * 4 + bad % 2;
      for (std::size_t i = 0; i < given.output_gradient.size(); ++i) {
        CHECK(std::isnan(results[i]) == (i == place * 16 + 3));
      }
    }
  }
}

TEST_CASE("the normalisation of a group with a value that is not a number is none") {
  Case given({{1, 32, 4, 4}, Normalisation::group, 2, true}, 1, false);
  given.input[5 * 16 + 1] = NAN;
  const Results results = test::same_on_every_isa([&](const Kernels& kernels) { return normalised(kernels, given); });
  for (std::size_t i = 0; i < 128; ++i) CHECK(std::isnan(results[i]) == (i < 64));
}

}  // namespace
}  // namespace tardigrad
