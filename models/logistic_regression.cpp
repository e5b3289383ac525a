#include "models/logistic_regression.hpp"

#include <ATen/ATen.h>

#include "models/classifier_head.hpp"

namespace tardigrad {
namespace {

std::vector<InitialTensor> initial_tensors(const ImageShape& input) {
  const auto pixels = static_cast<std::int64_t>(input.numel());
  const auto classes = static_cast<std::int64_t>(Dataset::kClasses);
  return {{{"fc.weight", {classes, pixels}}, pixels}, {{"fc.bias", {classes}}, pixels}};
}

}  // namespace

LogisticRegression::LogisticRegression(const ImageShape& input) : Network(initial_tensors(input)) {}

double LogisticRegression::compute_loss_and_gradient(const Minibatch& batch) {
  const FullyConnected layer{parameter(0), parameter(1)};
  return head_gradient(layer, batch.inputs.flatten(1), batch.labels, {gradient_of(0), gradient_of(1)}).loss;
}

at::Tensor LogisticRegression::compute_logits(const at::Tensor& inputs) {
  return class_scores({parameter(0), parameter(1)}, inputs.flatten(1));
}

}  // namespace tardigrad
