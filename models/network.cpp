#include "models/network.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>
#include <stdexcept>

#include "models/gn_lenet.hpp"
#include "models/logistic_regression.hpp"
#include "netem/random_stream.hpp"

namespace tardigrad {
namespace {

at::Tensor flat_view(float* values, std::size_t size) {
  return at::from_blob(values, {static_cast<std::int64_t>(size)}, at::kFloat);
}

/// LibTorch has no tensor of constants; nothing here writes through this one.
at::Tensor read_only_view(const Values& values) { return flat_view(const_cast<float*>(values.data()), values.size()); }

}  // namespace

Network::Network(const std::vector<InitialTensor>& tensors) : initial_(tensors) {
  for (const InitialTensor& initial : tensors) layout_.tensors.push_back(initial.tensor);
  gradient_ = at::zeros({layout_.numel()}, at::kFloat);
  gradients_ = views(gradient_);
}

Values Network::initial_model(std::uint64_t seed) const {
  RandomStream stream(seed, Purpose::initial_model);
  Values values;
  values.reserve(static_cast<std::size_t>(layout_.numel()));
  for (const InitialTensor& initial : initial_) {
    const bool drawn = initial.fan_in > 0;
    const double bound = drawn ? 1 / std::sqrt(static_cast<double>(initial.fan_in)) : 0;
    for (std::int64_t i = 0; i < initial.tensor.numel(); ++i) {
      values.push_back(drawn ? static_cast<float>(bound * (2 * stream.uniform() - 1)) : initial.constant);
    }
  }
  return values;
}

void Network::bind(const Values& model) {
  if (static_cast<std::int64_t>(model.size()) != layout_.numel()) {
    throw std::invalid_argument("a model must have the size of its layout");
  }
  const c10::InferenceMode no_autograd;
  parameters_ = views(read_only_view(model));
}

double Network::loss_and_gradient(const Minibatch& batch) {
  const c10::InferenceMode no_autograd;
  return compute_loss_and_gradient(batch);
}

void Network::descend(Values& model, double learning_rate) const {
  const c10::InferenceMode no_autograd;
  flat_view(model.data(), model.size()).sub_(gradient_, learning_rate);
}

at::Tensor Network::logits(const at::Tensor& inputs) {
  const c10::InferenceMode no_autograd;
  return compute_logits(inputs);
}

std::vector<at::Tensor> Network::views(const at::Tensor& flat) const {
  std::vector<at::Tensor> result;
  result.reserve(layout_.tensors.size());
  std::int64_t offset = 0;
  for (const ParameterTensor& tensor : layout_.tensors) {
    result.push_back(flat.narrow(0, offset, tensor.numel()).view(tensor.shape));
    offset += tensor.numel();
  }
  return result;
}

std::unique_ptr<Network> make_network(const std::string& kind, const ImageShape& input) {
  if (kind == "gn-lenet") return std::make_unique<GnLeNet>(input);
  if (kind == "logistic-regression") return std::make_unique<LogisticRegression>(input);
  throw std::invalid_argument("no network of kind " + kind);
}

}  // namespace tardigrad
