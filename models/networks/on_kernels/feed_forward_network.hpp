/// Networks without branches: blocks of convolutions, then fully connected layers with ReLU between them.
#pragma once

#include <vector>

#include "models/layers/fully_connected_layer.hpp"
#include "models/layers/picture_block.hpp"
#include "models/networks/on_kernels/kernel_network.hpp"

namespace tardigrad {

/// What the tensors do not tell.
struct FeedForwardForm {
  Normalisation normalisation = Normalisation::none;
  std::ptrdiff_t groups = 1;
  std::vector<bool> pools = {};  ///< for each convolution, true if 2x2 pooling follows
};

class FeedForwardNetwork final : public KernelNetwork {
 public:
  /// Each block has its convolution's weight and bias, then the scale and shift of its normalisation if it has one;
  /// each fully connected layer has weight and bias; the statistics of batch normalisation stand at the end. Pictures
  /// have 1 to 4 channels.
  FeedForwardNetwork(const std::vector<InitialTensor>& tensors, const Problem& problem, const FeedForwardForm& form);

 private:
  /// A fully connected layer and the gradient by its output.
  struct Connection {
    FullyConnectedShape shape;
    std::size_t tensor = 0;  ///< its weight; its bias follows
    Floats output, output_gradient;
  };

  void add_block(std::size_t tensor, const Problem& problem, const FeedForwardForm& form);
  void add_connection(std::size_t tensor);
  PictureBlockParameters parameters_of(std::size_t block) const;
  PictureBlockGradients gradients_of(std::size_t block) const;

  void score(const Batch& batch, bool trains, float* scores) override;
  void backward(const Batch& batch, const float* score_gradient) override;
  /// The pictures that the blocks make of the batch.
  const float* pictures_of(const Batch& batch, bool trains);
  void blocks_back(const Batch& batch);

  Normalisation normalisation_;
  std::size_t tensors_per_block_;
  std::size_t statistics_;  ///< the first tensor that is not trained
  ConvolutionScratch scratch_;
  std::vector<PictureBlock> blocks_;
  std::vector<Connection> connections_;
  std::vector<const float*> block_inputs_;  ///< of the last batch
  const float* features_ = nullptr;         ///< of the last batch
  Floats flattened_, feature_gradient_;
};

}  // namespace tardigrad
