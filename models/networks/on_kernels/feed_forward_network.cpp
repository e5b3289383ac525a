#include "models/networks/on_kernels/feed_forward_network.hpp"

namespace tardigrad {
namespace {

/// The number of sizes of a convolution's weight, and of a fully connected layer's.
constexpr std::size_t kConvolution = 4;
constexpr std::size_t kConnection = 2;

Planes of_all(Planes planes, std::ptrdiff_t pictures) {
  planes.pictures = pictures;
  return planes;
}

std::ptrdiff_t numel_of(const Planes& planes) {
  return planes.pictures * planes.channels * planes.height * planes.width;
}

}  // namespace

FeedForwardNetwork::FeedForwardNetwork(const std::vector<InitialTensor>& tensors, const Problem& problem,
                                       const FeedForwardForm& form)
    : KernelNetwork(tensors, problem.classes, form.pools.empty() ? Reads::features : Reads::pixels),
      normalisation_(form.normalisation),
      tensors_per_block_(form.normalisation == Normalisation::none ? 2 : 4) {
  std::size_t tensor = 0;
  for (; tensor < tensors.size() && tensors[tensor].tensor.is_trained; ++tensor) {
    const std::size_t sizes = tensors[tensor].tensor.shape.size();
    if (sizes == kConvolution) add_block(tensor, problem, form);
    if (sizes == kConnection) add_connection(tensor);
  }
  statistics_ = tensor;
}

void FeedForwardNetwork::add_block(std::size_t tensor, const Problem& problem, const FeedForwardForm& form) {
  const std::vector<std::int64_t>& weight = layout().tensors[tensor].shape;
  PictureBlockShape shape;
  const Planes from = blocks_.empty() ? Planes{1, problem.input[0], problem.input[1], problem.input[2]}
                                      : blocks_.back().output_planes();
  shape.convolution = {from.channels, weight[0], from.height, from.width, weight[2]};
  shape.normalisation = form.normalisation;
  shape.groups = form.groups;
  shape.pools = form.pools[blocks_.size()];
  blocks_.emplace_back(shape, kernels(), scratch_);
}

void FeedForwardNetwork::add_connection(std::size_t tensor) {
  const std::vector<std::int64_t>& weight = layout().tensors[tensor].shape;
  Connection connection;
  connection.shape = {weight[1], weight[0]};
  connection.tensor = tensor;
  connections_.push_back(std::move(connection));
}

PictureBlockParameters FeedForwardNetwork::parameters_of(std::size_t block) const {
  const std::size_t first = block * tensors_per_block_;
  PictureBlockParameters parameters;
  parameters.weight = weights_of(first);
  parameters.bias = weights_of(first + 1);
  if (normalisation_ == Normalisation::none) return parameters;
  parameters.normalisation.scale = weights_of(first + 2);
  parameters.normalisation.shift = weights_of(first + 3);
  if (normalisation_ != Normalisation::batch) return parameters;
  parameters.normalisation.running_mean = statistic(statistics_ + 2 * block);
  parameters.normalisation.running_variance = statistic(statistics_ + 2 * block + 1);
  return parameters;
}

PictureBlockGradients FeedForwardNetwork::gradients_of(std::size_t block) const {
  const std::size_t first = block * tensors_per_block_;
  PictureBlockGradients gradients;
  gradients.weight = gradient_at(first);
  gradients.normalisation.bias = gradient_at(first + 1);
  if (normalisation_ == Normalisation::none) return gradients;
  gradients.normalisation.scale = gradient_at(first + 2);
  gradients.normalisation.shift = gradient_at(first + 3);
  return gradients;
}

const float* FeedForwardNetwork::pictures_of(const Batch& batch, bool trains) {
  const float* pictures = batch.numbers;
  block_inputs_.clear();
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    block_inputs_.push_back(pictures);
    pictures = trains ? blocks_[b].train(batch.samples, pictures, parameters_of(b))
                      : blocks_[b].evaluate(batch.samples, pictures, parameters_of(b));
  }
  return pictures;
}

void FeedForwardNetwork::score(const Batch& batch, bool trains, float* scores) {
  const float* pictures = pictures_of(batch, trains);
  features_ = pictures;
  if (!blocks_.empty()) {
    const Planes planes = of_all(blocks_.back().output_planes(), batch.samples);
    float* flattened = flattened_.at_least(numel_of(planes));
    kernels().flatten(planes, pictures, flattened);
    features_ = flattened;
  }
  const float* input = features_;
  for (Connection& connection : connections_) {
    const bool is_last = &connection == &connections_.back();
    const std::ptrdiff_t size = batch.samples * connection.shape.out;
    float* output = is_last ? scores : connection.output.at_least(size);
    connect(kernels(), connection.shape, batch.samples, input, weights_of(connection.tensor),
            weights_of(connection.tensor + 1), output);
    if (!is_last) kernels().rectify_numbers(size, output);
    input = output;
  }
}

void FeedForwardNetwork::backward(const Batch& batch, const float* score_gradient) {
  const float* output_gradient = score_gradient;
  for (std::size_t c = connections_.size(); c-- > 0;) {
    const FullyConnectedShape& shape = connections_[c].shape;
    const std::size_t tensor = connections_[c].tensor;
    const float* input = c == 0 ? features_ : connections_[c - 1].output.get();
    FullyConnectedGradients gradients{gradient_at(tensor), gradient_at(tensor + 1), nullptr};
    const std::ptrdiff_t size = batch.samples * shape.in;
    if (c > 0) {
      gradients.input = connections_[c - 1].output_gradient.at_least(size);
    } else if (!blocks_.empty()) {
      gradients.input = feature_gradient_.at_least(size);
    }
    connect_back(kernels(), shape, batch.samples, input, weights_of(tensor), output_gradient, gradients);
    if (c > 0) kernels().mask_by_output(size, input, gradients.input);
    output_gradient = gradients.input;
  }
  blocks_back(batch);
}

void FeedForwardNetwork::blocks_back(const Batch& batch) {
  if (blocks_.empty()) return;
  PictureBlock& last = blocks_.back();
  kernels().unflatten(of_all(last.output_planes(), batch.samples), feature_gradient_.get(), last.output_gradient());
  for (std::size_t b = blocks_.size(); b-- > 0;) {
    float* input_gradient = b > 0 ? blocks_[b - 1].output_gradient() : nullptr;
    blocks_[b].backward(batch.samples, block_inputs_[b], parameters_of(b), gradients_of(b), input_gradient);
  }
}

}  // namespace tardigrad
