/// A network that the user brings: a module that torch.jit.script or torch.jit.trace has made, saved by its save().
#pragma once

#include <torch/csrc/jit/api/module.h>

#include <memory>
#include <string>
#include <vector>

#include "models/networks/module_state.hpp"
#include "models/networks/network.hpp"

namespace tardigrad {

/// forward() takes one tensor, the inputs of a batch (samples x the sizes of an input, contiguous, with the strides of
/// a plain tensor also where a size is 1; numbers as float32, tokens as int64), and returns samples x classes scores.
/// Log-probabilities are scores, too.
///
/// Learned are the parameters that require a gradient, all of them float32, from the values in the file, whatever the
/// seed. What forward() changes otherwise must be buffers: float32 ones (the statistics of batch normalisation) are
/// averaged or local as the scenario says, whole numbers (up to 2^24, as the model keeps them as float32) and truth
/// values stay with their node; what it changes in them where it does not train is dropped. While training, what is
/// random (dropout) depends on the batch's seed alone; otherwise nothing may be.
///
/// What it keeps elsewhere, in an int, a list or a tensor that is no buffer, would belong to a worker and to no node:
/// a module whose code does that is refused, and one that does it all the same where nobody could see it coming fails
/// in the pass that does. What fails in a pass throws std::runtime_error: one line, the file and LibTorch's reason.
///
/// The interpreter runs without its optimiser, which would change the last bits of a result after some calls.
class TorchScriptNetwork final : public Network {
 public:
  /// Tried on two samples: zeros, and of texts the last token. Every worker loads a module of its own.
  static NetworkResult load(const ModelSpec& spec, const Problem& problem);

  Values initial_model(std::uint64_t seed) const override;
  /// Its code may do anything.
  bool minds_batch_sizes() const override { return true; }

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
    std::vector<Slot> tied;  ///< to the tensor of a slot
    std::string error;
  };

  TorchScriptNetwork(const ModelSpec& spec, const Problem& problem, torch::jit::Module module, Content content);

  static Content content_of(torch::jit::Module& module, bool statistics_are_shared);
  /// Empty, or what is wrong with the module.
  std::string try_out(const Problem& problem);
  std::string try_evaluation(const Minibatch& batch);
  std::string try_training(const Minibatch& batch);

  double compute_loss_and_gradient(const Minibatch& batch) override;
  at::Tensor compute_logits(const at::Tensor& inputs) override;

  void take_over_model();
  void give_back_buffers();
  static AttributeChoice those_of(const std::vector<Slot>& slots);
  AttributeChoice owned_by_nodes() const;
  /// What the module keeps, or may keep, where no node could have it.
  std::string objection_to_state() const;
  at::Tensor scores(const at::Tensor& inputs, bool training);
  at::Tensor training_scores(const Minibatch& batch);
  at::Tensor evaluation_scores(const at::Tensor& inputs);
  at::Tensor scores_without_drawing(const at::Tensor& inputs, bool training, const char* where);
  /// The gradient of this loss, and the buffers, are the network's.
  void learn_from(const at::Tensor& loss);
  /// Whatever is thrown names the module's file.
  template <class Work>
  auto naming_the_file(Work work) const;

  std::string file_;
  std::int64_t classes_;
  torch::jit::Module module_;
  std::vector<Slot> slots_;
  std::vector<Slot> tied_;
  std::vector<at::Tensor> parameters_;
  Values initial_;
  std::unique_ptr<const ModuleState> state_;  ///< all that is in no slot
  bool draws_ = false;                        ///< random numbers, while it is trained
};

}  // namespace tardigrad
