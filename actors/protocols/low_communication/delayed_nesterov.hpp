/// A server's step on differences that arrive one by one: delayed Nesterov (Liu, Chhaparia, Douillard, Kale, Rusu,
/// Shen, Szlam, Ranzato: "Asynchronous Local-SGD Training for Language Modeling", 2024, arXiv 2401.09135).
///
/// A difference g is the model that a worker was sent minus what its local steps made of it. The momentum m takes in
/// the sum of N differences at once; until then each moves the model by itself. With D = 0 and m = 0 at first, for
/// each arrival:
///
///     D <- D + g
///     not the N-th:   theta <- theta - epsilon (c beta m + g / N)
///     the N-th:       m <- beta m + D / N,   theta <- theta - epsilon ((1 - c N + c) beta m + g / N),   D <- 0
///
/// Buffered (c = 0), the model rests until the N-th, which then moves it by all of them:
/// theta <- theta - epsilon (beta m + D / N). After every N-th arrival both are the same, if the differences are.
#pragma once

#include <cstdint>

#include "models/values.hpp"
#include "netem/base/state_archive.hpp"

namespace tardigrad {

class DelayedNesterov {
 public:
  struct Settings {
    double learning_rate = 0.07;  ///< epsilon
    double momentum = 0.9;        ///< beta, in [0, 1)
    std::uint32_t delay = 1;      ///< N, at least 1; counts arrivals, not workers
    double activation = 0;        ///< c, in [0, 1 / N]; 0 if buffered
    bool buffered = false;
  };

  DelayedNesterov(const Settings& settings, SharedValues initial);

  /// Takes in `weight` times a difference of the model's size.
  void take(const Values& difference, float weight = 1);

  /// Goes on from another model of the same size.
  void replace(SharedValues model) { model_ = std::move(model); }

  const SharedValues& model() const { return model_; }
  const Values& momentum() const { return momentum_; }
  /// The sum of the differences since the last step of the momentum.
  const Values& collected() const { return collected_; }
  /// The number of times that the model has moved.
  std::uint64_t updates() const { return updates_; }

  void persist(StateArchive& archive) { archive(model_, momentum_, collected_, in_hand_, updates_); }

 private:
  Settings settings_;
  SharedValues model_;
  Values momentum_;
  Values collected_;
  std::uint32_t in_hand_ = 0;  ///< differences since the last step of the momentum
  std::uint64_t updates_ = 0;
};

}  // namespace tardigrad
