/// One linear layer from the pixels to the classes.
#pragma once

#include "models/network.hpp"

namespace tardigrad {

/// Tensors: fc.weight (classes x pixels, channel by channel), fc.bias.
class LogisticRegression final : public Network {
 public:
  explicit LogisticRegression(const ImageShape& input);

 private:
  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;
};

}  // namespace tardigrad
