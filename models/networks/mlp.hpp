/// A multilayer perceptron.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// Fully connected layers with ReLU between them: from the input's numbers (those of pictures channel by
/// channel) to each size of `hidden`, then to the classes. 28x28 pixels, hidden = [256, 128], 10 classes:
/// 235,146 parameters.
///
/// Tensors: fc1.weight (out x in), fc1.bias, fc2.weight, ...
class Mlp final : public AutogradNetwork {
 public:
  Mlp(const ModelSpec& spec, const Problem& problem);

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;

  std::size_t hidden_layers_;
};

}  // namespace tardigrad
