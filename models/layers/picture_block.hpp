/// The block that networks for pictures consist of: a convolution, normalisation, ReLU, and 2x2 pooling or none.
#pragma once

#include "models/layers/convolution_layer.hpp"
#include "models/layers/normalisation_layer.hpp"

namespace tardigrad {

struct PictureBlockShape {
  Convolution convolution;
  Normalisation normalisation = Normalisation::group;
  std::ptrdiff_t groups = 1;
  bool pools = false;
};

struct PictureBlockParameters {
  const float* weight = nullptr;
  const float* bias = nullptr;  ///< null: none
  NormalisationParameters normalisation;
};

struct PictureBlockGradients {
  float* weight = nullptr;
  NormalisationGradients normalisation;  ///< with that of the convolution's bias
};

class PictureBlock {
 public:
  /// `kernels` and `scratch` outlive the block.
  PictureBlock(const PictureBlockShape& shape, const Kernels& kernels, ConvolutionScratch& scratch);

  /// The planes of one picture of the output.
  Planes output_planes() const;

  /// Before ReLU, `addend` (null: none; not with pooling) is added. The result is valid until the next call.
  const float* train(std::ptrdiff_t pictures, const float* input, const PictureBlockParameters& parameters,
                     const float* addend = nullptr);
  const float* evaluate(std::ptrdiff_t pictures, const float* input, const PictureBlockParameters& parameters,
                        const float* addend = nullptr);
  /// The place for the gradient by the output of the last `train`, before `backward`. Afterwards, without pooling, it
  /// has the gradient by the addend.
  float* output_gradient() { return output_gradient_.get(); }
  /// Overwrites the gradients, and `input_gradient` if it is not null. `input` is that of `train`.
  void backward(std::ptrdiff_t pictures, const float* input, const PictureBlockParameters& parameters,
                const PictureBlockGradients& gradients, float* input_gradient);

 private:
  const float* forward(std::ptrdiff_t pictures, const float* input, const PictureBlockParameters& parameters,
                       const float* addend, bool trains);

  PictureBlockShape shape_;
  std::unique_ptr<ConvolutionLayer> convolution_;
  NormalisationLayer normalisation_;
  Floats convolved_, output_, output_gradient_;
};

}  // namespace tardigrad
