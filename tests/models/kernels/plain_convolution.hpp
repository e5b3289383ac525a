/// Convolutions written down plainly in double precision, on pictures in the kernels' order.
#pragma once

#include <vector>

#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad::test {

/// Random pictures, weights and gradients of one convolution.
struct ConvolutionCase {
  ConvolutionCase(const Convolution& convolution, std::ptrdiff_t count, std::uint64_t seed,
                  std::ptrdiff_t stride_of_both = 1)
      : shape(convolution), pictures(count), stride(stride_of_both) {
    const auto size = [](std::ptrdiff_t numbers) { return static_cast<std::size_t>(numbers); };
    input = uniform_floats(size(pictures * shape.in * shape.height * shape.width), seed);
    weights = uniform_floats(size(shape.in * shape.out * shape.side * shape.side), seed + 1, 0.1);
    bias = uniform_floats(size(shape.out), seed + 2);
    output_gradient = uniform_floats(size(pictures * shape.out * out_height() * out_width()), seed + 3);
  }

  std::ptrdiff_t out_height() const { return (shape.height + stride - 1) / stride; }
  std::ptrdiff_t out_width() const { return (shape.width + stride - 1) / stride; }

  std::size_t weight_at(std::ptrdiff_t out, std::ptrdiff_t in, std::ptrdiff_t row, std::ptrdiff_t column) const {
    return static_cast<std::size_t>(((out * shape.in + in) * shape.side + row) * shape.side + column);
  }
  /// The place of a pixel in pictures of `channels`, `height` and `width`, in blocks of 16 channels.
  static std::size_t at(std::ptrdiff_t channels, std::ptrdiff_t height, std::ptrdiff_t width, std::ptrdiff_t picture,
                        std::ptrdiff_t channel, std::ptrdiff_t row, std::ptrdiff_t column) {
    return static_cast<std::size_t>(
        ((picture * (channels / 16) + channel / 16) * height * width + row * width + column) * 16 + channel % 16);
  }
  /// With fewer channels than a block: rows of pixels, channels last.
  std::size_t input_at(std::ptrdiff_t picture, std::ptrdiff_t channel, std::ptrdiff_t row,
                       std::ptrdiff_t column) const {
    if (shape.in >= 16) return at(shape.in, shape.height, shape.width, picture, channel, row, column);
    return static_cast<std::size_t>(((picture * shape.height + row) * shape.width + column) * shape.in + channel);
  }
  std::size_t output_at(std::ptrdiff_t picture, std::ptrdiff_t channel, std::ptrdiff_t row,
                        std::ptrdiff_t column) const {
    return at(shape.out, out_height(), out_width(), picture, channel, row, column);
  }

  /// Calls `visit(input, weight, output)` with the places of every product of the convolution.
  template <class Visit>
  void for_products(Visit visit) const {
    for (std::ptrdiff_t n = 0; n < pictures; ++n)
      for (std::ptrdiff_t k = 0; k < shape.out; ++k)
        for (std::ptrdiff_t y = 0; y < out_height(); ++y)
          for (std::ptrdiff_t x = 0; x < out_width(); ++x)
            for (std::ptrdiff_t c = 0; c < shape.in; ++c)
              for (std::ptrdiff_t r = 0; r < shape.side; ++r)
                for (std::ptrdiff_t s = 0; s < shape.side; ++s) {
                  const std::ptrdiff_t row = y * stride + r - shape.side / 2, column = x * stride + s - shape.side / 2;
                  if (row < 0 || row >= shape.height || column < 0 || column >= shape.width) continue;
                  visit(input_at(n, c, row, column), weight_at(k, c, r, s), output_at(n, k, y, x));
                }
  }

  std::vector<double> output() const {
    std::vector<double> sums(output_gradient.size());
    for (std::ptrdiff_t n = 0; n < pictures; ++n)
      for (std::ptrdiff_t k = 0; k < shape.out; ++k)
        for (std::ptrdiff_t y = 0; y < out_height(); ++y)
          for (std::ptrdiff_t x = 0; x < out_width(); ++x)
            sums[output_at(n, k, y, x)] = bias[static_cast<std::size_t>(k)];
    for_products(
        [&](std::size_t i, std::size_t w, std::size_t o) { sums[o] += static_cast<double>(input[i]) * weights[w]; });
    return sums;
  }
  std::vector<double> input_gradient() const {
    std::vector<double> sums(input.size());
    for_products([&](std::size_t i, std::size_t w, std::size_t o) {
      sums[i] += static_cast<double>(weights[w]) * output_gradient[o];
    });
    return sums;
  }
  std::vector<double> weight_gradient() const {
    std::vector<double> sums(weights.size());
    for_products([&](std::size_t i, std::size_t w, std::size_t o) {
      sums[w] += static_cast<double>(input[i]) * output_gradient[o];
    });
    return sums;
  }

  Convolution shape;
  std::ptrdiff_t pictures;
  std::ptrdiff_t stride;
  Floats input, weights, bias, output_gradient;
};

}  // namespace tardigrad::test
