#include "models/networks/transformer.hpp"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace tardigrad {
namespace {

constexpr double kDeviation = 0.02;
constexpr double kEpsilon = 1e-5;

class Tensors {
 public:
  void add_weight(const std::string& name, std::int64_t out, std::int64_t in, double deviation = kDeviation) {
    all_.add({{name + ".weight", {out, in}}, 0, 0, deviation});
  }
  void add_layer(const std::string& name, std::int64_t out, std::int64_t in, double deviation = kDeviation) {
    add_weight(name, out, in, deviation);
    all_.add({{name + ".bias", {out}}, 0, 0});
  }
  void add_norm(const std::string& name, std::int64_t width) {
    all_.add({{name + ".weight", {width}}, 0, 1});
    all_.add({{name + ".bias", {width}}, 0, 0});
  }
  std::vector<InitialTensor> take() { return all_.take(); }

 private:
  LayerTensors all_;
};

std::vector<InitialTensor> initial_tensors(const ModelSpec& spec, const Problem& problem) {
  const std::int64_t width = spec.width;
  const double of_branches = kDeviation / std::sqrt(2 * static_cast<double>(spec.blocks));
  Tensors tensors;
  tensors.add_weight("tokens", problem.vocabulary, width);
  tensors.add_weight("places", problem.input[0], width);
  for (std::int64_t number = 1; number <= spec.blocks; ++number) {
    const std::string block = "block" + std::to_string(number);
    tensors.add_norm(block + ".norm1", width);
    tensors.add_layer(block + ".mix", 3 * width, width);
    tensors.add_layer(block + ".project", width, width, of_branches);
    tensors.add_norm(block + ".norm2", width);
    tensors.add_layer(block + ".expand", 4 * width, width);
    tensors.add_layer(block + ".contract", width, 4 * width, of_branches);
  }
  tensors.add_norm("norm", width);
  if (!spec.tied_embeddings) tensors.add_weight("scores", problem.classes, width);
  return tensors.take();
}

at::Tensor normalised(LayerWalk& tensors, const at::Tensor& sequence) {
  const at::Tensor& weight = tensors.next();
  return at::layer_norm(sequence, {sequence.size(-1)}, weight, tensors.next(), kEpsilon);
}

at::Tensor connected(LayerWalk& tensors, const at::Tensor& sequence) {
  const at::Tensor& weight = tensors.next();
  return at::linear(sequence, weight, tensors.next());
}

/// Of queries, keys and values, samples x steps x 3 width.
at::Tensor attention(const at::Tensor& mixed, std::int64_t heads) {
  const std::int64_t samples = mixed.size(0), steps = mixed.size(1), width = mixed.size(2) / 3;
  const auto by_head = [&](const at::Tensor& part) {
    return part.view({samples, steps, heads, width / heads}).transpose(1, 2);
  };
  const auto parts = mixed.split(width, 2);
  const double factor = 1 / std::sqrt(static_cast<double>(width / heads));
  const at::Tensor scores = at::matmul(by_head(parts[0]), by_head(parts[1]).transpose(2, 3)) * factor;
  const at::Tensor unseen = at::ones({steps, steps}, at::kBool).triu(1);
  const at::Tensor shares = scores.masked_fill(unseen, -std::numeric_limits<double>::infinity()).softmax(-1);
  return at::matmul(shares, by_head(parts[2])).transpose(1, 2).reshape({samples, steps, width});
}

}  // namespace

Transformer::Transformer(const ModelSpec& spec, const Problem& problem)
    : AutogradNetwork(initial_tensors(spec, problem)), spec_(spec) {}

at::Tensor Transformer::forward(LayerWalk tensors, const at::Tensor& inputs, bool) const {
  const at::Tensor& tokens = tensors.next();
  at::Tensor sequence = at::embedding(tokens, inputs) + tensors.next();
  for (std::int64_t block = 0; block < spec_.blocks; ++block) {
    const at::Tensor found = attention(connected(tensors, normalised(tensors, sequence)), spec_.heads);
    sequence = sequence + connected(tensors, found);
    const at::Tensor hidden = at::gelu(connected(tensors, normalised(tensors, sequence)), "tanh");
    sequence = sequence + connected(tensors, hidden);
  }
  const at::Tensor features = normalised(tensors, sequence).flatten(0, 1);
  return at::linear(features, spec_.tied_embeddings ? tokens : tensors.next());
}

}  // namespace tardigrad
