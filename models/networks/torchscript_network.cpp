#include "models/networks/torchscript_network.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "models/networks/module_archive.hpp"
#include "models/networks/torch_reason.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

/// Modules draw from one generator for the whole process: a module that draws locks it exclusively.
std::shared_mutex& generator_in_use() {
  static std::shared_mutex mutex;
  return mutex;
}

at::Tensor generator_state() { return at::detail::getDefaultCPUGenerator().get_state(); }

void begin_draws(std::uint64_t seed) {
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_current_seed(seed);
}

/// The strides of a plain tensor, also where a size is 1: there LibTorch counts any stride as contiguous, and
/// derives the order of the result's values from it.
at::Tensor plain(const at::Tensor& inputs) {
  const at::Tensor contiguous = inputs.contiguous();
  std::vector<std::int64_t> strides(static_cast<std::size_t>(contiguous.dim()), 1);
  for (std::size_t d = strides.size(); d-- > 1;) {
    strides[d - 1] = strides[d] * contiguous.size(static_cast<std::int64_t>(d));
  }
  return contiguous.as_strided(contiguous.sizes(), strides);
}

bool has_same_bytes(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.sizes() == y.sizes() && std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0;
}

std::string no_buffer(const std::string& attribute) {
  return fmt::format(
      "forward() changes {}, which is no buffer, so that no node could keep it: expected "
      "self.register_buffer(\"{}\", torch.tensor(...))",
      attribute, attribute.substr(attribute.rfind('.') + 1));
}

constexpr const char* kChangesParameters = "forward() changes its parameters where it does not train";
constexpr const char* kOtherResults = "forward() returns other scores for the same parameters, inputs and seed";

/// Models keep whole numbers as float32. The counter of batch normalisation may exceed their range: it is for
/// display only.
bool can_be_kept(const at::Tensor& buffer, const std::string& name) {
  constexpr std::string_view kCounter = "num_batches_tracked";
  if (buffer.is_floating_point() || buffer.scalar_type() == at::kBool) return true;
  if (name.size() >= kCounter.size() && name.substr(name.size() - kCounter.size()) == kCounter) return true;
  return buffer.to(at::kFloat).to(buffer.scalar_type()).equal(buffer);
}

std::string too_large(const std::string& buffer) {
  return fmt::format("the buffer {} has whole numbers beyond 2^24 that float32, in which models are kept, has not",
                     buffer);
}

std::string shape_text(const at::Tensor& tensor) {
  return fmt::format("{} {}", c10::toString(tensor.scalar_type()), c10::str(tensor.sizes()));
}

}  // namespace

TorchScriptNetwork::Content TorchScriptNetwork::content_of(torch::jit::Module& module, bool statistics_are_shared) {
  Content parameters, shared, local;
  std::map<const void*, at::Tensor> known;  // parameters that several modules share are saved several times
  std::vector<Slot> tied;
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
                {},
                fmt::format("parameter {}{} is of type {}, expected Float", prefix, parameter.name,
                            c10::toString(tensor.scalar_type()))};
      }
      const auto [place, is_new] = known.emplace(tensor.data_ptr(), tensor);
      if (!is_new && place->second.sizes() == tensor.sizes()) {
        torch::jit::Module(owner).setattr(parameter.name, place->second);
        tied.push_back({owner, parameter.name});
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
                {},
                fmt::format("buffer {}{} is of type {}, expected Float", prefix, buffer.name,
                            c10::toString(tensor.scalar_type()))};
      }
      if (!is_number && !can_be_kept(tensor, buffer.name)) return {{}, {}, {}, too_large(prefix + buffer.name)};
      const bool is_shared = is_number && statistics_are_shared;
      add(is_shared ? shared : local, owner, buffer.name,
          {prefix + buffer.name, tensor.sizes().vec(), false, is_shared});
    }
  }
  if (parameters.slots.empty()) return {{}, {}, {}, "no parameter of it can be trained"};
  for (Content* more : {&shared, &local}) {
    parameters.tensors.insert(parameters.tensors.end(), more->tensors.begin(), more->tensors.end());
    parameters.slots.insert(parameters.slots.end(), more->slots.begin(), more->slots.end());
  }
  parameters.tied = std::move(tied);
  return parameters;
}

NetworkResult TorchScriptNetwork::load(const ModelSpec& spec, const Problem& problem) {
  const auto refused = [&](const std::string& why) { return NetworkResult{nullptr, spec.file + ": " + why}; };
  std::optional<torch::jit::Module> module;
  try {
    const auto content = spec.content ? spec.content : module_content(spec.file);
    const std::string objection = objection_to_archive(*content);
    if (!objection.empty()) return refused(objection);
    module = torch::jit::load(reader_of(*content), at::kCPU);
  } catch (const Unusable& missing) {
    return {nullptr, missing.what()};
  } catch (const std::exception& wrong) {
    return refused(reason_not_to_open(wrong));
  }
  try {
    if (!module->find_method("forward")) return refused("it has no forward()");
    Content content = content_of(*module, spec.statistics == "averaged");
    if (!content.error.empty()) return refused(content.error);
    std::unique_ptr<TorchScriptNetwork> network(new TorchScriptNetwork(spec, problem, *module, std::move(content)));
    const std::string wrong = network->try_out(problem);
    if (!wrong.empty()) return refused(wrong);
    return {std::move(network), ""};
  } catch (const std::exception& wrong) {
    return refused(torch_reason(wrong));
  }
}

TorchScriptNetwork::TorchScriptNetwork(const ModelSpec& spec, const Problem& problem, const torch::jit::Module& module,
                                       Content content)
    : Network(content.tensors),
      file_(spec.file),
      classes_(problem.classes),
      module_(module),
      slots_(std::move(content.slots)),
      tied_(std::move(content.tied)) {
  for (std::size_t t = 0; t < slots_.size(); ++t) {
    const at::Tensor tensor = slots_[t].tensor();
    const at::Tensor values = tensor.detach().to(at::kFloat).contiguous();
    initial_.insert(initial_.end(), values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
    if (layout().tensors[t].is_trained) parameters_.push_back(tensor);
  }
  state_ = std::make_unique<ModuleState>(module_, owned_by_nodes(), parameters_);
}

Values TorchScriptNetwork::initial_model(std::uint64_t) const { return initial_; }

AttributeChoice TorchScriptNetwork::those_of(const std::vector<Slot>& slots) {
  std::set<std::pair<const void*, std::string>> chosen;
  for (const Slot& slot : slots) chosen.emplace(slot.owner._ivalue().get(), slot.name);
  return [chosen = std::move(chosen)](const torch::jit::Module& owner, const std::string& name) {
    return chosen.count({owner._ivalue().get(), name}) > 0;
  };
}

AttributeChoice TorchScriptNetwork::owned_by_nodes() const {
  std::vector<Slot> slots = slots_;
  slots.insert(slots.end(), tied_.begin(), tied_.end());
  return those_of(slots);
}

std::string TorchScriptNetwork::objection_to_state() const {
  if (forward_changes_constant(module_)) {
    return "forward() changes a tensor that is a constant of its code, and belongs to no node: expected a buffer";
  }
  const auto first_buffer = slots_.begin() + static_cast<std::ptrdiff_t>(parameters_.size());
  const std::string written =
      attribute_that_forward_writes(module_, those_of({first_buffer, slots_.end()}), owned_by_nodes());
  if (written.empty()) {
    std::vector<at::Tensor> owned;
    for (const Slot& slot : slots_) owned.push_back(slot.tensor());
    const std::string view = state_->holds_view_of(owned);
    if (view.empty()) return {};
    return fmt::format(
        "{} holds values of a parameter or buffer, and would not follow it from node to node: expected "
        "forward() to take them from there",
        view);
  }
  const bool is_parameter = std::any_of(slots_.begin(), first_buffer, [&](const Slot& slot) {
    return layout().tensors[static_cast<std::size_t>(&slot - slots_.data())].name == written;
  });
  return is_parameter ? fmt::format("forward() puts another tensor in the place of its parameter {}", written)
                      : no_buffer(written);
}

std::string TorchScriptNetwork::try_out(const Problem& problem) {
  const std::string state = objection_to_state();
  if (!state.empty()) return state;
  std::vector<std::int64_t> sizes = {2};
  sizes.insert(sizes.end(), problem.input.begin(), problem.input.end());
  const bool is_text = problem.vocabulary > 0;
  const Minibatch batch{at::zeros(sizes, is_text ? at::kLong : at::kFloat), at::zeros({2}, at::kLong)};
  if (is_text) batch.inputs[1].fill_(problem.vocabulary - 1);
  const ModuleState whole(module_, owned_by_nodes(), parameters_, std::numeric_limits<std::size_t>::max());
  Values model = initial_;
  bind(model);
  std::string wrong = try_evaluation(batch);
  const bool is_as_before = std::memcmp(model.data(), initial_.data(), model.size() * sizeof(float)) == 0;
  if (wrong.empty() && !is_as_before) wrong = kChangesParameters;
  if (wrong.empty()) wrong = try_training(batch);
  const std::string changed = wrong.empty() ? whole.changed() : "";
  return changed.empty() ? wrong : no_buffer(changed);
}

std::string TorchScriptNetwork::try_evaluation(const Minibatch& batch) {
  const at::Tensor first = evaluation_scores(batch.inputs), again = evaluation_scores(batch.inputs);
  return has_same_bytes(first, again) ? "" : kOtherResults;
}

std::string TorchScriptNetwork::try_training(const Minibatch& batch) {
  const c10::InferenceMode recording(false);
  const std::unique_lock alone(generator_in_use());
  const auto pass = [&] {
    begin_draws(batch.seed);
    take_over_model();
    return scores(batch.inputs, true);
  };
  const at::Tensor first = pass();
  if (!first.requires_grad()) return "what forward() returns does not depend on a parameter that can be trained";
  const at::Tensor drawn = generator_state();
  begin_draws(batch.seed);
  draws_ = !generator_state().equal(drawn);
  const at::Tensor second = pass();
  if (!has_same_bytes(first, second)) return kOtherResults;
  learn_from(at::cross_entropy_loss(second, batch.labels));
  return "";
}

/// The module computes on the bound vector itself, but on buffers of its own, which a module may replace.
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
  for (std::size_t t = parameters_.size(); t < slots_.size(); ++t) {
    const at::Tensor buffer = slots_[t].tensor();
    const std::string& name = layout().tensors[t].name;
    if (buffer.sizes() != parameter(t).sizes()) {
      throw std::runtime_error(fmt::format("forward() makes {} of the buffer {}, expected the sizes {} to stay",
                                           c10::str(buffer.sizes()), name, c10::str(parameter(t).sizes())));
    }
    if (!can_be_kept(buffer, name)) throw std::runtime_error(too_large(name));
    parameter(t).copy_(buffer);
  }
}

at::Tensor TorchScriptNetwork::scores(const at::Tensor& inputs, bool training) {
  const torch::jit::GraphOptimizerEnabledGuard unoptimised(false);
  module_.train(training);
  const c10::IValue result = module_.forward({plain(inputs)});
  const std::string changed = state_->changed();
  if (!changed.empty()) throw std::runtime_error(no_buffer(changed));
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
    const std::unique_lock alone(generator_in_use());
    begin_draws(batch.seed);
    return scores(batch.inputs, true);
  }
  return scores_without_drawing(batch.inputs, true, "though it drew none for inputs of zeros");
}

at::Tensor TorchScriptNetwork::scores_without_drawing(const at::Tensor& inputs, bool training, const char* where) {
  const std::shared_lock nobody_draws(generator_in_use());
  const at::Tensor before = generator_state();
  const at::Tensor result = scores(inputs, training);
  if (generator_state().equal(before)) return result;
  throw std::runtime_error(fmt::format("forward() draws random numbers {}", where));
}

void TorchScriptNetwork::learn_from(const at::Tensor& loss) {
  const auto gradients = torch::autograd::grad({loss}, parameters_, {}, c10::nullopt, false, true);
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    if (gradients[t].defined()) {
      gradient_of(t).copy_(gradients[t]);
    } else {
      gradient_of(t).zero_();
    }
  }
  give_back_buffers();
}

template <class Work>
auto TorchScriptNetwork::naming_the_file(Work work) const {
  try {
    return work();
  } catch (const std::exception& problem) {
    throw std::runtime_error(fmt::format("{}: {}", file_, torch_reason(problem)));
  }
}

double TorchScriptNetwork::compute_loss_and_gradient(const Minibatch& batch) {
  const c10::InferenceMode recording(false);
  return naming_the_file([&] {
    take_over_model();
    const at::Tensor loss = at::cross_entropy_loss(training_scores(batch), batch.labels);
    learn_from(loss);
    return loss.item<double>();
  });
}

at::Tensor TorchScriptNetwork::evaluation_scores(const at::Tensor& inputs) {
  const c10::InferenceMode recording(false);
  const at::NoGradGuard no_autograd;
  const auto versions = [&] {
    std::int64_t sum = 0;
    for (const at::Tensor& parameter : parameters_) sum += parameter._version();
    return sum;
  };
  take_over_model();
  const std::int64_t before = versions();
  const at::Tensor result = scores_without_drawing(inputs, false, "where it does not train");
  if (versions() != before) throw std::runtime_error(kChangesParameters);
  return result;
}

at::Tensor TorchScriptNetwork::compute_logits(const at::Tensor& inputs) {
  return naming_the_file([&] { return evaluation_scores(inputs); });
}

}  // namespace tardigrad
