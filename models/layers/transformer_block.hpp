/// A block of a decoder-only transformer with normalisation before its two branches (Radford et al. 2019, GPT-2):
///   y = x + project(attend(mix(norm1(x)))),  z = y + contract(gelu(expand(norm2(y)))).
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/attention_layer.hpp"
#include "models/layers/buffer.hpp"
#include "models/layers/fully_connected_layer.hpp"

namespace tardigrad {

/// A layer's weight (or scale) and bias (or shift).
template <class Number>
struct WeightAndBias {
  Number* weight = nullptr;
  Number* bias = nullptr;
};

/// Layer normalisation with what its way back needs.
class LayerNorm {
 public:
  /// `kernels` outlive the layer.
  LayerNorm(std::ptrdiff_t width, const Kernels& kernels) : width_(width), kernels_(kernels) {}

  /// Valid until the next call. `input` and `parameters` outlive the way back.
  const float* forward(std::ptrdiff_t rows, const float* input, WeightAndBias<const float> parameters);
  /// The place for the gradient by the output.
  float* output_gradient() { return output_gradient_.at_least(normalised_.rows * width_); }
  const float* output() const { return output_.get(); }
  /// Overwrites `gradients`, and adds to the gradient by the input.
  void backward(WeightAndBias<float> gradients, float* input_gradient);

 private:
  std::ptrdiff_t width_;
  const Kernels& kernels_;
  NormalisedRows normalised_;
  Floats means_, inverse_deviations_, output_, output_gradient_;
};

/// Parameters or gradients of a block, in the order of its tensors. Mixing is the layer from `width` numbers to the
/// queries, keys and values; the hidden layer has 4 width units.
template <class Number>
struct TransformerBlockTensors {
  WeightAndBias<Number> norm1, mix, project, norm2, expand, contract;
};

/// Memory that the blocks of a network share, as they compute one after the other.
struct TransformerScratch {
  Floats transposed;
  Floats hidden;  ///< samples x the hidden units, or gradients by them
  Floats branch;  ///< samples x width: the gradient by what attention has found
};

class TransformerBlock {
 public:
  using Parameters = TransformerBlockTensors<const float>;
  using Gradients = TransformerBlockTensors<float>;

  /// `kernels` and `scratch` outlive the block.
  TransformerBlock(const AttentionShape& shape, const Kernels& kernels, TransformerScratch& scratch);

  /// From sequences x steps x width to the same. The result is valid until the next call; `input` and the parameters
  /// outlive the way back, which follows if `trains`.
  const float* forward(std::ptrdiff_t sequences, const float* input, const Parameters& parameters, bool trains);
  /// Overwrites `gradients`. `gradient` is that by the output, and becomes the one by the input.
  void backward(const Parameters& parameters, const Gradients& gradients, float* gradient);

 private:
  std::ptrdiff_t rows() const { return sequences_ * shape_.steps; }
  void attention_back(const Parameters& parameters, const Gradients& gradients, float* gradient);
  void hidden_back(const Parameters& parameters, const Gradients& gradients, float* gradient);

  AttentionShape shape_;
  const Kernels& kernels_;
  TransformerScratch& scratch_;
  FullyConnectedShape mix_, project_, expand_, contract_;
  LayerNorm norm1_, norm2_;
  AttentionLayer attention_;
  std::ptrdiff_t sequences_ = 0;
  Floats mixed_, attended_, middle_, hidden_, activated_, output_;
};

}  // namespace tardigrad
