/// A user's network: a module that torch.jit.script or torch.jit.trace has made, saved by its save().
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <memory>
#include <string>
#include <vector>

#include "models/networks/module_state.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

/// forward() takes one tensor, the inputs of a batch (samples x the sizes of an input, contiguous, with the
/// strides of a plain tensor also where a size is 1; numbers as float32, tokens as int64), and returns samples
/// x classes scores. Log-probabilities are scores, too.
///
/// The parameters that require a gradient, all of them float32, are trained, from the values in the file,
/// whatever the seed. Other state that forward() changes must be in buffers: float32 buffers (the statistics of
/// batch normalisation) are averaged or local as the scenario says, whole numbers (up to 2^24, as the model
/// keeps them as float32) and truth values stay with their node; changes outside of training are dropped. While
/// training, random draws (dropout) depend on the batch's seed alone; otherwise there may be none.
///
/// State elsewhere, in an int, a list or a tensor that is no buffer, would belong to a worker and to no node: a
/// module whose code has such state is refused, and a module that hides it fails in the pass that changes it. A
/// failing pass throws std::runtime_error: one line, the file and LibTorch's reason.
///
/// The interpreter runs without its optimiser, which would change the last bits of a result after some calls.
class TorchScriptNetwork final : public Network {
 public:
  /// Tries the module on two samples: zeros, and for texts the last token. Every worker loads its own copy.
  static NetworkResult load(const ModelSpec& spec, const Problem& problem);

  Values initial_model(std::uint64_t seed) const override;
  /// The module's code is arbitrary.
  bool minds_batch_sizes() const override { return true; }

 private:
  /// The place of a module's attribute that holds a tensor.
  struct Slot {
    torch::jit::Module owner;
    std::string name;

    at::Tensor tensor() const { return owner.attr(name).toTensor(); }
  };

  /// The content of a file, in the order of the layout.
  struct Content {
    std::vector<InitialTensor> tensors;
    std::vector<Slot> slots;
    std::vector<Slot> tied;  ///< attributes that share the tensor of a slot
    std::string error;
  };

  TorchScriptNetwork(const ModelSpec& spec, const Problem& problem, const torch::jit::Module& module, Content content);

  static Content content_of(torch::jit::Module& module, bool statistics_are_shared);
  /// The error of a trial; empty if the module works.
  std::string try_out(const Problem& problem);
  std::string try_evaluation(const Minibatch& batch);
  std::string try_training(const Minibatch& batch);

  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;

  void take_over_model();
  void give_back_buffers();
  static AttributeChoice those_of(const std::vector<Slot>& slots);
  AttributeChoice owned_by_nodes() const;
  /// State that the module keeps, or may keep, outside of the nodes' vectors.
  std::string objection_to_state() const;
  at::Tensor scores(const at::Tensor& inputs, bool training);
  at::Tensor training_scores(const Minibatch& batch);
  at::Tensor evaluation_scores(const at::Tensor& inputs);
  at::Tensor scores_without_drawing(const at::Tensor& inputs, bool training, const char* where);
  /// Takes the gradient of this loss and the module's buffers.
  void learn_from(const at::Tensor& loss);
  /// Adds the name of the module's file to every exception.
  template <class Work>
  auto naming_the_file(Work work) const;

  std::string file_;
  std::int64_t classes_;
  torch::jit::Module module_;
  std::vector<Slot> slots_;
  std::vector<Slot> tied_;
  std::vector<at::Tensor> parameters_;
  Values initial_;
  std::unique_ptr<const ModuleState> state_;  ///< everything that is in no slot
  bool draws_ = false;                        ///< true if the module draws random numbers in training
};

}  // namespace tardigrad
