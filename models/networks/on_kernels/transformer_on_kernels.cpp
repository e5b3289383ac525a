#include "models/networks/on_kernels/transformer_on_kernels.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr std::size_t kEmbeddings = 2;
constexpr std::size_t kTensorsPerBlock = 12;

/// The block's tensors from number `first` on, of which `at` gives the numbers.
template <class Number, class At>
TransformerBlockTensors<Number> tensors_from(std::size_t first, At at) {
  const auto layer = [&](std::size_t place) -> WeightAndBias<Number> {
    return {at(first + 2 * place), at(first + 2 * place + 1)};
  };
  return {layer(0), layer(1), layer(2), layer(3), layer(4), layer(5)};
}

}  // namespace

TransformerOnKernels::TransformerOnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                           const Problem& problem)
    : KernelNetwork(tensors, problem.classes, Reads::features, problem.input[0]),
      steps_(problem.input[0]),
      width_(spec.width),
      vocabulary_(problem.vocabulary),
      is_tied_(spec.tied_embeddings),
      scores_shape_{spec.width, problem.classes},
      norm_(spec.width, kernels()) {
  for (std::int64_t block = 0; block < spec.blocks; ++block) {
    blocks_.emplace_back(AttentionShape{steps_, width_, spec.heads}, kernels(), scratch_);
  }
}

TransformerBlock::Parameters TransformerOnKernels::parameters_of(std::size_t block) const {
  return tensors_from<const float>(kEmbeddings + block * kTensorsPerBlock,
                                   [&](std::size_t tensor) { return weights_of(tensor); });
}

TransformerBlock::Gradients TransformerOnKernels::gradients_of(std::size_t block) const {
  return tensors_from<float>(kEmbeddings + block * kTensorsPerBlock,
                             [&](std::size_t tensor) { return gradient_at(tensor); });
}

std::size_t TransformerOnKernels::norm_tensor() const { return kEmbeddings + blocks_.size() * kTensorsPerBlock; }

const float* TransformerOnKernels::embedded(const Batch& batch) {
  const Index rows = batch.samples * steps_;
  float* to = embedded_.at_least(rows * width_);
  for (Index row = 0; row < rows; ++row, to += width_) {
    const std::int64_t token = batch.tokens[row];
    if (token < 0 || token >= vocabulary_) throw std::out_of_range("a token is not in the vocabulary");
    const float* of_token = weights_of(0) + token * width_;
    std::transform(of_token, of_token + width_, weights_of(1) + row % steps_ * width_, to, std::plus<>());
  }
  return embedded_.get();
}

void TransformerOnKernels::score(const Batch& batch, bool trains, float* scores) {
  const float* sequence = embedded(batch);
  for (std::size_t block = 0; block < blocks_.size(); ++block) {
    sequence = blocks_[block].forward(batch.samples, sequence, parameters_of(block), trains);
  }
  const Index rows = batch.samples * steps_;
  const float* features = norm_.forward(rows, sequence, {weights_of(norm_tensor()), weights_of(norm_tensor() + 1)});
  connect_many(kernels(), scores_shape_, rows, features, weights_of(scores_tensor()), nullptr, scores,
               scratch_.transposed);
}

void TransformerOnKernels::backward(const Batch& batch, const float* score_gradient) {
  const Index rows = batch.samples * steps_;
  connect_back(kernels(), scores_shape_, rows, norm_.output(), weights_of(scores_tensor()), score_gradient,
               {gradient_at(scores_tensor()), nullptr, norm_.output_gradient()});
  float* gradient = gradient_.at_least(rows * width_);
  std::fill_n(gradient, rows * width_, 0.0F);
  norm_.backward({gradient_at(norm_tensor()), gradient_at(norm_tensor() + 1)}, gradient);
  for (std::size_t block = blocks_.size(); block-- > 0;) {
    blocks_[block].backward(parameters_of(block), gradients_of(block), gradient);
  }
  embedding_back(batch, gradient);
}

void TransformerOnKernels::embedding_back(const Batch& batch, const float* gradient) {
  const auto add = [&](float* to) { kernels().add_to_rows(1, width_, gradient, to); };
  // Tied, the tokens' gradient has the last layer's part already.
  if (!is_tied_) std::fill_n(gradient_at(0), vocabulary_ * width_, 0.0F);
  std::fill_n(gradient_at(1), steps_ * width_, 0.0F);
  for (Index row = 0; row < batch.samples * steps_; ++row, gradient += width_) {
    add(gradient_at(0) + batch.tokens[row] * width_);
    add(gradient_at(1) + row % steps_ * width_);
  }
}

}  // namespace tardigrad
