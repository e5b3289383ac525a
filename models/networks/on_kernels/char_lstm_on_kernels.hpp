/// The recurrent network of `CharLstm` on the kernels.
#pragma once

#include <vector>

#include "models/layers/fully_connected_layer.hpp"
#include "models/layers/lstm_layer.hpp"
#include "models/networks/on_kernels/kernel_network.hpp"

namespace tardigrad {

class CharLstmOnKernels final : public KernelNetwork {
 public:
  CharLstmOnKernels(const std::vector<InitialTensor>& tensors, const ModelSpec& spec, const Problem& problem);

 private:
  LstmParameters parameters_of(std::size_t layer) const;
  LstmGradients gradients_of(std::size_t layer) const;
  std::size_t last_tensor() const;

  void score(const Batch& batch, bool trains, float* scores) override;
  void backward(const Batch& batch, const float* score_gradient) override;
  /// steps x samples x numbers
  const float* embedded(const Batch& batch);
  void embedding_back(const Batch& batch);

  std::ptrdiff_t steps_, numbers_;
  std::int64_t vocabulary_;
  FullyConnectedShape last_;
  std::vector<LstmLayer> layers_;
  std::vector<const float*> layer_inputs_;  ///< of the last batch
  const float* last_states_ = nullptr;      ///< of the last batch
  Floats embedded_, embedded_gradient_;
};

}  // namespace tardigrad
