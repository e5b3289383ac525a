/// The network of `ResNet20` on the kernels.
#pragma once

#include <vector>

#include "models/layers/fully_connected_layer.hpp"
#include "models/layers/picture_block.hpp"
#include "models/networks/on_kernels/kernel_network.hpp"

namespace tardigrad {

class ResNet20OnKernels final : public KernelNetwork {
 public:
  ResNet20OnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec, const Problem& problem);

 private:
  /// A convolution with its normalisation, and its number in the order of the tensors.
  struct Layer {
    PictureBlock block;
    std::size_t number;
    const float* input = nullptr;  ///< of the last batch
  };

  /// Two layers and the shortcut around them.
  struct Residual {
    Layer first, second;
    Planes input;                        ///< of one picture
    Floats shortcut, shortcut_gradient;  ///< where the shortcut is not the input itself
    bool has_new_channels() const { return input.channels != second.block.output_planes().channels; }
  };

  Layer make_layer(const Convolution& convolution);
  PictureBlockParameters parameters_of(const Layer& layer) const;
  PictureBlockGradients gradients_of(const Layer& layer) const;
  const float* forward(Layer& layer, const Batch& batch, const float* input, const float* addend, bool trains);
  void backward(Layer& layer, const Batch& batch, float* input_gradient);

  void score(const Batch& batch, bool trains, float* scores) override;
  void backward(const Batch& batch, const float* score_gradient) override;
  const float* shortcut_of(Residual& residual, const Batch& batch, const float* input);
  void shortcut_back(Residual& residual, const Batch& batch, float* input_gradient);
  /// The layer that computes the input of a residual block.
  Layer& layer_before(std::size_t residual);
  std::size_t last_tensor() const;

  ModelSpec spec_;
  std::size_t layers_ = 0;
  ConvolutionScratch scratch_;
  std::vector<Layer> stem_;  ///< one layer
  std::vector<Residual> residuals_;
  FullyConnectedShape last_;
  Floats features_, feature_gradient_, unused_;
};

}  // namespace tardigrad
