/// A network that LibTorch differentiates: a subclass defines its tensors and the forward pass.
#pragma once

#include "models/networks/layers.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

class AutogradNetwork : public Network {
 protected:
  explicit AutogradNetwork(const std::vector<InitialTensor>& tensors);

 private:
  /// Class scores, targets x classes. `tensors` starts at the first tensor.
  virtual at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const = 0;

  double compute_loss_and_gradient(const Minibatch& batch) final;
  at::Tensor compute_logits(const at::Tensor& inputs) final;
  std::vector<at::Tensor> tensors() const;

  std::size_t trained_tensors_;
};

}  // namespace tardigrad
