#include "models/training/sgd.hpp"

#include <algorithm>
#include <cstddef>

namespace tardigrad {
namespace {

struct Factors {
  float momentum;
  float weight_decay;
  float learning_rate;
};

void decay(float* __restrict model, const float* __restrict gradient, std::size_t size, Factors by) {
  for (std::size_t p = 0; p < size; ++p) {
    model[p] -= by.learning_rate * (gradient[p] + by.weight_decay * model[p]);
  }
}

/// `nesterov` is a template parameter because a branch in the loop would prevent vectorisation.
template <bool nesterov>
void move(float* __restrict model, float* __restrict velocity, const float* __restrict gradient, std::size_t size,
          Factors by) {
  for (std::size_t p = 0; p < size; ++p) {
    const float decayed = gradient[p] + by.weight_decay * model[p];
    const float fast = by.momentum * velocity[p] + decayed;
    velocity[p] = fast;
    model[p] -= by.learning_rate * (nesterov ? decayed + by.momentum * fast : fast);
  }
}

}  // namespace

void Sgd::descend(Values& model, const float* gradient, double learning_rate) {
  const Factors by{static_cast<float>(options_.momentum), static_cast<float>(options_.weight_decay),
                   static_cast<float>(learning_rate)};
  const std::size_t size = std::min(model.size(), trained_);
  if (options_.momentum == 0) return decay(model.data(), gradient, size, by);
  // From rest the first step gives v = g.
  if (velocity_.empty()) velocity_.assign(size, 0);
  const auto step = options_.nesterov ? move<true> : move<false>;
  step(model.data(), velocity_.data(), gradient, size, by);
}

}  // namespace tardigrad
