#include "models/networks/on_kernels/char_lstm_on_kernels.hpp"

#include <algorithm>
#include <stdexcept>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr std::size_t kTensorsPerLayer = 4;

std::size_t first_tensor_of(std::size_t layer) { return 1 + layer * kTensorsPerLayer; }

}  // namespace

CharLstmOnKernels::CharLstmOnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                     const Problem& problem)
    : KernelNetwork(tensors, problem.classes, Reads::features),
      steps_(problem.input[0]),
      numbers_(spec.embedding),
      vocabulary_(problem.vocabulary),
      last_{spec.units, problem.classes} {
  for (std::int64_t layer = 0; layer < spec.layers; ++layer) {
    layers_.emplace_back(LstmShape{layer == 0 ? spec.embedding : spec.units, spec.units}, kernels());
  }
}

LstmParameters CharLstmOnKernels::parameters_of(std::size_t layer) const {
  const std::size_t first = first_tensor_of(layer);
  return {weights_of(first), weights_of(first + 1), weights_of(first + 2), weights_of(first + 3)};
}

LstmGradients CharLstmOnKernels::gradients_of(std::size_t layer) const {
  const std::size_t first = first_tensor_of(layer);
  return {gradient_at(first), gradient_at(first + 1), gradient_at(first + 2), gradient_at(first + 3)};
}

std::size_t CharLstmOnKernels::last_tensor() const { return first_tensor_of(layers_.size()); }

const float* CharLstmOnKernels::embedded(const Batch& batch) {
  float* to = embedded_.at_least(steps_ * batch.samples * numbers_);
  for (Index step = 0; step < steps_; ++step) {
    for (Index sample = 0; sample < batch.samples; ++sample, to += numbers_) {
      const std::int64_t token = batch.tokens[sample * steps_ + step];
      if (token < 0 || token >= vocabulary_) throw std::out_of_range("a token is not in the vocabulary");
      std::copy_n(weights_of(0) + token * numbers_, numbers_, to);
    }
  }
  return embedded_.get();
}

void CharLstmOnKernels::score(const Batch& batch, bool, float* scores) {
  const float* sequence = embedded(batch);
  layer_inputs_.clear();
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    layer_inputs_.push_back(sequence);
    sequence = layers_[layer].forward(batch.samples, steps_, sequence, parameters_of(layer));
  }
  last_states_ = sequence + (steps_ - 1) * batch.samples * last_.in;
  connect(kernels(), last_, batch.samples, last_states_, weights_of(last_tensor()), weights_of(last_tensor() + 1),
          scores);
}

void CharLstmOnKernels::backward(const Batch& batch, const float* score_gradient) {
  float* state_gradient = layers_.back().cleared_state_gradient();
  float* of_last = state_gradient + (steps_ - 1) * batch.samples * last_.in;
  connect_back(kernels(), last_, batch.samples, last_states_, weights_of(last_tensor()), score_gradient,
               {gradient_at(last_tensor()), gradient_at(last_tensor() + 1), of_last});
  for (std::size_t layer = layers_.size(); layer-- > 0;) {
    float* input_gradient = layer > 0 ? layers_[layer - 1].cleared_state_gradient()
                                      : embedded_gradient_.at_least(steps_ * batch.samples * numbers_);
    layers_[layer].backward(layer_inputs_[layer], parameters_of(layer), gradients_of(layer), input_gradient);
  }
  embedding_back(batch);
}

void CharLstmOnKernels::embedding_back(const Batch& batch) {
  float* gradient = gradient_at(0);
  std::fill_n(gradient, vocabulary_ * numbers_, 0.0F);
  const float* from = embedded_gradient_.get();
  for (Index step = 0; step < steps_; ++step) {
    for (Index sample = 0; sample < batch.samples; ++sample, from += numbers_) {
      float* to = gradient + batch.tokens[sample * steps_ + step] * numbers_;
      for (Index i = 0; i < numbers_; ++i) to[i] += from[i];
    }
  }
}

}  // namespace tardigrad
