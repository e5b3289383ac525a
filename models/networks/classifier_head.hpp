/// The end of a classifier: a fully connected layer from features to class scores, and softmax cross
/// entropy, its mean over the batch being the loss.
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
  at::Tensor scores;  ///< of the loss by the class scores, samples x classes
};

/// Loss and its gradient by the class scores. Writes that by the layer's tensors into `gradient`.
HeadGradient head_gradient(const FullyConnected& layer, const at::Tensor& features, const at::Tensor& labels,
                           FullyConnected gradient);

/// The gradient by the features, from that by the class scores.
at::Tensor features_gradient(const FullyConnected& layer, const at::Tensor& scores_gradient);

}  // namespace tardigrad
