#include "models/networks/char_lstm.hpp"

#include <ATen/ATen.h>

namespace tardigrad {
namespace {

std::vector<InitialTensor> initial_tensors(const ModelSpec& spec, const Problem& problem) {
  LayerTensors tensors;
  tensors.add({{"embedding.weight", {problem.vocabulary, spec.embedding}}, 0, 0, 1});
  std::int64_t in = spec.embedding;
  for (std::int64_t layer = 1; layer <= spec.layers; ++layer) {
    tensors.add_lstm("lstm" + std::to_string(layer), in, spec.units);
    in = spec.units;
  }
  tensors.add_fully_connected("fc", in, problem.classes);
  return tensors.take();
}

}  // namespace

CharLstm::CharLstm(const ModelSpec& spec, const Problem& problem)
    : AutogradNetwork(initial_tensors(spec, problem)), layers_(spec.layers) {}

at::Tensor CharLstm::forward(LayerWalk tensors, const at::Tensor& inputs, bool) const {
  at::Tensor sequence = at::embedding(tensors.next(), inputs);
  for (std::int64_t layer = 0; layer < layers_; ++layer) sequence = tensors.lstm(sequence);
  return tensors.fully_connected(sequence.select(1, -1));
}

}  // namespace tardigrad
