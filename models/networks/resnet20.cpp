#include "models/networks/resnet20.hpp"

#include <ATen/ATen.h>

#include <array>

namespace tardigrad {
namespace {

constexpr std::array<std::int64_t, 3> kStages = {16, 32, 64};
constexpr int kBlocksPerStage = 3;

/// 2 in the first block of every stage but the first.
std::int64_t stride_of(std::size_t stage, int block) { return stage > 0 && block == 0 ? 2 : 1; }

std::vector<InitialTensor> initial_tensors(const ModelSpec& spec, const Problem& problem) {
  LayerTensors tensors;
  tensors.add_he_convolution("conv", problem.input[0], kStages.front(), 3);
  tensors.add_normalisation("norm", kStages.front(), spec);
  std::int64_t in = kStages.front();
  int number = 0;
  for (const std::int64_t channels : kStages) {
    for (int block = 0; block < kBlocksPerStage; ++block) {
      const std::string name = "block" + std::to_string(++number);
      for (const char* layer : {"1", "2"}) {
        tensors.add_he_convolution(name + ".conv" + layer, in, channels, 3);
        tensors.add_normalisation(name + ".norm" + layer, channels, spec);
        in = channels;
      }
    }
  }
  tensors.add_fully_connected("fc", kStages.back(), problem.classes);
  return tensors.take();
}

/// The paper's shortcut A.
at::Tensor shortcut(const at::Tensor& images, const at::Tensor& residual) {
  const std::int64_t new_channels = residual.size(1) - images.size(1);
  if (new_channels == 0) return images;
  const at::Tensor pixels = images.slice(2, 0, c10::nullopt, 2).slice(3, 0, c10::nullopt, 2);
  return at::constant_pad_nd(pixels, {0, 0, 0, 0, new_channels / 2, new_channels - new_channels / 2});
}

}  // namespace

ResNet20::ResNet20(const ModelSpec& spec, const Problem& problem)
    : AutogradNetwork(initial_tensors(spec, problem)), spec_(spec) {}

at::Tensor ResNet20::forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const {
  const auto convolved = [&](const at::Tensor& images, std::int64_t stride) {
    return tensors.normalisation(tensors.he_convolution(images, stride), spec_, training);
  };
  at::Tensor images = convolved(inputs, 1).relu();
  for (std::size_t stage = 0; stage < kStages.size(); ++stage) {
    for (int block = 0; block < kBlocksPerStage; ++block) {
      const at::Tensor inner = convolved(images, stride_of(stage, block)).relu();
      const at::Tensor residual = convolved(inner, 1);
      images = (residual + shortcut(images, residual)).relu();
    }
  }
  return tensors.fully_connected(images.mean({2, 3}));
}

}  // namespace tardigrad
