/// A convolution of pictures, by the algorithm that suits its shape.
#pragma once

#include <memory>

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"

namespace tardigrad {

/// Memory that the convolutions of a network share, as they compute one after the other.
struct ConvolutionScratch {
  Floats inputs, outputs, weights;
};

/// Pictures from number `first` on. Pointers to pictures are to the first one of the batch.
struct PictureRange {
  std::ptrdiff_t first = 0, count = 0;
};

/// Pictures lie in blocks of 16 channels (`Kernels`), but those that a layer of 1 to 4 input channels reads as pixels
/// with the channels last. A picture's results do not depend on the others.
class ConvolutionLayer {
 public:
  virtual ~ConvolutionLayer() = default;

  /// Uses these weights from now on, which must outlive their use. `trains`: true if a way back follows.
  virtual void prepare(const float* weights, bool trains) = 0;
  /// `bias` may be null.
  virtual void forward(PictureRange range, const float* input, const float* bias, float* output) = 0;
  /// Overwrites the gradient by the input, if `input_gradient` is not null. The gradient by the weights is summed over
  /// calls since the last range that began with the first picture. Ranges are those of the way forward.
  virtual void backward(PictureRange range, const float* input, const float* output_gradient,
                        float* input_gradient) = 0;
  /// The gradient by the weights.
  virtual void weight_gradient(float* gradient) = 0;
  /// How many pictures at once suit a core's cache.
  virtual std::ptrdiff_t pictures_together() const = 0;
};

/// The most channels of pictures that lie with the channels last.
constexpr std::ptrdiff_t kMostShallowChannels = 4;

/// Needs 1 to 4 or a multiple of 16 input channels, a multiple of 16 output channels, filters of side 3 or 5, and
/// stride 1 but for side 3 and 16 or more input channels. `kernels` and `scratch` outlive the layer.
std::unique_ptr<ConvolutionLayer> make_convolution_layer(const Convolution& shape, const Kernels& kernels,
                                                         ConvolutionScratch& scratch);

}  // namespace tardigrad
