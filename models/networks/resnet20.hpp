/// ResNet-20, the residual network for CIFAR.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// He et al., CVPR 2016, section 4.2 with n = 3: a 3x3 convolution to 16 channels; three stages of three blocks
/// with 16, 32 and 64 channels, a block being two 3x3 convolutions and a shortcut around both; the mean over
/// all pixels; a fully connected layer. The later stages begin with stride 2 and with the paper's shortcut A:
/// every second pixel, and zeros for the new channels. Convolutions have no bias; each is followed by
/// normalisation and ReLU.
///
/// 269,722 parameters for 3x32x32 pictures and 10 classes (the paper: 0.27 M); batch normalisation has 1,376
/// statistics besides. Normalised by groups of channels, 2 of them (as Hsieh et al., ICML 2020, for non-IID
/// shards), or over batches as in the paper. Convolutions start as in the paper, by He et al., ICCV 2015.
///
/// Tensors: conv.weight, norm.weight, norm.bias, block1.conv1.weight, block1.norm1.weight, block1.norm1.bias,
/// block1.conv2.weight, ..., block9.norm2.bias, fc.weight, fc.bias, and of batch normalisation
/// norm.running_mean, norm.running_var, block1.norm1.running_mean, ...
class ResNet20 final : public AutogradNetwork {
 public:
  ResNet20(const ModelSpec& spec, const Problem& problem);

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;

  ModelSpec spec_;
};

}  // namespace tardigrad
