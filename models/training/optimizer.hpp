/// The rules by which a node's local steps follow their gradients: stochastic gradient descent with momentum and weight
/// decay as in torch.optim.SGD, or AdamW as in torch.optim.AdamW (Loshchilov and Hutter, ICLR 2019, algorithm 2). Both
/// after clipping as by torch.nn.utils.clip_grad_norm_.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/local_work.hpp"
#include "models/values.hpp"
#include "netem/base/kind.hpp"
#include "netem/base/state_archive.hpp"

namespace tardigrad {

struct OptimizerOptions {
  enum class Kind { sgd, adamw };

  double momentum = 0;      ///< sgd: in [0, 1)
  bool nesterov = false;    ///< sgd: only with momentum
  double weight_decay = 0;  ///< at least 0
  double clip_norm = 0;     ///< the highest L2 norm of a gradient; 0: any
  Kind kind = Kind::sgd;
  double beta1 = 0.9;     ///< adamw: in [0, 1)
  double beta2 = 0.999;   ///< adamw: in [0, 1)
  double epsilon = 1e-8;  ///< adamw: above 0

  /// The number of values that a node keeps for each parameter besides the model.
  int values_kept() const { return kind == Kind::adamw ? 2 : momentum > 0 ? 1 : 0; }
  /// True for plain gradient descent: no momentum, no weight decay, no clipping.
  bool is_plain() const { return kind == Kind::sgd && momentum == 0 && weight_decay == 0 && clip_norm == 0; }
};

/// How a scenario may name one.
const std::vector<NamedKind<OptimizerOptions>>& optimizer_kinds();

/// The optimizer of one node and its state between steps: with momentum one value for each parameter, with AdamW two.
class Optimizer {
 public:
  /// Works on the first `trained` parameters of a model, and leaves the others alone.
  explicit Optimizer(const OptimizerOptions& options, std::size_t trained = std::numeric_limits<std::size_t>::max())
      : options_(options), trained_(trained) {}

  /// One step on `model` in place; `gradient` has a value for each of the parameters. SGD:
  ///   g <- clip * gradient + weight_decay * model, clip = min(1, clip_norm / (|gradient| + 1e-6))
  ///   v <- momentum * v + g, in the first step v <- g
  ///   model <- model - learning_rate * v, with nesterov - learning_rate * (g + momentum * v)
  /// AdamW, in its step t from 1:
  ///   g <- clip * gradient, model <- model - learning_rate * weight_decay * model
  ///   m <- beta1 * m + (1 - beta1) * g, v <- beta2 * v + (1 - beta2) * g^2
  ///   model <- model - learning_rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
  void descend(Values& model, const float* gradient, double learning_rate);

  /// A step of a round of which something is asked: along `factor * (gradient + weight_decay * model) + offset` (with
  /// AdamW without the decay, which is no part of its gradient), which takes the place of `gradient`. Clipping,
  /// momentum and AdamW come after it. The offset has a value for each parameter.
  void descend(Values& model, float* gradient, double learning_rate, const LocalWork& work);

  void persist(StateArchive& archive) { archive(velocity_, squares_, steps_); }

 private:
  std::size_t size_of(const Values& model) const;
  void step(Values& model, const float* gradient, double learning_rate, double weight_decay);
  void step_adamw(Values& model, const float* gradient, double clip, double learning_rate);

  OptimizerOptions options_;
  std::size_t trained_;
  Values velocity_;          ///< empty before the first step; AdamW: the mean gradient
  Values squares_;           ///< AdamW: the mean squared gradient
  std::uint64_t steps_ = 0;  ///< AdamW: so far
};

}  // namespace tardigrad
