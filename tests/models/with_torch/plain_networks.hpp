/// The networks that LibTorch differentiates as one would write them down with its own modules: what the shipped ones
/// must equal.
#pragma once

#include <torch/torch.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "models/data/samples.hpp"
#include "models/networks/model_spec.hpp"
#include "models/values.hpp"

namespace tardigrad::test {

namespace nn = torch::nn;

inline nn::AnyModule plain_norm(std::int64_t channels, const ModelSpec& spec) {
  if (spec.norm == "batch") return nn::AnyModule(nn::BatchNorm2d(channels));
  return nn::AnyModule(nn::GroupNorm(nn::GroupNormOptions(spec.groups, channels)));
}

inline nn::Sequential plain_mlp(const ModelSpec& spec, const Problem& problem) {
  nn::Sequential layers{nn::Flatten()};
  std::int64_t in = 1;
  for (const std::int64_t size : problem.input) in *= size;
  for (const std::int64_t size : spec.hidden) {
    layers->push_back(nn::Linear(in, size));
    layers->push_back(nn::ReLU());
    in = size;
  }
  layers->push_back(nn::Linear(in, problem.classes));
  return layers;
}

inline nn::Sequential plain_lenet(const Problem& problem) {
  const auto convolution = [](std::int64_t in, std::int64_t out) {
    return nn::Conv2d(nn::Conv2dOptions(in, out, 5).padding(2));
  };
  const std::int64_t features = 64 * (problem.input[1] / 4) * (problem.input[2] / 4);
  return nn::Sequential(convolution(problem.input[0], 32), nn::ReLU(), nn::MaxPool2d(2), convolution(32, 64),
                        nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(), nn::Linear(features, 512), nn::ReLU(),
                        nn::Linear(512, problem.classes));
}

inline nn::Sequential plain_vgg11(const ModelSpec& spec, const Problem& problem) {
  nn::Sequential layers;
  std::int64_t in = problem.input[0];
  for (const std::int64_t out : {64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0}) {
    if (out == 0) {
      layers->push_back(nn::MaxPool2d(2));
      continue;
    }
    layers->push_back(nn::Conv2d(nn::Conv2dOptions(in, out, 3).padding(1)));
    layers->push_back(plain_norm(out, spec));
    layers->push_back(nn::ReLU());
    in = out;
  }
  layers->push_back(nn::Flatten());
  layers->push_back(nn::Linear(512 * (problem.input[1] / 32) * (problem.input[2] / 32), problem.classes));
  return layers;
}

class PlainBlock final : public nn::Module {
 public:
  PlainBlock(std::int64_t in, std::int64_t out, const ModelSpec& spec) : new_channels_(out - in) {
    const auto convolution = [](std::int64_t from, std::int64_t to, std::int64_t stride) {
      return nn::Conv2d(nn::Conv2dOptions(from, to, 3).stride(stride).padding(1).bias(false));
    };
    inner_->push_back(convolution(in, out, in == out ? 1 : 2));
    inner_->push_back(plain_norm(out, spec));
    inner_->push_back(nn::ReLU());
    inner_->push_back(convolution(out, out, 1));
    inner_->push_back(plain_norm(out, spec));
    register_module("inner", inner_);
  }

  at::Tensor forward(const at::Tensor& images) {
    at::Tensor shortcut = images;
    if (new_channels_ > 0) {
      // Subsampling is pooling of one pixel.
      shortcut = at::avg_pool2d(images, 1, 2);
      const at::Tensor zeros = at::zeros_like(shortcut).narrow(1, 0, new_channels_ / 2);
      shortcut = at::cat({zeros, shortcut, zeros}, 1);
    }
    return at::relu(inner_->forward(images) + shortcut);
  }

 private:
  std::int64_t new_channels_;
  nn::Sequential inner_;
};

inline nn::Sequential plain_resnet20(const ModelSpec& spec, const Problem& problem) {
  nn::Sequential layers(nn::Conv2d(nn::Conv2dOptions(problem.input[0], 16, 3).padding(1).bias(false)));
  layers->push_back(plain_norm(16, spec));
  layers->push_back(nn::ReLU());
  std::int64_t in = 16;
  for (const std::int64_t out : {16, 16, 16, 32, 32, 32, 64, 64, 64}) {
    layers->push_back(PlainBlock(in, out, spec));
    in = out;
  }
  layers->push_back(nn::AdaptiveAvgPool2d(1));
  layers->push_back(nn::Flatten());
  layers->push_back(nn::Linear(64, problem.classes));
  return layers;
}

inline nn::Sequential plain_gn_lenet(const Problem& problem) {
  nn::Sequential layers;
  std::int64_t in = problem.input[0];
  for (const std::int64_t out : {32, 32, 64}) {
    layers->push_back(nn::Conv2d(nn::Conv2dOptions(in, out, 5).padding(2)));
    layers->push_back(nn::GroupNorm(nn::GroupNormOptions(2, out)));
    layers->push_back(nn::ReLU());
    layers->push_back(nn::MaxPool2d(2));
    in = out;
  }
  layers->push_back(nn::Flatten());
  layers->push_back(nn::Linear(64 * (problem.input[1] / 8) * (problem.input[2] / 8), problem.classes));
  return layers;
}

inline nn::Sequential plain_logistic_regression(const Problem& problem) {
  std::int64_t in = 1;
  for (const std::int64_t size : problem.input) in *= size;
  return nn::Sequential(nn::Flatten(), nn::Linear(in, problem.classes));
}

inline nn::Sequential plain_network(const ModelSpec& spec, const Problem& problem) {
  if (spec.kind == "gn-lenet") return plain_gn_lenet(problem);
  if (spec.kind == "logistic-regression") return plain_logistic_regression(problem);
  if (spec.kind == "mlp") return plain_mlp(spec, problem);
  if (spec.kind == "lenet") return plain_lenet(problem);
  return spec.kind == "vgg-11" ? plain_vgg11(spec, problem) : plain_resnet20(spec, problem);
}

/// The module's parameters, then its statistics, in its own order: what a flat vector consists of.
inline std::vector<at::Tensor> tensors_of(const nn::Sequential& network) {
  std::vector<at::Tensor> all = network->parameters();
  for (const at::Tensor& buffer : network->buffers()) {
    if (buffer.is_floating_point()) all.push_back(buffer);
  }
  return all;
}

/// Overwrites the tensors with the model's values.
inline void load(const std::vector<at::Tensor>& tensors, const Values& model) {
  const at::NoGradGuard no_autograd;
  const float* values = model.data();
  for (const at::Tensor& tensor : tensors) {
    tensor.copy_(at::from_blob(const_cast<float*>(values), tensor.sizes()));
    values += tensor.numel();
  }
}

}  // namespace tardigrad::test
