#include "models/networks/logistic_regression.hpp"

#include <ATen/ATen.h>

#include "models/networks/classifier_head.hpp"
#include "models/shape.hpp"

namespace tardigrad {
namespace {

std::vector<InitialTensor> initial_tensors(const Problem& problem) {
  const std::int64_t numbers = numel(problem.input);
  return {{{"fc.weight", {problem.classes, numbers}}, numbers}, {{"fc.bias", {problem.classes}}, numbers}};
}

}  // namespace

LogisticRegression::LogisticRegression(const ModelSpec&, const Problem& problem) : Network(initial_tensors(problem)) {}

double LogisticRegression::compute_loss_and_gradient(const Minibatch& batch) {
  const FullyConnected layer{parameter(0), parameter(1)};
  return head_gradient(layer, batch.inputs.flatten(1), batch.labels, {gradient_of(0), gradient_of(1)}).loss;
}

at::Tensor LogisticRegression::compute_logits(const at::Tensor& inputs) {
  return class_scores({parameter(0), parameter(1)}, inputs.flatten(1));
}

}  // namespace tardigrad
