/// GN-LeNet: the image classifier of the DivShare comparison (Biswas et al., WWW 2025).
#pragma once

#include <array>

#include "models/data/labelled_images.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

/// Three blocks of 5x5 convolution (to 32, 32, 64 channels; zero padding 2), group normalisation (2 groups,
/// epsilon 1e-5), ReLU and 2x2 max pooling; then a fully connected layer to the classes. For ten classes it has
/// 89,834 parameters with 3x32x32 images, 88,234 with 1x32x32, and 83,754 with 1x28x28 (whose last pooling
/// drops a row and a column: 64 x 3 x 3 features). Convolutions and the last layer start uniform in +- 1 /
/// sqrt(fan-in), weights and biases alike; scales start at 1, shifts at 0.
///
/// Tensors: conv1.weight (out, in, row, column), conv1.bias, gn1.scale, gn1.shift, conv2.weight, ...,
/// gn3.shift, fc.weight (classes x features, features channel by channel), fc.bias.
///
/// Calls LibTorch's kernels in the memory format in which each is fast: the forward pass channels last (pooling
/// then takes an eighth of its time), the backward pass channels first (for group normalisation).
class GnLeNet final : public Network {
 public:
  /// Needs images of at least 8x8 pixels.
  explicit GnLeNet(const ImageShape& input, std::int64_t classes = 10);

 private:
  static constexpr std::size_t kBlocks = 3;

  /// Results of a block's forward pass that its backward pass needs.
  struct Block {
    at::Tensor input;
    at::Tensor convolved;
    at::Tensor mean;
    at::Tensor inverse_deviation;
    at::Tensor winners;  ///< positions of the pooled maxima in the image
    at::Tensor output;
  };

  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;

  at::Tensor forward(std::size_t block, const at::Tensor& input, Block& trace) const;
  /// The gradient with respect to the block's input, from that with respect to its output (block 0: none, as
  /// nobody needs it).
  at::Tensor backward(std::size_t block, const at::Tensor& output_gradient, const Block& trace) const;
};

}  // namespace tardigrad
