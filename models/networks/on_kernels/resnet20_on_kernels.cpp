#include "models/networks/on_kernels/resnet20_on_kernels.hpp"

#include <algorithm>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr Index kLanes = 16;
constexpr std::size_t kTensorsPerLayer = 3;  // weight, scale and shift
constexpr std::size_t kBlocksPerStage = 3;
constexpr Index kStages[] = {16, 32, 64};

/// The place of a channel of a pixel among those of one picture.
Index place_of(const Planes& planes, Index channel, Index row, Index column) {
  return ((channel / kLanes * planes.height + row) * planes.width + column) * kLanes + channel % kLanes;
}

Index numel_of(const Planes& planes) { return planes.channels * planes.height * planes.width; }

/// The paper's shortcut A of one picture: every second pixel, with new channels on both sides. Calls `visit(place in
/// the input, place in the output)`.
template <class Visit>
void for_shortcut(const Planes& input, const Planes& output, Visit visit) {
  const Index before = (output.channels - input.channels) / 2;
  for (Index channel = 0; channel < input.channels; ++channel) {
    for (Index row = 0; row < output.height; ++row) {
      for (Index column = 0; column < output.width; ++column) {
        visit(place_of(input, channel, 2 * row, 2 * column), place_of(output, channel + before, row, column));
      }
    }
  }
}

}  // namespace

ResNet20OnKernels::ResNet20OnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec,
                                     const Problem& problem)
    : KernelNetwork(tensors, problem.classes, Reads::pixels), spec_(spec), last_{kStages[2], problem.classes} {
  constexpr Index kSide = 3;
  stem_.push_back(make_layer({problem.input[0], kStages[0], problem.input[1], problem.input[2], kSide}));
  Planes planes = stem_.front().block.output_planes();
  for (const Index channels : kStages) {
    for (std::size_t block = 0; block < kBlocksPerStage; ++block) {
      const Index stride = channels == planes.channels ? 1 : 2;
      Layer first = make_layer({planes.channels, channels, planes.height, planes.width, kSide, stride});
      const Planes between = first.block.output_planes();
      Layer second = make_layer({channels, channels, between.height, between.width, kSide});
      residuals_.push_back({std::move(first), std::move(second), planes, {}, {}});
      planes = between;
    }
  }
}

ResNet20OnKernels::Layer ResNet20OnKernels::make_layer(const Convolution& convolution) {
  const Normalisation kind = spec_.norm == "batch" ? Normalisation::batch : Normalisation::group;
  return {PictureBlock({convolution, kind, spec_.groups, false}, kernels(), scratch_), layers_++};
}

std::size_t ResNet20OnKernels::last_tensor() const { return layers_ * kTensorsPerLayer; }

PictureBlockParameters ResNet20OnKernels::parameters_of(const Layer& layer) const {
  const std::size_t first = layer.number * kTensorsPerLayer;
  PictureBlockParameters parameters;
  parameters.weight = weights_of(first);
  parameters.normalisation.scale = weights_of(first + 1);
  parameters.normalisation.shift = weights_of(first + 2);
  if (spec_.norm != "batch") return parameters;
  const std::size_t statistics = last_tensor() + 2 + 2 * layer.number;
  parameters.normalisation.running_mean = statistic(statistics);
  parameters.normalisation.running_variance = statistic(statistics + 1);
  return parameters;
}

PictureBlockGradients ResNet20OnKernels::gradients_of(const Layer& layer) const {
  const std::size_t first = layer.number * kTensorsPerLayer;
  return {gradient_at(first), {gradient_at(first + 1), gradient_at(first + 2), nullptr}};
}

const float* ResNet20OnKernels::forward(Layer& layer, const Batch& batch, const float* input, const float* addend,
                                        bool trains) {
  layer.input = input;
  return trains ? layer.block.train(batch.samples, input, parameters_of(layer), addend)
                : layer.block.evaluate(batch.samples, input, parameters_of(layer), addend);
}

void ResNet20OnKernels::backward(Layer& layer, const Batch& batch, float* input_gradient) {
  layer.block.backward(batch.samples, layer.input, parameters_of(layer), gradients_of(layer), input_gradient);
}

const float* ResNet20OnKernels::shortcut_of(Residual& residual, const Batch& batch, const float* input) {
  if (!residual.has_new_channels()) return input;
  const Planes output = residual.second.block.output_planes();
  float* shortcut = residual.shortcut.at_least(batch.samples * numel_of(output));
  for (Index sample = 0; sample < batch.samples; ++sample) {
    const float* from = input + sample * numel_of(residual.input);
    float* to = shortcut + sample * numel_of(output);
    // New channels stay the zeros with which the memory began.
    for_shortcut(residual.input, output, [&](Index in, Index out) { to[out] = from[in]; });
  }
  return shortcut;
}

/// Adds to the gradient by the input. The gradient by the shortcut's end is where the second layer has left it.
void ResNet20OnKernels::shortcut_back(Residual& residual, const Batch& batch, float* input_gradient) {
  const Planes output = residual.second.block.output_planes();
  const float* gradient = residual.second.block.output_gradient();
  if (!residual.has_new_channels()) {
    kernels().add_to_rows(1, batch.samples * numel_of(output), gradient, input_gradient);
    return;
  }
  for (Index sample = 0; sample < batch.samples; ++sample) {
    float* to = input_gradient + sample * numel_of(residual.input);
    const float* from = gradient + sample * numel_of(output);
    for_shortcut(residual.input, output, [&](Index in, Index out) { to[in] += from[out]; });
  }
}

void ResNet20OnKernels::score(const Batch& batch, bool trains, float* scores) {
  const float* pictures = forward(stem_.front(), batch, batch.numbers, nullptr, trains);
  for (Residual& residual : residuals_) {
    const float* addend = shortcut_of(residual, batch, pictures);
    const float* inner = forward(residual.first, batch, pictures, nullptr, trains);
    pictures = forward(residual.second, batch, inner, addend, trains);
  }
  Planes planes = residuals_.back().second.block.output_planes();
  planes.pictures = batch.samples;
  float* features = features_.at_least(batch.samples * last_.in);
  kernels().channel_moments(planes, pictures, features, unused_.at_least(batch.samples * last_.in));
  connect(kernels(), last_, batch.samples, features, weights_of(last_tensor()), weights_of(last_tensor() + 1), scores);
}

void ResNet20OnKernels::backward(const Batch& batch, const float* score_gradient) {
  float* feature_gradient = feature_gradient_.at_least(batch.samples * last_.in);
  connect_back(kernels(), last_, batch.samples, features_.get(), weights_of(last_tensor()), score_gradient,
               {gradient_at(last_tensor()), gradient_at(last_tensor() + 1), feature_gradient});
  PictureBlock& end = residuals_.back().second.block;
  const Planes planes = end.output_planes();
  const auto pixels = static_cast<float>(planes.height * planes.width);
  float* to = end.output_gradient();
  for (Index block = 0; block < batch.samples * planes.channels; block += kLanes) {
    for (Index pixel = 0; pixel < planes.height * planes.width; ++pixel) {
      for (Index lane = 0; lane < kLanes; ++lane) *to++ = feature_gradient[block + lane] / pixels;
    }
  }
  for (std::size_t r = residuals_.size(); r-- > 0;) {
    Residual& residual = residuals_[r];
    float* input_gradient = layer_before(r).block.output_gradient();
    backward(residual.second, batch, residual.first.block.output_gradient());
    backward(residual.first, batch, input_gradient);
    shortcut_back(residual, batch, input_gradient);
  }
  backward(stem_.front(), batch, nullptr);
}

ResNet20OnKernels::Layer& ResNet20OnKernels::layer_before(std::size_t residual) {
  return residual == 0 ? stem_.front() : residuals_[residual - 1].second;
}

}  // namespace tardigrad
