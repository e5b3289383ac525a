/// The network of `Transformer` on the kernels.
#pragma once

#include <vector>

#include "models/layers/transformer_block.hpp"
#include "models/networks/on_kernels/kernel_network.hpp"

namespace tardigrad {

class TransformerOnKernels final : public KernelNetwork {
 public:
  TransformerOnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec, const Problem& problem);

  at::Tensor targets(const Minibatch& batch) const override { return next_tokens(batch); }

 private:
  TransformerBlock::Parameters parameters_of(std::size_t block) const;
  TransformerBlock::Gradients gradients_of(std::size_t block) const;
  /// The tensor of the last layer's weight.
  std::size_t scores_tensor() const { return is_tied_ ? 0 : norm_tensor() + 2; }
  std::size_t norm_tensor() const;

  void score(const Batch& batch, bool trains, float* scores) override;
  void backward(const Batch& batch, const float* score_gradient) override;
  /// samples x steps x width
  const float* embedded(const Batch& batch);
  void embedding_back(const Batch& batch, const float* gradient);

  std::ptrdiff_t steps_, width_;
  std::int64_t vocabulary_;
  bool is_tied_;
  FullyConnectedShape scores_shape_;
  TransformerScratch scratch_;
  std::vector<TransformerBlock> blocks_;
  LayerNorm norm_;
  Floats embedded_, gradient_;
};

}  // namespace tardigrad
