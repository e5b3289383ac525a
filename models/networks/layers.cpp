#include "models/networks/layers.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <utility>

namespace tardigrad {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

/// LibTorch gives 1x1 convolutions of fewer samples to the installed BLAS.
constexpr std::int64_t kFewestSamples = 16;

/// Uses LibTorch's convolution, which does not depend on the installed BLAS, and is faster than Debian's usual
/// one.
at::Tensor product(const at::Tensor& features, const at::Tensor& weight, const at::Tensor& bias) {
  const std::int64_t samples = features.size(0);
  if (samples < kFewestSamples) {
    const at::Tensor filled = at::constant_pad_nd(features, {0, 0, 0, kFewestSamples - samples});
    return product(filled, weight, bias).narrow(0, 0, samples);
  }
  const at::Tensor points = features.unsqueeze(2).unsqueeze(3);
  return at::conv2d(points, weight.unsqueeze(2).unsqueeze(3), bias).flatten(1);
}

std::int64_t same_padding(const at::Tensor& weight) { return weight.size(2) / 2; }

}  // namespace

void LayerTensors::add_convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
  const std::int64_t fan_in = in * kernel * kernel;
  add({{name + ".weight", {out, in, kernel, kernel}}, fan_in});
  add({{name + ".bias", {out}}, fan_in});
}

void LayerTensors::add_he_convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(in * kernel * kernel));
  add({{name + ".weight", {out, in, kernel, kernel}}, 0, 0, deviation});
}

void LayerTensors::add_fully_connected(const std::string& name, std::int64_t in, std::int64_t out) {
  add({{name + ".weight", {out, in}}, in});
  add({{name + ".bias", {out}}, in});
}

void LayerTensors::add_normalisation(const std::string& name, std::int64_t channels, const ModelSpec& spec) {
  add({{name + ".weight", {channels}}, 0, 1});
  add({{name + ".bias", {channels}}, 0, 0});
  if (spec.norm != "batch") return;
  const bool shared = spec.statistics == "averaged";
  statistics_.push_back({{name + ".running_mean", {channels}, false, shared}, 0, 0});
  statistics_.push_back({{name + ".running_var", {channels}, false, shared}, 0, 1});
}

void LayerTensors::add_lstm(const std::string& name, std::int64_t in, std::int64_t units) {
  add({{name + ".weight_ih", {4 * units, in}}, units});
  add({{name + ".weight_hh", {4 * units, units}}, units});
  add({{name + ".bias_ih", {4 * units}}, units});
  add({{name + ".bias_hh", {4 * units}}, units});
}

std::vector<InitialTensor> LayerTensors::take() {
  for (InitialTensor& statistic : statistics_) add(std::move(statistic));
  statistics_.clear();
  return std::exchange(tensors_, {});
}

at::Tensor LayerWalk::convolution(const at::Tensor& images) {
  const at::Tensor& weight = next();
  return at::conv2d(images, weight, next(), 1, same_padding(weight));
}

at::Tensor LayerWalk::he_convolution(const at::Tensor& images, std::int64_t stride) {
  const at::Tensor& weight = next();
  return at::conv2d(images, weight, {}, stride, same_padding(weight));
}

at::Tensor LayerWalk::fully_connected(const at::Tensor& features) {
  const at::Tensor& weight = next();
  return product(features, weight, next());
}

at::Tensor LayerWalk::normalisation(const at::Tensor& images, const ModelSpec& spec, bool training) {
  const at::Tensor& weight = next();
  const at::Tensor& bias = next();
  if (spec.norm != "batch") return at::group_norm(images, spec.groups, weight, bias, kEpsilon);
  const at::Tensor& mean = *statistics_++;
  const at::Tensor& variance = *statistics_++;
  return at::batch_norm(images, weight, bias, mean, variance, training, kMomentum, kEpsilon, false);
}

at::Tensor LayerWalk::lstm(const at::Tensor& sequence) {
  const at::Tensor& input_weight = next();
  const at::Tensor& state_weight = next();
  const at::Tensor& input_bias = next();
  const at::Tensor& state_bias = next();
  const std::int64_t samples = sequence.size(0), steps = sequence.size(1), units = state_weight.size(1);
  // The inputs' part of the gates does not depend on the states.
  const at::Tensor of_inputs =
      product(sequence.flatten(0, 1), input_weight, input_bias).view({samples, steps, 4 * units});
  at::Tensor state = at::zeros({samples, units});
  at::Tensor cell = state;
  std::vector<at::Tensor> states;
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto gates = (of_inputs.select(1, step) + product(state, state_weight, state_bias)).chunk(4, 1);
    cell = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
    state = gates[3].sigmoid() * cell.tanh();
    states.push_back(state);
  }
  return at::stack(states, 1);
}

}  // namespace tardigrad
