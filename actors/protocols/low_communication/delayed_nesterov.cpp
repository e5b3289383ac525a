#include "actors/protocols/low_communication/delayed_nesterov.hpp"

#include <utility>

namespace tardigrad {

DelayedNesterov::DelayedNesterov(const Settings& settings, SharedValues initial)
    : settings_(settings),
      model_(std::move(initial)),
      momentum_(model_->size(), 0.0F),
      collected_(model_->size(), 0.0F) {}

void DelayedNesterov::take(const Values& difference, float weight) {
  const bool steps = ++in_hand_ >= settings_.delay;
  for (std::size_t p = 0; p < collected_.size(); ++p) collected_[p] += weight * difference[p];
  if (settings_.buffered && !steps) return;

  const auto rate = static_cast<float>(settings_.learning_rate);
  const auto beta = static_cast<float>(settings_.momentum);
  const auto share_of_one = 1 / static_cast<float>(settings_.delay);
  const double activation = steps ? 1 - settings_.activation * (settings_.delay - 1.0) : settings_.activation;
  const auto by_momentum = static_cast<float>(activation) * beta;
  Values moved = *model_;
  for (std::size_t p = 0; p < moved.size(); ++p) {
    if (steps) momentum_[p] = beta * momentum_[p] + collected_[p] * share_of_one;
    const float fresh = settings_.buffered ? collected_[p] : weight * difference[p];
    moved[p] -= rate * (by_momentum * momentum_[p] + fresh * share_of_one);
    if (steps) collected_[p] = 0;
  }
  if (steps) in_hand_ = 0;
  model_ = share(std::move(moved));
  ++updates_;
}

}  // namespace tardigrad
