/// A network that the user brings: a module that torch.jit.script or torch.jit.trace has made, saved by its save().
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

#include "models/network.hpp"

namespace tardigrad {

/// forward() takes one tensor, the inputs of a batch (samples x the sizes of an input, contiguous; numbers as float32,
/// tokens as int64), and returns samples x classes scores. Log-probabilities are scores, too.
///
/// Learned are the parameters that require a gradient, all of them float32, from the values in the file, whatever the
/// seed. What forward() changes otherwise must be buffers: float32 ones (the statistics of batch normalisation) are
/// averaged or local as the scenario says, whole numbers and truth values stay with their node. While training, what is
/// random (dropout) depends on the batch's seed alone; otherwise nothing may be.
///
/// The interpreter runs without its optimiser, which would change the last bits of a result after some calls.
class TorchScriptNetwork final : public Network {
 public:
  /// Tried on a batch of zeros. Every worker loads a module of its own.
  static NetworkResult load(const ModelSpec& spec, const Problem& problem);

  Values initial_model(std::uint64_t seed) const override;

 private:
  /// The tensor of a module's attribute, where it stays.
  struct Slot {
    torch::jit::Module owner;
    std::string name;

    at::Tensor tensor() const { return owner.attr(name).toTensor(); }
  };

  /// What a file has, in the order of the layout.
  struct Content {
    std::vector<InitialTensor> tensors;
    std::vector<Slot> slots;
    std::string error;
  };

  TorchScriptNetwork(const ModelSpec& spec, const Problem& problem, torch::jit::Module module, Content content);

  static Content content_of(torch::jit::Module& module, bool statistics_are_shared);
  /// Empty, or what is wrong with the module.
  std::string try_out(const Problem& problem);

  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;

  void take_over_model();
  void give_back_buffers();
  at::Tensor scores(const at::Tensor& inputs, bool training);
  at::Tensor training_scores(const Minibatch& batch);

  std::string file_;
  std::int64_t classes_;
  torch::jit::Module module_;
  std::vector<Slot> slots_;
  std::vector<at::Tensor> parameters_;
  Values initial_;
  bool draws_ = false;  ///< random numbers, while it is trained
};

}  // namespace tardigrad
