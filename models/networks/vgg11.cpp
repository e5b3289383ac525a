#include "models/networks/vgg11.hpp"

#include <ATen/ATen.h>

#include <array>

namespace tardigrad {
namespace {

struct Convolution {
  std::int64_t channels;
  bool then_pooled;
};
constexpr std::array<Convolution, 8> kConvolutions = {
    {{64, true}, {128, true}, {256, false}, {256, true}, {512, false}, {512, true}, {512, false}, {512, true}}};

std::vector<InitialTensor> initial_tensors(const ModelSpec& spec, const Problem& problem) {
  LayerTensors tensors;
  std::int64_t in = problem.input[0], height = problem.input[1], width = problem.input[2];
  for (std::size_t c = 0; c < kConvolutions.size(); ++c) {
    const std::string number = std::to_string(c + 1);
    tensors.add_convolution("conv" + number, in, kConvolutions[c].channels, 3);
    tensors.add_normalisation("norm" + number, kConvolutions[c].channels, spec);
    in = kConvolutions[c].channels;
    height /= kConvolutions[c].then_pooled ? 2 : 1;
    width /= kConvolutions[c].then_pooled ? 2 : 1;
  }
  tensors.add_fully_connected("fc", in * height * width, problem.classes);
  return tensors.take();
}

}  // namespace

Vgg11::Vgg11(const ModelSpec& spec, const Problem& problem)
    : AutogradNetwork(initial_tensors(spec, problem)), spec_(spec) {}

at::Tensor Vgg11::forward(LayerWalk tensors, const at::Tensor& inputs, bool training) const {
  at::Tensor images = inputs;
  for (const Convolution& convolution : kConvolutions) {
    images = tensors.normalisation(tensors.convolution(images), spec_, training).relu();
    if (convolution.then_pooled) images = at::max_pool2d(images, 2);
  }
  return tensors.fully_connected(images.flatten(1));
}

}  // namespace tardigrad
