/// GN-LeNet: the image classifier of the DivShare comparison (Biswas et al., WWW 2025; spec D.1).
#pragma once

#include <array>

#include "models/data/labelled_images.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

/// Three times 5x5 convolution (to 32, 32, 64 channels; zero padding 2), group normalisation (2 groups,
/// epsilon 1e-5), ReLU, 2x2 max pooling; then a fully connected layer to the classes. For ten of
/// them and 3x32x32 images it has 89,834 parameters, for 1x32x32 88,234, for 1x28x28 (whose last pooling drops
/// a row and a column: 64 x 3 x 3 features) 83,754.
///
/// Tensors: conv1.weight (out, in, row, column), conv1.bias, gn1.scale, gn1.shift, conv2.weight, ...,
/// gn3.shift, fc.weight (classes x features, features channel by channel), fc.bias.
///
/// LibTorch's own kernels, each called in the memory format it is fast in: forward channels last
/// (pooling is then an eighth of its time), backward channels first (for group normalisation).
class GnLeNet final : public Network {
 public:
  /// Images of at least 8x8 pixels.
  explicit GnLeNet(const ImageShape& input, std::int64_t classes = 10);

 private:
  static constexpr std::size_t kBlocks = 3;

  /// What a block's way back needs of its way forward.
  struct Block {
    at::Tensor input;
    at::Tensor convolved;
    at::Tensor mean;
    at::Tensor inverse_deviation;
    at::Tensor winners;  ///< of the pooling, as places in the image
    at::Tensor output;
  };

  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;

  at::Tensor forward(std::size_t block, const at::Tensor& input, Block& trace) const;
  /// From the gradient by the block's output, that by its input (block 0: none, nobody needs it).
  at::Tensor backward(std::size_t block, const at::Tensor& output_gradient, const Block& trace) const;
};

}  // namespace tardigrad
