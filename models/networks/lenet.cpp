#include "models/networks/lenet.hpp"

#include <ATen/ATen.h>

namespace tardigrad {
namespace {

constexpr std::int64_t kKernel = 5;
constexpr std::int64_t kFirst = 32;
constexpr std::int64_t kSecond = 64;
constexpr std::int64_t kHidden = 512;

std::vector<InitialTensor> initial_tensors(const Problem& problem) {
  LayerTensors tensors;
  tensors.add_convolution("conv1", problem.input[0], kFirst, kKernel);
  tensors.add_convolution("conv2", kFirst, kSecond, kKernel);
  tensors.add_fully_connected("fc1", kSecond * (problem.input[1] / 4) * (problem.input[2] / 4), kHidden);
  tensors.add_fully_connected("fc2", kHidden, problem.classes);
  return tensors.take();
}

}  // namespace

LeNet::LeNet(const ModelSpec&, const Problem& problem) : AutogradNetwork(initial_tensors(problem)) {}

at::Tensor LeNet::forward(LayerWalk tensors, const at::Tensor& inputs, bool) const {
  at::Tensor images = at::max_pool2d(tensors.convolution(inputs).relu(), 2);
  images = at::max_pool2d(tensors.convolution(images).relu(), 2);
  const at::Tensor features = tensors.fully_connected(images.flatten(1)).relu();
  return tensors.fully_connected(features);
}

}  // namespace tardigrad
