#include "models/layers/transformer_block.hpp"

namespace tardigrad {

const float* LayerNorm::forward(std::ptrdiff_t rows, const float* input, WeightAndBias<const float> parameters) {
  normalised_ = {rows, width_, input, parameters.weight, means_.at_least(rows), inverse_deviations_.at_least(rows)};
  float* output = output_.at_least(rows * width_);
  kernels_.layer_norm(normalised_, parameters.bias, output);
  return output;
}

void LayerNorm::backward(WeightAndBias<float> gradients, float* input_gradient) {
  kernels_.layer_norm_back(normalised_, output_gradient_.get(), gradients.weight, gradients.bias, input_gradient);
}

TransformerBlock::TransformerBlock(const AttentionShape& shape, const Kernels& kernels, TransformerScratch& scratch)
    : shape_(shape),
      kernels_(kernels),
      scratch_(scratch),
      mix_{shape.width, 3 * shape.width},
      project_{shape.width, shape.width},
      expand_{shape.width, 4 * shape.width},
      contract_{4 * shape.width, shape.width},
      norm1_(shape.width, kernels),
      norm2_(shape.width, kernels),
      attention_(shape, kernels) {}

const float* TransformerBlock::forward(std::ptrdiff_t sequences, const float* input, const Parameters& parameters,
                                       bool trains) {
  sequences_ = sequences;
  const std::ptrdiff_t size = rows() * shape_.width;
  const auto connect_by = [&](const FullyConnectedShape& shape, const float* from, WeightAndBias<const float> tensors,
                              Floats& to) {
    float* output = to.at_least(rows() * shape.out);
    connect_many(kernels_, shape, rows(), from, tensors.weight, tensors.bias, output, scratch_.transposed);
    return output;
  };
  const float* mixed = connect_by(mix_, norm1_.forward(rows(), input, parameters.norm1), parameters.mix, mixed_);
  float* attended = attended_.at_least(size);
  attention_.forward(sequences, mixed, trains, attended);
  float* middle = connect_by(project_, attended, parameters.project, middle_);
  kernels_.add_to_rows(1, size, input, middle);
  const float* normalised = norm2_.forward(rows(), middle, parameters.norm2);
  const float* hidden = connect_by(expand_, normalised, parameters.expand, hidden_);
  float* activated = activated_.at_least(rows() * expand_.out);
  kernels_.gelu(rows() * expand_.out, hidden, activated);
  float* output = connect_by(contract_, activated, parameters.contract, output_);
  kernels_.add_to_rows(1, size, middle, output);
  return output;
}

void TransformerBlock::backward(const Parameters& parameters, const Gradients& gradients, float* gradient) {
  hidden_back(parameters, gradients, gradient);
  attention_back(parameters, gradients, gradient);
}

void TransformerBlock::hidden_back(const Parameters& parameters, const Gradients& gradients, float* gradient) {
  float* by_hidden = scratch_.hidden.at_least(rows() * expand_.out);
  connect_back(kernels_, contract_, rows(), activated_.get(), parameters.contract.weight, gradient,
               {gradients.contract.weight, gradients.contract.bias, by_hidden});
  kernels_.gelu_back(rows() * expand_.out, hidden_.get(), by_hidden);
  connect_back(kernels_, expand_, rows(), norm2_.output(), parameters.expand.weight, by_hidden,
               {gradients.expand.weight, gradients.expand.bias, norm2_.output_gradient()});
  norm2_.backward(gradients.norm2, gradient);
}

void TransformerBlock::attention_back(const Parameters& parameters, const Gradients& gradients, float* gradient) {
  float* by_attended = scratch_.branch.at_least(rows() * shape_.width);
  float* by_mixed = scratch_.hidden.at_least(rows() * mix_.out);
  connect_back(kernels_, project_, rows(), attended_.get(), parameters.project.weight, gradient,
               {gradients.project.weight, gradients.project.bias, by_attended});
  attention_.backward(sequences_, mixed_.get(), by_attended, by_mixed);
  connect_back(kernels_, mix_, rows(), norm1_.output(), parameters.mix.weight, by_mixed,
               {gradients.mix.weight, gradients.mix.bias, norm1_.output_gradient()});
  norm1_.backward(gradients.norm1, gradient);
}

}  // namespace tardigrad
