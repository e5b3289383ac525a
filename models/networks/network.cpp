#include "models/networks/network.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <stdexcept>

#include "models/kernels/kernels.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

at::Tensor flat_view(float* values, std::int64_t size) { return at::from_blob(values, {size}, at::kFloat); }

/// Views of the first tensors of `flat`, as many as it has room for.
std::vector<at::Tensor> views(const at::Tensor& flat, const ParameterLayout& layout) {
  std::vector<at::Tensor> result;
  result.reserve(layout.tensors.size());
  std::int64_t offset = 0;
  for (const ParameterTensor& tensor : layout.tensors) {
    if (offset + tensor.numel() > flat.numel()) break;
    result.push_back(flat.narrow(0, offset, tensor.numel()).view(tensor.shape));
    offset += tensor.numel();
  }
  return result;
}

float initial_value(const InitialTensor& initial, RandomStream& stream) {
  if (initial.deviation > 0) return static_cast<float>(initial.deviation * stream.normal());
  if (initial.fan_in == 0) return initial.constant;
  const double bound = 1 / std::sqrt(static_cast<double>(initial.fan_in));
  return static_cast<float>(bound * (2 * stream.uniform() - 1));
}

}  // namespace

Network::Network(const std::vector<InitialTensor>& tensors) : initial_(tensors) {
  for (const InitialTensor& initial : tensors) layout_.tensors.push_back(initial.tensor);
  gradient_ = at::zeros({layout_.trained_numel()}, at::kFloat);
  gradients_ = views(gradient_, layout_);
}

Values Network::initial_model(std::uint64_t seed) const {
  RandomStream stream(seed, Purpose::initial_model);
  Values values;
  values.reserve(static_cast<std::size_t>(layout_.numel()));
  for (const InitialTensor& initial : initial_) {
    for (std::int64_t i = 0; i < initial.tensor.numel(); ++i) values.push_back(initial_value(initial, stream));
  }
  return values;
}

void Network::bind(Values& model) {
  if (static_cast<std::int64_t>(model.size()) != layout_.numel()) {
    throw std::invalid_argument("a model must have the size of its layout");
  }
  parameters_ = views(flat_view(model.data(), layout_.numel()), layout_);
}

/// LibTorch has no tensor of constants; nothing writes through these views.
void Network::bind(const Values& model) { bind(const_cast<Values&>(model)); }

double Network::loss_and_gradient(const Minibatch& batch) {
  const c10::InferenceMode no_autograd;
  return compute_loss_and_gradient(batch);
}

void Network::descend(Values& model, double learning_rate) const {
  kernels().descend(gradient_.numel(), static_cast<float>(learning_rate), gradient_.data_ptr<float>(), model.data());
}

at::Tensor Network::logits(const at::Tensor& inputs) {
  const c10::InferenceMode no_autograd;
  return compute_logits(inputs);
}

}  // namespace tardigrad
