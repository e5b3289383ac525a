/// The network of attention that predicts a text's next token at every place.
#pragma once

#include "models/networks/autograd_network.hpp"

namespace tardigrad {

/// A decoder-only transformer (Vaswani et al., NeurIPS 2017; as GPT-2, Radford et al. 2019): embeddings of tokens and
/// of places, blocks of causal attention and of a hidden layer of 4 width units with GELU (by the hyperbolic tangent),
/// layer normalisation before both and at the end, and a linear layer without bias to the scores, whose weight is that
/// of the tokens' embedding if they are tied. No dropout. The number of places is the length of the data set's samples.
/// With V tokens, T places, L layers and width w: L (12 w^2 + 13 w) + (V + T + 2) w parameters, V w more if untied.
///
/// Tensors: tokens.weight (V x w), places.weight (T x w); for each block, in PyTorch's order of sizes,
/// block1.norm1.weight and .bias, .mix (3w x w: queries, keys and values), .project (w x w), .norm2, .expand (4w x w),
/// .contract (w x 4w); norm.weight, norm.bias, and if untied scores.weight (V x w). Weights start normal with deviation
/// 0.02, those at the end of a branch (project, contract) with 0.02 / sqrt(2 L), biases at zero.
///
/// Its loss is the mean over all places of the batch. This is the reference form, of LibTorch's own functions: its
/// products are those of the installed BLAS.
class Transformer final : public AutogradNetwork {
 public:
  Transformer(const ModelSpec& spec, const Problem& problem);

  at::Tensor targets(const Minibatch& batch) const override { return next_tokens(batch); }

 private:
  at::Tensor forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const override;

  ModelSpec spec_;
};

}  // namespace tardigrad
