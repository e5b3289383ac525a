#include "models/training/sgd.hpp"

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

void Sgd::descend(Values& model, const float* gradient, double learning_rate) {
  const std::size_t size = std::min(model.size(), trained_);
  const Factors by{static_cast<float>(clip_factor(gradient, size, options_.clip_norm)),
                   static_cast<float>(options_.momentum), static_cast<float>(options_.weight_decay),
                   static_cast<float>(learning_rate)};
  if (options_.momentum == 0) return decay(model.data(), gradient, size, by);
  // From rest the first step gives v = g.
  if (velocity_.empty()) velocity_.assign(size, 0);
  const auto step = options_.nesterov ? move<true> : move<false>;
  step(model.data(), velocity_.data(), gradient, size, by);
}

}  // namespace tardigrad
