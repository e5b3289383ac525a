#include "tests/models/kernels/every_isa.hpp"
#include "tests/models/kernels/plain_convolution.hpp"

namespace tardigrad {
namespace {

using test::Floats;

struct Memory {
  explicit Memory(const Convolution& c) {
    const auto points = static_cast<std::size_t>((c.side + 3) * (c.side + 3));
    const auto size = [&](std::ptrdiff_t rows, std::ptrdiff_t columns) {
      return points * static_cast<std::size_t>(rows * columns + 16);
    };
    filters.resize(size(c.in, c.out));
    transposed.resize(size(c.in, c.out));
    gradients.resize(size(c.in, c.out));
    inputs.resize(size(kTilesTogether, c.in));
    outputs.resize(size(kTilesTogether, c.out));
    weights.resize(static_cast<std::size_t>(c.in * c.side * c.side * c.out));
  }

  WinogradMemory places() {
    return {filters.data(), transposed.data(), gradients.data(), inputs.data(), outputs.data(), weights.data()};
  }

  Floats filters, transposed, gradients, inputs, outputs, weights;
};

/// Output, input gradient and weight gradient, one after the other. The way back takes the pictures in two calls.
Floats convolved(const Kernels& kernels, const test::ConvolutionCase& given) {
  const Convolution& c = given.shape;
  Memory memory(c);
  const WinogradMemory places = memory.places();
  Floats output(given.output_gradient.size(), 9), input_gradient(given.input.size(), 9),
      weight_gradient(given.weights.size(), 9);
  kernels.winograd_filters(c, given.weights.data(), places);
  kernels.winograd_forward(c, given.pictures, given.input.data(), given.bias.data(), output.data(), places);
  const std::ptrdiff_t first = (given.pictures + 1) / 2, pixels = c.height * c.width;
  kernels.winograd_backward(c, first, given.input.data(), given.output_gradient.data(), input_gradient.data(), true,
                            places);
  kernels.winograd_backward(c, given.pictures - first, given.input.data() + first * c.in * pixels,
                            given.output_gradient.data() + first * c.out * pixels,
                            input_gradient.data() + first * c.in * pixels, false, places);
  kernels.winograd_weight_gradient(c, places, weight_gradient.data());
  output.insert(output.end(), input_gradient.begin(), input_gradient.end());
  output.insert(output.end(), weight_gradient.begin(), weight_gradient.end());
  return output;
}

void check_convolution(const Convolution& shape, std::ptrdiff_t pictures) {
  CAPTURE(shape.height);
  CAPTURE(shape.width);
  CAPTURE(shape.side);
  CAPTURE(pictures);
  const test::ConvolutionCase given(shape, pictures, 1);
  const Floats results = test::same_on_every_isa([&](const Kernels& kernels) { return convolved(kernels, given); });
  test::check_parts_close(results, {given.output(), given.input_gradient(), given.weight_gradient()});
}

TEST_CASE("Winograd convolutions of all sizes are right both ways, with the same bytes on every instruction set") {
  for (const std::ptrdiff_t side : {3, 5}) {
    for (std::ptrdiff_t size = 1; size <= 9; ++size) check_convolution({16, 16, size, 10 - size, side}, 2);
    check_convolution({32, 48, 7, 7, side}, 3);
    check_convolution({16, 32, 14, 13, side}, 1);
  }
}

TEST_CASE("Winograd convolutions are right at every size of a batch") {
  for (std::ptrdiff_t pictures = 1; pictures <= 33; pictures += pictures < 10 ? 1 : 6) {
    check_convolution({16, 16, 6, 5, 5}, pictures);
    check_convolution({16, 16, 8, 4, 3}, pictures);
  }
}

TEST_CASE("a picture's output does not depend on the others of its batch") {
  const test::ConvolutionCase given({16, 16, 7, 6, 5}, 5, 1);
  const Convolution& c = given.shape;
  Memory memory(c);
  Floats all(given.output_gradient.size()), last(16 * 7 * 6);
  const Kernels& best = kernels();
  best.winograd_filters(c, given.weights.data(), memory.places());
  best.winograd_forward(c, 5, given.input.data(), given.bias.data(), all.data(), memory.places());
  best.winograd_forward(c, 1, given.input.data() + 4 * 16 * 42, given.bias.data(), last.data(), memory.places());
  CHECK(std::equal(last.begin(), last.end(), all.end() - 16 * 42));
}

TEST_CASE("a value that is not finite spreads over its tile, and no further") {
  for (const std::ptrdiff_t side : {3, 5}) {
    test::ConvolutionCase given({16, 16, 12, 12, side}, 2, 1);
    given.input[5 * 16 * 12 + 5 * 16] = NAN;  // row 5, column 5 of the first picture
    const Floats results = test::same_on_every_isa([&](const Kernels& kernels) { return convolved(kernels, given); });
    const auto output_at = [&](std::ptrdiff_t picture, std::ptrdiff_t row, std::ptrdiff_t column) {
      return results[static_cast<std::size_t>((picture * 144 + row * 12 + column) * 16)];
    };
    for (std::ptrdiff_t row = 5 - side / 2; row <= 5 + side / 2; ++row) {
      for (std::ptrdiff_t column = 5 - side / 2; column <= 5 + side / 2; ++column) {
        CHECK(std::isnan(output_at(0, row, column)));
      }
    }
    CHECK(std::isfinite(output_at(0, 11, 11)));
    CHECK(std::isfinite(output_at(1, 5, 5)));
    const std::size_t weight_gradient = given.output_gradient.size() + given.input.size();
    CHECK(std::isnan(results[weight_gradient]));
  }
}

TEST_CASE("a Winograd convolution of known values has known bytes, whatever the compiler") {
  std::uint64_t sum = 1;
  for (const std::ptrdiff_t side : {3, 5}) {
    const test::ConvolutionCase given({16, 32, 7, 9, side}, 3, 1);
    sum =
        test::checksum(test::same_on_every_isa([&](const Kernels& kernels) { return convolved(kernels, given); }), sum);
  }
  CHECK(sum == 16325053426253357183U);
}

}  // namespace
}  // namespace tardigrad
