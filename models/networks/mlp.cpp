#include "models/networks/mlp.hpp"

#include <ATen/ATen.h>

#include "models/shape.hpp"

namespace tardigrad {
namespace {

std::vector<InitialTensor> initial_tensors(const ModelSpec& spec, const Problem& problem) {
  LayerTensors tensors;
  std::int64_t in = numel(problem.input);
  std::size_t number = 0;
  const auto add_layer = [&](std::int64_t out) {
    tensors.add_fully_connected("fc" + std::to_string(++number), in, out);
    in = out;
  };
  for (const std::int64_t size : spec.hidden) add_layer(size);
  add_layer(problem.classes);
  return tensors.take();
}

}  // namespace

Mlp::Mlp(const ModelSpec& spec, const Problem& problem)
    : AutogradNetwork(initial_tensors(spec, problem)), hidden_layers_(spec.hidden.size()) {}

at::Tensor Mlp::forward(LayerWalk tensors, const at::Tensor& inputs, bool) const {
  at::Tensor features = inputs.flatten(1);
  for (std::size_t layer = 0; layer < hidden_layers_; ++layer) features = tensors.fully_connected(features).relu();
  return tensors.fully_connected(features);
}

}  // namespace tardigrad
