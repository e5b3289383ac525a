#include "models/networks/autograd_network.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace tardigrad {

AutogradNetwork::AutogradNetwork(const std::vector<InitialTensor>& tensors)
    : Network(tensors),
      trained_tensors_(static_cast<std::size_t>(std::count_if(
          tensors.begin(), tensors.end(), [](const auto& initial) { return initial.tensor.is_trained; }))) {}

std::vector<at::Tensor> AutogradNetwork::tensors() const {
  std::vector<at::Tensor> all;
  for (std::size_t t = 0; t < layout().tensors.size(); ++t) all.push_back(parameter(t));
  return all;
}

double AutogradNetwork::compute_loss_and_gradient(const Minibatch& batch) {
  const c10::InferenceMode recording(false);
  const std::vector<at::Tensor> all = tensors();
  const std::vector<at::Tensor> trained(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(trained_tensors_));
  for (const at::Tensor& leaf : trained) leaf.set_requires_grad(true);
  const at::Tensor loss =
      at::cross_entropy_loss(forward(LayerWalk(all, trained_tensors_), batch.inputs, true), targets(batch));
  const std::vector<at::Tensor> gradients = torch::autograd::grad({loss}, trained);
  for (std::size_t t = 0; t < gradients.size(); ++t) gradient_of(t).copy_(gradients[t]);
  return loss.item<double>();
}

at::Tensor AutogradNetwork::compute_logits(const at::Tensor& inputs) {
  const std::vector<at::Tensor> all = tensors();
  return forward(LayerWalk(all, trained_tensors_), inputs, false);
}

}  // namespace tardigrad
