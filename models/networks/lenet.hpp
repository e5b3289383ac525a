/// The convolutional network of federated learning's experiments on MNIST and FEMNIST.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// McMahan et al., AISTATS 2017: two blocks of 5x5 convolution (to 32, 64 channels; zero padding 2), ReLU and
/// 2x2 max pooling; a fully connected layer of 512 with ReLU; one to the classes. It has the paper's 1,663,370
/// parameters for 28x28 grey pixels and 10 classes, 1,690,046 for the 62 classes of FEMNIST.
///
/// Tensors: conv1.weight, conv1.bias, conv2.weight, conv2.bias, fc1.weight, fc1.bias, fc2.weight, fc2.bias.
class LeNet final : public AutogradNetwork {
 public:
  LeNet(const ModelSpec& spec, const Problem& problem);

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;
};

}  // namespace tardigrad
