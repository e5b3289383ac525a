#include "models/networks/classifier_head.hpp"

#include <ATen/ATen.h>

namespace tardigrad {
namespace {

/// Rows of `a` times rows of `b`, by broadcasting: for ten classes and a small batch that is several times as
/// fast as Debian's BLAS, and gives the same bytes whichever BLAS is installed.
at::Tensor dot_products(const at::Tensor& a, const at::Tensor& b) { return (a.unsqueeze(1) * b).sum(2); }

}  // namespace

at::Tensor class_scores(const FullyConnected& layer, const at::Tensor& features) {
  return dot_products(features, layer.weight).add_(layer.bias);
}

HeadGradient head_gradient(const FullyConnected& layer, const at::Tensor& features, const at::Tensor& labels,
                           FullyConnected gradient) {
  const at::Tensor log_share = at::log_softmax(class_scores(layer, features), 1);
  const at::Tensor column = labels.unsqueeze(1);
  const at::Tensor of_label = log_share.gather(1, column);
  HeadGradient result;
  result.loss = -of_label.mean().item<double>();
  // d loss / d scores = (softmax - one hot) / samples
  result.scores = log_share.exp();
  result.scores.scatter_(1, column, of_label.expm1()).div_(static_cast<double>(features.size(0)));
  at::sum_out(gradient.weight, result.scores.unsqueeze(2) * features.unsqueeze(1), at::IntArrayRef{0});
  at::sum_out(gradient.bias, result.scores, at::IntArrayRef{0});
  return result;
}

at::Tensor features_gradient(const FullyConnected& layer, const at::Tensor& scores_gradient) {
  return (scores_gradient.unsqueeze(2) * layer.weight).sum(1);
}

}  // namespace tardigrad
