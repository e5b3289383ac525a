/// Stochastic gradient descent with momentum and weight decay as in torch.optim.SGD, after clipping as by
/// torch.nn.utils.clip_grad_norm_.
#pragma once

#include <cstddef>
#include <limits>

#include "models/values.hpp"
#include "netem/base/state_archive.hpp"

namespace tardigrad {

struct SgdOptions {
  double momentum = 0;      ///< in [0, 1)
  bool nesterov = false;    ///< only with momentum
  double weight_decay = 0;  ///< at least 0
  double clip_norm = 0;     ///< the highest L2 norm of a gradient; 0: any

  /// True for plain SGD: no momentum, no weight decay, no clipping.
  bool is_plain() const { return momentum == 0 && weight_decay == 0 && clip_norm == 0; }
};

/// The optimizer of one node and its state between steps: one value for each parameter with momentum, else
/// nothing.
class Sgd {
 public:
  /// Works on the first `trained` parameters of a model, and leaves the others alone.
  explicit Sgd(const SgdOptions& options, std::size_t trained = std::numeric_limits<std::size_t>::max())
      : options_(options), trained_(trained) {}

  /// One step on `model` in place; `gradient` has a value for each of the parameters:
  ///   g <- clip * gradient + weight_decay * model, clip = min(1, clip_norm / (|gradient| + 1e-6))
  ///   v <- momentum * v + g, in the first step v <- g
  ///   model <- model - learning_rate * v, with nesterov - learning_rate * (g + momentum * v)
  void descend(Values& model, const float* gradient, double learning_rate);

  void persist(StateArchive& archive) { archive(velocity_); }

 private:
  SgdOptions options_;
  std::size_t trained_;
  Values velocity_;  ///< empty before the first step
};

}  // namespace tardigrad
