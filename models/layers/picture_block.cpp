#include "models/layers/picture_block.hpp"

#include <algorithm>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

Planes convolved_planes(const Convolution& c) {
  return {1, c.out, (c.height + c.stride - 1) / c.stride, (c.width + c.stride - 1) / c.stride};
}

Index size_of(const Planes& planes) { return planes.channels * planes.height * planes.width; }

/// Calls `visit(range)` for all pictures, so many at a time.
template <class Visit>
void for_ranges(Index pictures, Index together, Visit visit) {
  for (Index first = 0; first < pictures; first += together) {
    visit(PictureRange{first, std::min(together, pictures - first)});
  }
}

}  // namespace

PictureBlock::PictureBlock(const PictureBlockShape& shape, const Kernels& kernels, ConvolutionScratch& scratch)
    : shape_(shape),
      convolution_(make_convolution_layer(shape.convolution, kernels, scratch)),
      normalisation_({convolved_planes(shape.convolution), shape.normalisation, shape.groups, shape.pools}, kernels) {}

Planes PictureBlock::output_planes() const {
  const Planes planes = convolved_planes(shape_.convolution);
  if (!shape_.pools) return planes;
  return {1, planes.channels, planes.height / 2, planes.width / 2};
}

const float* PictureBlock::train(Index pictures, const float* input, const PictureBlockParameters& parameters,
                                 const float* addend) {
  output_gradient_.at_least(pictures * size_of(output_planes()));
  return forward(pictures, input, parameters, addend, true);
}

const float* PictureBlock::evaluate(Index pictures, const float* input, const PictureBlockParameters& parameters,
                                    const float* addend) {
  return forward(pictures, input, parameters, addend, false);
}

const float* PictureBlock::forward(Index pictures, const float* input, const PictureBlockParameters& parameters,
                                   const float* addend, bool trains) {
  float* convolved = convolved_.at_least(pictures * size_of(convolved_planes(shape_.convolution)));
  float* output = output_.at_least(pictures * size_of(output_planes()));
  const auto normalise = [&](PictureRange range) {
    trains ? normalisation_.train(range, convolved, parameters.normalisation, addend, output)
           : normalisation_.evaluate(range, convolved, parameters.normalisation, addend, output);
  };
  convolution_->prepare(parameters.weight, trains);
  normalisation_.begin(pictures);
  const bool waits_for_all = trains && shape_.normalisation == Normalisation::batch;
  // A picture that has just been convolved is still in the cache.
  for_ranges(pictures, convolution_->pictures_together(), [&](PictureRange range) {
    convolution_->forward(range, input, parameters.bias, convolved);
    if (!waits_for_all) normalise(range);
  });
  if (waits_for_all) normalise({0, pictures});
  return output;
}

void PictureBlock::backward(Index pictures, const float* input, const PictureBlockParameters& parameters,
                            const PictureBlockGradients& gradients, float* input_gradient) {
  normalisation_.parameter_gradients(pictures, convolved_.get(), output_.get(), output_gradient_.get(),
                                     parameters.normalisation, gradients.normalisation);
  for_ranges(pictures, convolution_->pictures_together(), [&](PictureRange range) {
    normalisation_.input_gradient(range, output_gradient_.get(), convolved_.get());
    convolution_->backward(range, input, convolved_.get(), input_gradient);
  });
  convolution_->weight_gradient(gradients.weight);
}

}  // namespace tardigrad
