#include "models/training/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace tardigrad {
namespace {

struct Factors {
  float clip;
  float momentum;
  float weight_decay;
  float learning_rate;
};

/// At most 1. The sum has as many terms as the model has parameters, hence double precision.
double clip_factor(const float* gradient, std::size_t size, double highest_norm) {
  if (highest_norm == 0) return 1;
  double squares = 0;
  for (std::size_t p = 0; p < size; ++p) squares += double{gradient[p]} * double{gradient[p]};
  return std::min(1., highest_norm / (std::sqrt(squares) + 1e-6));
}

void decay(float* __restrict model, const float* __restrict gradient, std::size_t size, Factors by) {
  for (std::size_t p = 0; p < size; ++p) {
    model[p] -= by.learning_rate * (by.clip * gradient[p] + by.weight_decay * model[p]);
  }
}

/// `nesterov` is a template parameter because a branch in the loop would prevent vectorisation.
template <bool nesterov>
void move(float* __restrict model, float* __restrict velocity, const float* __restrict gradient, std::size_t size,
          Factors by) {
  for (std::size_t p = 0; p < size; ++p) {
    const float decayed = by.clip * gradient[p] + by.weight_decay * model[p];
    const float fast = by.momentum * velocity[p] + decayed;
    velocity[p] = fast;
    model[p] -= by.learning_rate * (nesterov ? decayed + by.momentum * fast : fast);
  }
}

}  // namespace

std::size_t Optimizer::size_of(const Values& model) const { return std::min(model.size(), trained_); }

void Optimizer::descend(Values& model, const float* gradient, double learning_rate) {
  step(model, gradient, learning_rate, options_.weight_decay);
}

void Optimizer::descend(Values& model, float* gradient, double learning_rate, const LocalWork& work) {
  if (work.is_usual()) return descend(model, gradient, learning_rate);
  const bool decays_gradient = options_.kind == OptimizerOptions::Kind::sgd;
  const float decay = decays_gradient ? static_cast<float>(options_.weight_decay) : 0;
  const std::size_t size = size_of(model);
  for (std::size_t p = 0; p < size; ++p) gradient[p] = work.factor * (gradient[p] + decay * model[p]);
  if (work.offset) {
    for (std::size_t p = 0; p < size; ++p) gradient[p] += (*work.offset)[p];
  }
  step(model, gradient, learning_rate, decays_gradient ? 0 : options_.weight_decay);
}

void Optimizer::step(Values& model, const float* gradient, double learning_rate, double weight_decay) {
  const std::size_t size = size_of(model);
  const double clip = clip_factor(gradient, size, options_.clip_norm);
  if (options_.kind == OptimizerOptions::Kind::adamw) return step_adamw(model, gradient, clip, learning_rate);
  const Factors by{static_cast<float>(clip), static_cast<float>(options_.momentum), static_cast<float>(weight_decay),
                   static_cast<float>(learning_rate)};
  if (options_.momentum == 0) return decay(model.data(), gradient, size, by);
  // From rest the first step gives v = g.
  if (velocity_.empty()) velocity_.assign(size, 0);
  const auto step = options_.nesterov ? move<true> : move<false>;
  step(model.data(), velocity_.data(), gradient, size, by);
}

void Optimizer::step_adamw(Values& model, const float* gradient, double clip, double learning_rate) {
  const std::size_t size = size_of(model);
  if (velocity_.empty()) velocity_.assign(size, 0), squares_.assign(size, 0);
  ++steps_;
  const auto t = static_cast<double>(steps_);
  const auto kept = static_cast<float>(1 - learning_rate * options_.weight_decay);
  const auto beta1 = static_cast<float>(options_.beta1), beta2 = static_cast<float>(options_.beta2);
  const auto rate = static_cast<float>(learning_rate / (1 - std::pow(options_.beta1, t)));
  const auto scale = static_cast<float>(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
  const auto epsilon = static_cast<float>(options_.epsilon), share = static_cast<float>(clip);
  for (std::size_t p = 0; p < size; ++p) {
    const float g = share * gradient[p];
    velocity_[p] = beta1 * velocity_[p] + (1 - beta1) * g;
    squares_[p] = beta2 * squares_[p] + (1 - beta2) * g * g;
    model[p] = kept * model[p] - rate * velocity_[p] / (std::sqrt(squares_[p]) * scale + epsilon);
  }
}

const std::vector<NamedKind<OptimizerOptions>>& optimizer_kinds() {
  using Option = KindOption<OptimizerOptions>;
  using Kind = OptimizerOptions::Kind;
  // With 1 a mean would never move.
  constexpr double kMostBeta = 0.999999;
  static const std::vector<NamedKind<OptimizerOptions>> kinds = {
      {"sgd", Kind::sgd, "stochastic gradient descent, with momentum and weight decay if there are any"},
      {"adamw",
       Kind::adamw,
       "steps by mean gradient over root mean square, with decoupled weight decay",
       {Option("beta1", &OptimizerOptions::beta1, "share kept of the mean gradient").within(0, kMostBeta),
        Option("beta2", &OptimizerOptions::beta2, "share kept of the mean square").within(0, kMostBeta),
        Option("epsilon", &OptimizerOptions::epsilon, "added to the root").above(0, 1)}},
  };
  return kinds;
}

}  // namespace tardigrad
