#include "models/networks/on_kernels/kernel_network.hpp"

#include <ATen/ATen.h>

namespace tardigrad {

KernelNetwork::KernelNetwork(const std::vector<InitialTensor>& tensors, std::int64_t classes, Reads reads,
                             std::int64_t predictions)
    : Network(tensors), kernels_(tardigrad::kernels()), classes_(classes), predictions_(predictions), reads_(reads) {}

KernelNetwork::Batch KernelNetwork::read(const at::Tensor& inputs) {
  Batch batch;
  batch.samples = inputs.size(0);
  if (inputs.scalar_type() == at::kLong) {
    inputs_ = inputs.contiguous();
    batch.tokens = inputs_.data_ptr<std::int64_t>();
    return batch;
  }
  inputs_ = reads_ == Reads::pixels ? inputs.contiguous(at::MemoryFormat::ChannelsLast) : inputs.contiguous();
  batch.numbers = inputs_.data_ptr<float>();
  return batch;
}

double KernelNetwork::compute_loss_and_gradient(const Minibatch& minibatch) {
  const Batch batch = read(minibatch.inputs);
  const std::ptrdiff_t rows = batch.samples * predictions_;
  float* scores = scores_.at_least(rows * classes_);
  float* gradient = score_gradient_.at_least(rows * classes_);
  score(batch, true, scores);
  const at::Tensor labels = targets(minibatch);
  const double loss = kernels_.cross_entropy(rows, classes_, scores, labels.data_ptr<std::int64_t>(), gradient);
  backward(batch, gradient);
  return loss;
}

at::Tensor KernelNetwork::compute_logits(const at::Tensor& inputs) {
  const Batch batch = read(inputs);
  const at::Tensor scores = at::empty({inputs.size(0) * predictions_, classes_}, at::kFloat);
  score(batch, false, scores.data_ptr<float>());
  return scores;
}

}  // namespace tardigrad
