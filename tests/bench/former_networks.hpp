/// Networks as they computed before the kernels, where LibTorch's form has changed since: fully connected layers are
/// 1x1 convolutions at every size of a batch, which LibTorch gives to the installed BLAS under 16 samples.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/networks/autograd_network.hpp"
#include "models/networks/model_kind.hpp"

namespace tardigrad::bench {

inline at::Tensor former_product(const at::Tensor& features, const at::Tensor& weight, const at::Tensor& bias) {
  const at::Tensor points = features.unsqueeze(2).unsqueeze(3);
  return at::conv2d(points, weight.unsqueeze(2).unsqueeze(3), bias).flatten(1);
}

inline at::Tensor former_product(LayerWalk& tensors, const at::Tensor& features) {
  const at::Tensor& weight = tensors.next();
  return former_product(features, weight, tensors.next());
}

class FormerMlp final : public AutogradNetwork {
 public:
  FormerMlp(const std::vector<InitialTensor>& tensors, const ModelSpec& spec)
      : AutogradNetwork(tensors), hidden_layers_(spec.hidden.size()) {}

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool) const override {
    at::Tensor features = inputs.flatten(1);
    for (std::size_t layer = 0; layer < hidden_layers_; ++layer) features = former_product(tensors, features).relu();
    return former_product(tensors, features);
  }

  std::size_t hidden_layers_;
};

class FormerLeNet final : public AutogradNetwork {
 public:
  explicit FormerLeNet(const std::vector<InitialTensor>& tensors) : AutogradNetwork(tensors) {}

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool) const override {
    at::Tensor images = at::max_pool2d(tensors.convolution(inputs).relu(), 2);
    images = at::max_pool2d(tensors.convolution(images).relu(), 2);
    const at::Tensor features = former_product(tensors, images.flatten(1)).relu();
    return former_product(tensors, features);
  }
};

class FormerCharLstm final : public AutogradNetwork {
 public:
  FormerCharLstm(const std::vector<InitialTensor>& tensors, const ModelSpec& spec)
      : AutogradNetwork(tensors), layers_(spec.layers) {}

 private:
  static at::Tensor states(LayerWalk& tensors, const at::Tensor& sequence) {
    const at::Tensor& input_weight = tensors.next();
    const at::Tensor& state_weight = tensors.next();
    const at::Tensor& input_bias = tensors.next();
    const at::Tensor& state_bias = tensors.next();
    const std::int64_t samples = sequence.size(0), steps = sequence.size(1), units = state_weight.size(1);
    const at::Tensor of_inputs =
        former_product(sequence.flatten(0, 1), input_weight, input_bias).view({samples, steps, 4 * units});
    at::Tensor state = at::zeros({samples, units});
    at::Tensor cell = state;
    std::vector<at::Tensor> all;
    for (std::int64_t step = 0; step < steps; ++step) {
      const auto gates = (of_inputs.select(1, step) + former_product(state, state_weight, state_bias)).chunk(4, 1);
      cell = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
      state = gates[3].sigmoid() * cell.tanh();
      all.push_back(state);
    }
    return at::stack(all, 1);
  }

  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool) const override {
    at::Tensor sequence = at::embedding(tensors.next(), inputs);
    for (std::int64_t layer = 0; layer < layers_; ++layer) sequence = states(tensors, sequence);
    return former_product(tensors, sequence.select(1, -1));
  }

  std::int64_t layers_;
};

/// The network that a scenario got before.
inline std::unique_ptr<Network> former_network(const ModelSpec& spec, const Problem& problem) {
  std::unique_ptr<Network> network = make_network(spec, problem, Backend::libtorch).network;
  const std::vector<InitialTensor>& tensors = network->initialisation();
  if (spec.kind == "mlp") return std::make_unique<FormerMlp>(tensors, spec);
  if (spec.kind == "lenet") return std::make_unique<FormerLeNet>(tensors);
  if (spec.kind == "lstm") return std::make_unique<FormerCharLstm>(tensors, spec);
  return network;
}

}  // namespace tardigrad::bench
