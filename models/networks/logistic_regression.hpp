/// One linear layer from the input to the classes.
#pragma once

#include "models/networks/network.hpp"

namespace tardigrad {

/// Tensors: fc.weight (classes x numbers of the input, those of pictures channel by channel), fc.bias.
class LogisticRegression final : public Network {
 public:
  LogisticRegression(const ModelSpec& spec, const Problem& problem);

 private:
  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;
};

}  // namespace tardigrad
