/// Causal self-attention with several heads (Vaswani et al., NeurIPS 2017, section 3.2): a step of a sequence sees
/// itself and the steps before it.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"

namespace tardigrad {

struct AttentionShape {
  std::ptrdiff_t steps = 0;  ///< of a sequence
  std::ptrdiff_t width = 0;  ///< a multiple of the heads
  std::ptrdiff_t heads = 1;
};

/// softmax(Q K^T / sqrt(width / heads)) V for each head. `mixed` has a row for each step of each sequence: the queries
/// of all heads, their keys, and their values, of `width` numbers each.
class AttentionLayer {
 public:
  /// `kernels` outlive the layer.
  AttentionLayer(const AttentionShape& shape, const Kernels& kernels);

  /// Writes sequences x steps x width. `trains`: true if `backward` follows.
  void forward(std::ptrdiff_t sequences, const float* mixed, bool trains, float* output);
  /// Overwrites the gradient by `mixed`, which is that of the last `forward`.
  void backward(std::ptrdiff_t sequences, const float* mixed, const float* output_gradient, float* mixed_gradient);

 private:
  /// Where the numbers of one head of one sequence begin.
  struct Head {
    const float *queries, *keys, *values;
  };

  std::ptrdiff_t size() const { return shape_.width / shape_.heads; }
  Head head(const float* mixed) const { return {mixed, mixed + shape_.width, mixed + 2 * shape_.width}; }
  float factor() const;
  void attend(const Head& head, float* shares, float* output);
  void attend_back(const Head& head, const float* shares, const float* output_gradient, float* mixed_gradient);
  /// The products of rows of `a` with those of `b`, size() numbers each; where the step of `a` sees that of `b`.
  void dot_products(const float* a, std::ptrdiff_t a_row, const float* b, float* products);
  /// `output`: for each step the sum of the rows of `b` that it sees, by its weights.
  void sum_of_seen(const float* weights, const float* b, float* output, std::ptrdiff_t output_row);
  /// The same for each step over those that see it.
  void sum_of_seeing(const float* weights, const float* b, std::ptrdiff_t b_row, float* output);

  AttentionShape shape_;
  const Kernels& kernels_;
  Floats shares_, share_gradient_, transposed_;
};

}  // namespace tardigrad
