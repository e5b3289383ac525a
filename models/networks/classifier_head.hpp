/// The end of a classifier: a fully connected layer from features to class scores, and softmax cross entropy.
/// The loss is its mean over the batch.
#pragma once

#include <ATen/Tensor.h>

namespace tardigrad {

struct FullyConnected {
  at::Tensor weight;  ///< classes x features
  at::Tensor bias;    ///< classes
};

/// features: samples x features.
at::Tensor class_scores(const FullyConnected& layer, const at::Tensor& features);

struct HeadGradient {
  double loss = 0;
  at::Tensor scores;  ///< gradient of the loss with respect to the class scores, samples x classes
};

/// Returns the loss and its gradient with respect to the class scores. Writes the gradient with respect to the
/// layer's tensors into `gradient`.
HeadGradient head_gradient(const FullyConnected& layer, const at::Tensor& features, const at::Tensor& labels,
                           FullyConnected gradient);

/// The gradient with respect to the features, from the gradient with respect to the class scores.
at::Tensor features_gradient(const FullyConnected& layer, const at::Tensor& scores_gradient);

}  // namespace tardigrad
