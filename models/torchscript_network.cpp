#include "models/torchscript_network.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "models/regular_file.hpp"

namespace tardigrad {
namespace {

/// The generator from which modules draw is one for the whole process.
std::mutex& generator_in_use() {
  static std::mutex mutex;
  return mutex;
}

at::Tensor generator_state() { return at::detail::getDefaultCPUGenerator().get_state(); }

/// What LibTorch has to say is long: the reason stands in the last line, or in front of the places in the code.
std::string reason(const std::exception& problem) {
  const auto* own = dynamic_cast<const c10::Error*>(&problem);
  std::string text = own ? own->what_without_backtrace() : problem.what();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t last_line = text.rfind('\n');
  const bool is_trace = text.find("Traceback of TorchScript") != std::string::npos;
  if (is_trace && last_line != std::string::npos) return text.substr(last_line + 1);
  return text.substr(0, text.find('\n'));
}

std::string shape_text(const at::Tensor& tensor) {
  return fmt::format("{} {}", c10::toString(tensor.scalar_type()), c10::str(tensor.sizes()));
}

}  // namespace

TorchScriptNetwork::Content TorchScriptNetwork::content_of(torch::jit::Module& module, bool statistics_are_shared) {
  Content parameters, shared, local;
  std::map<const void*, at::Tensor> known;  // parameters that several modules share are saved as several
  const auto add = [](Content& content, const torch::jit::Module& owner, const std::string& name,
                      const ParameterTensor& tensor) {
    content.tensors.push_back({tensor});
    content.slots.push_back({owner, name});
  };
  for (const auto& named : module.named_modules()) {
    const torch::jit::Module& owner = named.value;
    const std::string prefix = named.name.empty() ? "" : named.name + ".";
    for (const auto& parameter : owner.named_parameters(false)) {
      const at::Tensor& tensor = parameter.value;
      if (!tensor.requires_grad()) continue;
      if (tensor.scalar_type() != at::kFloat) {
        return {{},
                {},
                fmt::format("parameter {}{} is of type {}, expected Float", prefix, parameter.name,
                            c10::toString(tensor.scalar_type()))};
      }
      const auto [place, is_new] = known.emplace(tensor.data_ptr(), tensor);
      if (!is_new && place->second.sizes() == tensor.sizes()) {
        torch::jit::Module(owner).setattr(parameter.name, place->second);
        continue;
      }
      add(parameters, owner, parameter.name, {prefix + parameter.name, tensor.sizes().vec()});
    }
    for (const auto& buffer : owner.named_buffers(false)) {
      const at::Tensor& tensor = buffer.value;
      const bool is_number = tensor.is_floating_point() || tensor.is_complex();
      if (is_number && tensor.scalar_type() != at::kFloat) {
        return {{},
                {},
                fmt::format("buffer {}{} is of type {}, expected Float", prefix, buffer.name,
                            c10::toString(tensor.scalar_type()))};
      }
      const bool is_shared = is_number && statistics_are_shared;
      add(is_shared ? shared : local, owner, buffer.name,
          {prefix + buffer.name, tensor.sizes().vec(), false, is_shared});
    }
  }
  if (parameters.slots.empty()) return {{}, {}, "no parameter of it can be trained"};
  for (Content* more : {&shared, &local}) {
    parameters.tensors.insert(parameters.tensors.end(), more->tensors.begin(), more->tensors.end());
    parameters.slots.insert(parameters.slots.end(), more->slots.begin(), more->slots.end());
  }
  return parameters;
}

NetworkResult TorchScriptNetwork::load(const ModelSpec& spec, const Problem& problem) {
  const RegularFile on_disk = regular_file(spec.file);
  if (!on_disk.error.empty()) return {nullptr, on_disk.error};
  const auto refused = [&](const std::string& why) { return NetworkResult{nullptr, spec.file + ": " + why}; };
  try {
    torch::jit::Module module = torch::jit::load(spec.file, at::kCPU);
    if (!module.find_method("forward")) return refused("it has no forward()");
    Content content = content_of(module, spec.statistics == "averaged");
    if (!content.error.empty()) return refused(content.error);
    std::unique_ptr<TorchScriptNetwork> network(
        new TorchScriptNetwork(spec, problem, std::move(module), std::move(content)));
    const std::string wrong = network->try_out(problem);
    if (!wrong.empty()) return refused(wrong);
    return {std::move(network), ""};
  } catch (const std::exception& problem_of_torch) {
    return refused("no TorchScript module that can be read: " + reason(problem_of_torch));
  }
}

TorchScriptNetwork::TorchScriptNetwork(const ModelSpec& spec, const Problem& problem, torch::jit::Module module,
                                       Content content)
    : Network(content.tensors),
      file_(spec.file),
      classes_(problem.classes),
      module_(std::move(module)),
      slots_(std::move(content.slots)) {
  for (std::size_t t = 0; t < slots_.size(); ++t) {
    const at::Tensor tensor = slots_[t].tensor();
    const at::Tensor values = tensor.detach().to(at::kFloat).contiguous();
    initial_.insert(initial_.end(), values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
    if (layout().tensors[t].is_trained) parameters_.push_back(tensor);
  }
}

Values TorchScriptNetwork::initial_model(std::uint64_t) const { return initial_; }

std::string TorchScriptNetwork::try_out(const Problem& problem) {
  std::vector<std::int64_t> sizes = {2};
  sizes.insert(sizes.end(), problem.input.begin(), problem.input.end());
  const Minibatch batch{at::zeros(sizes, problem.vocabulary > 0 ? at::kLong : at::kFloat), at::zeros({2}, at::kLong)};
  Values model = initial_;
  bind(model);
  try {
    const std::lock_guard alone(generator_in_use());
    const at::Tensor before = generator_state();
    logits(batch.inputs);
    if (!generator_state().equal(before)) return "forward() draws random numbers where it does not train";
    const bool has_gradient = [&] {
      const c10::InferenceMode recording(false);
      take_over_model();
      return scores(batch.inputs, true).requires_grad();
    }();
    if (!has_gradient) return "what forward() returns does not depend on a parameter that can be trained";
    draws_ = !generator_state().equal(before);
  } catch (const std::exception& wrong) {
    return reason(wrong);
  }
  return "";
}

/// The module computes on the bound vector itself, but on buffers of its own: a module may replace them.
void TorchScriptNetwork::take_over_model() {
  const at::NoGradGuard no_autograd;
  for (std::size_t t = 0; t < slots_.size(); ++t) {
    if (t < parameters_.size()) {
      parameters_[t].set_data(parameter(t));
    } else {
      const at::Tensor own = slots_[t].tensor();
      slots_[t].owner.setattr(slots_[t].name, parameter(t).to(own.scalar_type(), false, true));
    }
  }
}

void TorchScriptNetwork::give_back_buffers() {
  const at::NoGradGuard no_autograd;
  for (std::size_t t = parameters_.size(); t < slots_.size(); ++t) parameter(t).copy_(slots_[t].tensor());
}

at::Tensor TorchScriptNetwork::scores(const at::Tensor& inputs, bool training) {
  const torch::jit::GraphOptimizerEnabledGuard unoptimised(false);
  module_.train(training);
  const c10::IValue result = module_.forward({inputs.contiguous()});
  if (!result.isTensor()) throw std::runtime_error("forward() returns something else than a tensor");
  const at::Tensor& scores = result.toTensor();
  const std::vector<std::int64_t> expected = {inputs.size(0), classes_};
  if (scores.scalar_type() == at::kFloat && scores.sizes() == at::IntArrayRef(expected)) return scores;
  throw std::runtime_error(
      fmt::format("forward() returns {} for {} samples, expected Float {}: a score for each of {} "
                  "classes",
                  shape_text(scores), expected[0], c10::str(at::IntArrayRef(expected)), classes_));
}

at::Tensor TorchScriptNetwork::training_scores(const Minibatch& batch) {
  if (draws_) {
    const std::lock_guard alone(generator_in_use());
    at::Generator generator = at::detail::getDefaultCPUGenerator();
    generator.set_current_seed(batch.seed);
    return scores(batch.inputs, true);
  }
  const at::Tensor before = generator_state();
  const at::Tensor result = scores(batch.inputs, true);
  if (generator_state().equal(before)) return result;
  throw std::runtime_error("forward() draws random numbers, though it drew none for inputs of zeros");
}

double TorchScriptNetwork::compute_loss_and_gradient(const Minibatch& batch) {
  const c10::InferenceMode recording(false);
  take_over_model();
  try {
    const at::Tensor loss = at::cross_entropy_loss(training_scores(batch), batch.labels);
    const auto gradients = torch::autograd::grad({loss}, parameters_, {}, c10::nullopt, false, true);
    for (std::size_t t = 0; t < gradients.size(); ++t) {
      if (gradients[t].defined()) {
        gradient_of(t).copy_(gradients[t]);
      } else {
        gradient_of(t).zero_();
      }
    }
    give_back_buffers();
    return loss.item<double>();
  } catch (const std::exception& problem) {
    throw std::runtime_error(fmt::format("{}: {}", file_, reason(problem)));
  }
}

at::Tensor TorchScriptNetwork::compute_logits(const at::Tensor& inputs) {
  const c10::InferenceMode recording(false);
  const at::NoGradGuard no_autograd;
  take_over_model();
  return scores(inputs, false);
}

}  // namespace tardigrad
