/// VGG-11 for small pictures.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// Configuration A of Simonyan and Zisserman (ICLR 2015) in its usual reduction for CIFAR: 3x3 convolutions to
/// 64 | 128 | 256, 256 | 512, 512 | 512, 512 channels, each with normalisation and ReLU, 2x2 max pooling at
/// every | and at the end; then one fully connected layer to the classes. For 3x32x32 pictures and 10 classes
/// 9,231,114 parameters; batch normalisation has 5,504 statistics besides.
///
/// Normalised by groups of channels, 2 of them (as Hsieh et al., ICML 2020, for non-IID shards), or over
/// batches.
///
/// Tensors: conv1.weight, conv1.bias, norm1.weight, norm1.bias, conv2.weight, ..., norm8.bias, fc.weight,
/// fc.bias, and of batch normalisation norm1.running_mean, norm1.running_var, norm2.running_mean, ...
class Vgg11 final : public AutogradNetwork {
 public:
  /// Needs pictures of at least 32x32 pixels.
  Vgg11(const ModelSpec& spec, const Problem& problem);

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;

  ModelSpec spec_;
};

}  // namespace tardigrad
