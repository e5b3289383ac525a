/// A network that computes with the kernels, apart from LibTorch.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

class KernelNetwork : public Network {
 protected:
  /// How a network reads what is no text.
  enum class Reads {
    features,  ///< numbers in the order of the input's sizes
    pixels     ///< pictures with the channels last
  };

  /// The inputs of some samples: numbers, or tokens of a text.
  struct Batch {
    std::ptrdiff_t samples = 0;
    const float* numbers = nullptr;
    const std::int64_t* tokens = nullptr;
  };

  /// `predictions`: rows of scores for each sample.
  KernelNetwork(const std::vector<InitialTensor>& tensors, std::int64_t classes, Reads reads,
                std::int64_t predictions = 1);

  const Kernels& kernels() const { return kernels_; }
  std::ptrdiff_t classes() const { return classes_; }
  const float* weights_of(std::size_t tensor) const { return parameter(tensor).data_ptr<float>(); }
  /// Of a tensor that is not trained: a statistic.
  float* statistic(std::size_t tensor) const { return parameter(tensor).data_ptr<float>(); }
  float* gradient_at(std::size_t tensor) const { return gradient_of(tensor).data_ptr<float>(); }

 private:
  /// Writes (samples predictions) x classes. `trains`: true if `backward` follows.
  virtual void score(const Batch& batch, bool trains, float* scores) = 0;
  /// Writes the gradients of all trained tensors, from that by the scores.
  virtual void backward(const Batch& batch, const float* score_gradient) = 0;

  double compute_loss_and_gradient(const Minibatch& batch) final;
  at::Tensor compute_logits(const at::Tensor& inputs) final;
  /// Valid until the next call.
  Batch read(const at::Tensor& inputs);

  const Kernels& kernels_;
  std::ptrdiff_t classes_, predictions_;
  Reads reads_;
  at::Tensor inputs_;
  Floats scores_, score_gradient_;
};

}  // namespace tardigrad
