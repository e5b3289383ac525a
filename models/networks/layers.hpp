/// Layers of networks that LibTorch differentiates. A network declares its layers' tensors in the order in
/// which its forward pass uses them.
#pragma once

#include <ATen/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/networks/network.hpp"

namespace tardigrad {

/// The tensors of a network, layer by layer. Unless stated otherwise they start as in PyTorch: uniform in +- 1
/// / sqrt(fan-in).
class LayerTensors {
 public:
  /// Adds `name`.weight (out, in, row, column) and `name`.bias.
  void add_convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel);
  /// Adds a convolution without a bias, from a normal distribution of variance 2 / fan-in (He et al., ICCV
  /// 2015, eq. 10).
  void add_he_convolution(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel);
  /// Adds `name`.weight (out, in) and `name`.bias.
  void add_fully_connected(const std::string& name, std::int64_t in, std::int64_t out);
  /// Adds `name`.weight of ones and `name`.bias of zeros; with batch normalisation also `name`.running_mean and
  /// `name`.running_var, behind all other tensors.
  void add_normalisation(const std::string& name, std::int64_t channels, const ModelSpec& spec);
  /// Adds `name`.weight_ih (4 units x in), `name`.weight_hh (4 units x units), `name`.bias_ih and
  /// `name`.bias_hh, all of them uniform in +- 1 / sqrt(units).
  void add_lstm(const std::string& name, std::int64_t in, std::int64_t units);
  void add(InitialTensor tensor) { tensors_.push_back(std::move(tensor)); }

  std::vector<InitialTensor> take();

 private:
  std::vector<InitialTensor> tensors_;
  std::vector<InitialTensor> statistics_;
};

/// The position of a forward pass among its network's tensors.
class LayerWalk {
 public:
  /// `tensors` outlive the walk; from `statistics` on they are the layers' statistics.
  LayerWalk(const std::vector<at::Tensor>& tensors, std::size_t statistics)
      : parameter_(tensors.data()), statistics_(tensors.data() + statistics) {}

  const at::Tensor& next() { return *parameter_++; }

  /// Zero padding keeps the size (at stride 1).
  at::Tensor convolution(const at::Tensor& images);
  at::Tensor he_convolution(const at::Tensor& images, std::int64_t stride);
  /// samples x features.
  at::Tensor fully_connected(const at::Tensor& features);
  /// Normalises by groups of channels (Wu and He, ECCV 2018; epsilon 1e-5), or over the batch (Ioffe and
  /// Szegedy, ICML 2015; as torch.nn.BatchNorm2d, momentum 0.1): with the batch's own statistics while
  /// training, else with the running ones.
  at::Tensor normalisation(const at::Tensor& images, const ModelSpec& spec, bool training);

  /// From samples x steps x numbers to the states, samples x steps x units; the first state is zero.
  at::Tensor lstm(const at::Tensor& sequence);

 private:
  const at::Tensor* parameter_;
  const at::Tensor* statistics_;
};

}  // namespace tardigrad
