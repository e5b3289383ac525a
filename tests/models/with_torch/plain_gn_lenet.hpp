/// GN-LeNet in plain LibTorch with its automatic differentiation, on tensors of its own: the shipped network
/// must equal it, and be faster.
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "models/parameter_layout.hpp"
#include "models/values.hpp"

namespace tardigrad::test {

class PlainGnLeNet {
 public:
  PlainGnLeNet(const ParameterLayout& layout, const Values& model) {
    const float* values = model.data();
    for (const ParameterTensor& tensor : layout.tensors) {
      at::Tensor parameter = at::empty(tensor.shape);
      std::copy_n(values, tensor.numel(), parameter.data_ptr<float>());
      parameters_.push_back(parameter.set_requires_grad(true));
      values += tensor.numel();
    }
  }

  /// images: samples x channels x height x width.
  at::Tensor logits(at::Tensor images) const {
    for (std::size_t b = 0; b < 12; b += 4) {
      images = at::conv2d(images, parameters_[b], parameters_[b + 1], 1, 2);
      images = at::group_norm(images, 2, parameters_[b + 2], parameters_[b + 3], 1e-5);
      images = at::max_pool2d(at::relu(images), 2, 2);
    }
    return at::linear(images.flatten(1), parameters_[12], parameters_[13]);
  }

  double loss_and_gradient(const at::Tensor& images, const at::Tensor& labels) {
    for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
    const at::Tensor loss = at::cross_entropy_loss(logits(images), labels);
    loss.backward();
    return loss.item<double>();
  }

  void descend(double learning_rate) {
    const at::NoGradGuard no_autograd;
    for (at::Tensor& parameter : parameters_) parameter.sub_(parameter.grad(), learning_rate);
  }

  at::Tensor gradient() const {
    std::vector<at::Tensor> flat;
    for (const at::Tensor& parameter : parameters_) flat.push_back(parameter.grad().flatten());
    return at::cat(flat);
  }

 private:
  std::vector<at::Tensor> parameters_;
};

}  // namespace tardigrad::test
