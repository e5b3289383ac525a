#include "models/layers/convolution_layer.hpp"

#include "tests/models/kernels/plain_convolution.hpp"

namespace tardigrad {
namespace {

using Results = test::Floats;

/// Output, weight gradient and, if the layer has one, input gradient, one after the other; picture by picture or in
/// larger ranges.
Results convolved(const Kernels& kernels, const test::ConvolutionCase& given, std::ptrdiff_t together) {
  ConvolutionScratch scratch;
  Convolution shape = given.shape;
  shape.stride = given.stride;
  const auto layer = make_convolution_layer(shape, kernels, scratch);
  Results output(given.output_gradient.size(), 9), input_gradient(given.input.size(), 9),
      weight_gradient(given.weights.size(), 9);
  const bool has_input_gradient = shape.in > kMostShallowChannels;
  const auto for_ranges = [&](auto visit) {
    for (std::ptrdiff_t first = 0; first < given.pictures; first += together) {
      visit(PictureRange{first, std::min(together, given.pictures - first)});
    }
  };
  for (int batch = 0; batch < 2; ++batch) {  // the second must not see the first
    layer->prepare(given.weights.data(), true);
    for_ranges(
        [&](PictureRange range) { layer->forward(range, given.input.data(), given.bias.data(), output.data()); });
    for_ranges([&](PictureRange range) {
      layer->backward(range, given.input.data(), given.output_gradient.data(),
                      has_input_gradient ? input_gradient.data() : nullptr);
    });
    layer->weight_gradient(weight_gradient.data());
  }
  output.insert(output.end(), weight_gradient.begin(), weight_gradient.end());
  if (has_input_gradient) output.insert(output.end(), input_gradient.begin(), input_gradient.end());
  return output;
}

void check_layer(const Convolution& shape, std::ptrdiff_t pictures, std::ptrdiff_t stride = 1) {
  CAPTURE(shape.in);
  CAPTURE(shape.height);
  CAPTURE(shape.width);
  CAPTURE(shape.side);
  CAPTURE(stride);
  CAPTURE(pictures);
  const test::ConvolutionCase given(shape, pictures, 1, stride);
  const Results results =
      test::same_on_every_isa([&](const Kernels& kernels) { return convolved(kernels, given, pictures); });
  std::vector<std::vector<double>> parts = {given.output(), given.weight_gradient()};
  if (shape.in > kMostShallowChannels) parts.push_back(given.input_gradient());
  test::check_parts_close(results, parts);
  const Results one_by_one = convolved(kernels(), given, 1);
  const auto output = static_cast<std::ptrdiff_t>(given.output_gradient.size());
  CHECK(std::equal(results.begin(), results.begin() + output, one_by_one.begin()));
  test::check_parts_close(one_by_one, parts);
}

TEST_CASE("convolutions of pictures with few channels are right, with the same bytes on every instruction set") {
  for (const std::ptrdiff_t side : {3, 5}) {
    for (std::ptrdiff_t channels = 1; channels <= 4; ++channels) check_layer({channels, 32, 9, 7, side}, 2);
    for (std::ptrdiff_t size = 1; size <= 9; ++size) check_layer({3, 16, size, 12 - size, side}, 2);
    check_layer({1, 48, 28, 28, side}, 2);
    check_layer({3, 64, 32, 32, side}, 1);
  }
}

TEST_CASE("convolutions with strides and those of small pictures are right, with the same bytes") {
  for (std::ptrdiff_t size = 1; size <= 9; ++size) check_layer({16, 32, size, 10 - size, 3}, 3, 2);
  for (std::ptrdiff_t size = 1; size <= 4; ++size) check_layer({32, 16, size, 5 - size, 3}, 33);
  check_layer({32, 32, 4, 4, 3}, 5);
}

TEST_CASE("all other convolutions are right, with the same bytes") {
  check_layer({32, 32, 16, 16, 5}, 3);
  check_layer({16, 16, 8, 8, 3}, 9);
}

TEST_CASE("convolutions of known values have known bytes, whatever the compiler") {
  std::uint64_t sum = 1;
  const auto add = [&](const Convolution& shape, std::ptrdiff_t stride) {
    const test::ConvolutionCase given(shape, 2, 1, stride);
    sum = test::checksum(test::same_on_every_isa([&](const Kernels& kernels) { return convolved(kernels, given, 2); }),
                         sum);
  };
  add({3, 32, 9, 10, 5}, 1);
  add({1, 16, 9, 10, 3}, 1);
  add({32, 32, 8, 7, 3}, 2);
  CHECK(sum == 9595548403778111893U);
}

}  // namespace
}  // namespace tardigrad
