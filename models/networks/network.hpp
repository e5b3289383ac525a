/// A network that computes on the flat parameter vector of the node to which it is bound.
#pragma once

#include <ATen/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/data/samples.hpp"
#include "models/networks/model_spec.hpp"
#include "models/parameter_layout.hpp"
#include "models/training/minibatch.hpp"
#include "models/values.hpp"

namespace tardigrad {

/// One tensor and its initial distribution.
struct InitialTensor {
  ParameterTensor tensor;
  /// Uniform in +- 1 / sqrt(fan_in), or where fan_in is 0 the constant.
  std::int64_t fan_in = 0;
  float constant = 0;
  /// If above 0: normal with mean 0 and this standard deviation.
  double deviation = 0;
};

/// Belongs to one compute worker. A network owns its gradient, never its parameters: these are views into the
/// bound vector, as the gradient's tensors are into one flat buffer of the same order.
class Network {
 public:
  virtual ~Network() = default;

  const ParameterLayout& layout() const { return layout_; }
  const std::vector<InitialTensor>& initialisation() const { return initial_; }
  /// Drawn from the seed, in the order of the tensors.
  virtual Values initial_model(std::uint64_t seed) const;

  /// Uses the parameters in `model` from now on, which must outlive their use. Copies no parameter. Throws
  /// std::invalid_argument if the size is not the layout's.
  void bind(Values& model);
  /// Binds a model that must not change; call only logits() if the layout has untrained tensors.
  void bind(const Values& model);

  /// The classes of the rows of logits(): one for each sample, or for each place of a text that it predicts.
  virtual at::Tensor targets(const Minibatch& batch) const { return batch.labels; }

  /// Returns the mean softmax cross entropy over the batch's targets; its gradient replaces the content of
  /// `gradient()`. Writes the untrained tensors (statistics) of the bound model, and nothing else.
  double loss_and_gradient(const Minibatch& batch);
  /// The flat gradient of all trained tensors, in the layout's order.
  const at::Tensor& gradient() const { return gradient_; }
  /// A step of plain SGD on `model`: model -= learning_rate * gradient().
  void descend(Values& model, double learning_rate) const;

  /// True if the network cannot compute on batches of some sizes.
  virtual bool minds_batch_sizes() const { return layout_.numel() > layout_.trained_numel(); }

  /// Samples x classes, or targets x classes, from inputs as in `Minibatch`.
  at::Tensor logits(const at::Tensor& inputs);

 protected:
  /// Trained tensors come first, and shared ones before others.
  explicit Network(const std::vector<InitialTensor>& tensors);

  /// Views of the layout's tensor number `tensor`; the gradient exists for trained tensors only.
  const at::Tensor& parameter(std::size_t tensor) const { return parameters_[tensor]; }
  const at::Tensor& gradient_of(std::size_t tensor) const { return gradients_[tensor]; }

 private:
  /// LibTorch records nothing for automatic differentiation during this call.
  virtual double compute_loss_and_gradient(const Minibatch& batch) = 0;
  virtual at::Tensor compute_logits(const at::Tensor& inputs) = 0;

  std::vector<InitialTensor> initial_;
  ParameterLayout layout_;
  at::Tensor gradient_;
  std::vector<at::Tensor> gradients_;
  std::vector<at::Tensor> parameters_;
};

struct NetworkResult {
  std::unique_ptr<Network> network;
  std::string error;  ///< one clear sentence; empty on success
};

}  // namespace tardigrad
