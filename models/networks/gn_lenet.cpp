#include "models/networks/gn_lenet.hpp"

#include <ATen/ATen.h>

#include <tuple>

#include "models/networks/classifier_head.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kKernel = 5;
constexpr std::int64_t kGroups = 2;
constexpr double kEpsilon = 1e-5;
constexpr std::array<std::int64_t, 3> kChannels = {32, 32, 64};

/// Indices of a block's tensors; those of block b begin at 4 b, those of the last layer follow.
enum : std::size_t { kWeight = 0, kBias = 1, kScale = 2, kShift = 3, kTensorsPerBlock = 4 };
constexpr std::size_t kLastWeight = 3 * kTensorsPerBlock;
constexpr std::size_t kLastBias = kLastWeight + 1;

std::vector<InitialTensor> initial_tensors(const ImageShape& input, std::int64_t classes) {
  std::vector<InitialTensor> tensors;
  auto in = static_cast<std::int64_t>(input.channels);
  for (std::size_t b = 0; b < kChannels.size(); ++b) {
    const std::string number = std::to_string(b + 1);
    const std::int64_t out = kChannels[b];
    const std::int64_t fan_in = in * kKernel * kKernel;
    tensors.push_back({{"conv" + number + ".weight", {out, in, kKernel, kKernel}}, fan_in});
    tensors.push_back({{"conv" + number + ".bias", {out}}, fan_in});
    tensors.push_back({{"gn" + number + ".scale", {out}}, 0, 1});
    tensors.push_back({{"gn" + number + ".shift", {out}}, 0, 0});
    in = out;
  }
  const auto features = in * static_cast<std::int64_t>((input.height / 8) * (input.width / 8));
  tensors.push_back({{"fc.weight", {classes, features}}, features});
  tensors.push_back({{"fc.bias", {classes}}, features});
  return tensors;
}

/// With one channel both memory formats have the same bytes; the strides must state which is meant.
at::Tensor channels_first(const at::Tensor& images) { return images.reshape({-1}).view(images.sizes()); }

std::int64_t pixels(const at::Tensor& images) { return images.size(2) * images.size(3); }

}  // namespace

GnLeNet::GnLeNet(const ImageShape& input, std::int64_t classes) : Network(initial_tensors(input, classes)) {}

at::Tensor GnLeNet::forward(std::size_t block, const at::Tensor& input, Block& trace) const {
  const std::size_t first = block * kTensorsPerBlock;
  trace.input = input;
  trace.convolved = at::convolution(input, parameter(first + kWeight), parameter(first + kBias), {1, 1}, {2, 2}, {1, 1},
                                    false, {0, 0}, 1);
  at::Tensor normalised;
  std::tie(normalised, trace.mean, trace.inverse_deviation) =
      at::native_group_norm(trace.convolved, parameter(first + kScale), parameter(first + kShift), input.size(0),
                            kChannels[block], pixels(trace.convolved), kGroups, kEpsilon);
  // ReLU and the maximum commute: a quarter of the work this way round.
  std::tie(trace.output, trace.winners) = at::max_pool2d_with_indices(normalised, {2, 2}, {2, 2});
  return trace.output.relu_();
}

at::Tensor GnLeNet::backward(std::size_t block, const at::Tensor& output_gradient, const Block& trace) const {
  const std::size_t first = block * kTensorsPerBlock;
  const at::Tensor convolved = channels_first(trace.convolved);
  at::Tensor gradient = at::threshold_backward(output_gradient, channels_first(trace.output), 0);
  gradient = at::max_pool2d_with_indices_backward(gradient, convolved, {2, 2}, {2, 2}, {0, 0}, {1, 1}, false,
                                                  channels_first(trace.winners));
  at::Tensor scale, shift;
  std::tie(gradient, scale, shift) = at::native_group_norm_backward(
      gradient, convolved, trace.mean, trace.inverse_deviation, parameter(first + kScale), convolved.size(0),
      kChannels[block], pixels(convolved), kGroups, {true, true, true});
  const at::IntArrayRef bias_sizes = parameter(first + kBias).sizes();
  at::Tensor input, weight, bias;
  std::tie(input, weight, bias) = at::convolution_backward(
      gradient, channels_first(trace.input), parameter(first + kWeight), at::OptionalIntArrayRef(bias_sizes), {1, 1},
      {2, 2}, {1, 1}, false, {0, 0}, 1, {block > 0, true, true});
  gradient_of(first + kWeight).copy_(weight);
  gradient_of(first + kBias).copy_(bias);
  gradient_of(first + kScale).copy_(scale);
  gradient_of(first + kShift).copy_(shift);
  return input;
}

double GnLeNet::compute_loss_and_gradient(const Minibatch& batch) {
  std::array<Block, kBlocks> trace;
  at::Tensor images = batch.inputs;
  for (std::size_t b = 0; b < kBlocks; ++b) images = forward(b, images, trace[b]);
  const FullyConnected last{parameter(kLastWeight), parameter(kLastBias)};
  const HeadGradient head =
      head_gradient(last, images.flatten(1), batch.labels, {gradient_of(kLastWeight), gradient_of(kLastBias)});
  at::Tensor gradient = features_gradient(last, head.scores).view(images.sizes());
  for (std::size_t b = kBlocks; b-- > 0;) gradient = backward(b, gradient, trace[b]);
  return head.loss;
}

at::Tensor GnLeNet::compute_logits(const at::Tensor& inputs) {
  at::Tensor images = inputs;
  Block unused;
  for (std::size_t b = 0; b < kBlocks; ++b) images = forward(b, images, unused);
  return class_scores({parameter(kLastWeight), parameter(kLastBias)}, images.flatten(1));
}

}  // namespace tardigrad
