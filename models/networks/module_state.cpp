#include "models/networks/module_state.hpp"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace tardigrad {
namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

/// Objects can hold each other in a circle.
constexpr int kDeepest = 32;

/// True for the attribute that is set anew before every pass.
bool is_mode(const std::string& name) { return name == "training"; }

bool is_plain(const at::Tensor& tensor) {
  return tensor.defined() && tensor.layout() == at::kStrided && tensor.device().is_cpu() && !tensor.is_quantized();
}

/// The parts of a value that is no tensor; nothing if it has none.
std::optional<std::vector<c10::IValue>> parts_of(const c10::IValue& value) {
  if (value.isTuple()) return value.toTupleRef().elements().vec();
  if (value.isList()) return value.toListRef().vec();
  if (value.isObject()) return value.toObjectRef().slots();
  if (!value.isGenericDict()) return std::nullopt;
  std::vector<c10::IValue> parts;
  for (const auto& entry : value.toGenericDict()) {
    parts.push_back(entry.key());
    parts.push_back(entry.value());
  }
  return parts;
}

bool is_same_number(double a, double b) { return std::memcmp(&a, &b, sizeof(double)) == 0; }

/// Compares values without parts. Values of immutable kinds count as equal.
bool is_same_whole(const c10::IValue& a, const c10::IValue& b) {
  if (a.tagKind() != b.tagKind()) return false;
  if (a.isInt()) return a.toInt() == b.toInt();
  if (a.isBool()) return a.toBool() == b.toBool();
  if (a.isDouble()) return is_same_number(a.toDouble(), b.toDouble());
  if (a.isString()) return a.toStringRef() == b.toStringRef();
  if (a.isComplexDouble()) {
    const auto x = a.toComplexDouble(), y = b.toComplexDouble();
    return is_same_number(x.real(), y.real()) && is_same_number(x.imag(), y.imag());
  }
  if (a.isEnum()) return a.toEnumHolder()->name() == b.toEnumHolder()->name();
  return true;
}

}  // namespace

ModuleState::ModuleState(const torch::jit::Module& module, const AttributeChoice& is_owned,
                         const std::vector<at::Tensor>& parameters, std::size_t most_bytes)
    : most_bytes_(most_bytes) {
  for (const at::Tensor& parameter : parameters) parameters_.insert(parameter.unsafeGetTensorImpl());
  for (const auto& named : module.named_modules()) {
    const torch::jit::Module& owner = named.value;
    const auto type = owner.type();
    for (std::size_t slot = 0; slot < type->numAttributes(); ++slot) {
      const std::string& name = type->getAttributeName(slot);
      const c10::IValue& value = owner._ivalue()->getSlot(slot);
      if (value.isModule() || is_mode(name) || is_owned(owner, name)) continue;
      attributes_.push_back({owner, slot, named.name.empty() ? name : named.name + "." + name, keep(value, 0)});
    }
  }
}

std::string ModuleState::changed() const {
  for (const Attribute& attribute : attributes_) {
    if (!is_as_kept(attribute.owner._ivalue()->getSlot(attribute.slot), attribute.kept, 0)) return attribute.name;
  }
  return {};
}

std::string ModuleState::holds_view_of(const std::vector<at::Tensor>& tensors) const {
  std::set<const void*> storages;
  for (const at::Tensor& tensor : tensors) storages.insert(tensor.storage().data());
  storages.erase(nullptr);
  for (const Attribute& attribute : attributes_) {
    if (has_view(attribute.kept, storages)) return attribute.name;
  }
  return {};
}

bool ModuleState::has_view(const Kept& kept, const std::set<const void*>& storages) {
  if (kept.value.isTensor()) {
    const at::Tensor& tensor = kept.value.toTensor();
    return is_plain(tensor) && !kept.is_parameter && storages.count(tensor.storage().data()) > 0;
  }
  return std::any_of(kept.parts.begin(), kept.parts.end(), [&](const Kept& part) { return has_view(part, storages); });
}

ModuleState::Kept ModuleState::keep(const c10::IValue& value, int depth) const {
  Kept kept;
  kept.value = value;
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    kept.is_parameter = parameters_.count(tensor.unsafeGetTensorImpl()) > 0;
    if (!tensor.defined() || kept.is_parameter) return kept;
    kept.version = tensor._version();
    if (!is_plain(tensor)) return kept;
    kept.address = tensor.data_ptr();
    kept.bytes = bytes_of(tensor);
  } else if (const auto parts = parts_of(value); parts && depth < kDeepest) {
    for (const c10::IValue& part : *parts) kept.parts.push_back(keep(part, depth + 1));
  }
  return kept;
}

bool ModuleState::is_as_kept(const c10::IValue& value, const Kept& kept, int depth) const {
  if (value.isNone() && kept.value.isNone()) return true;
  if (value.tagKind() != kept.value.tagKind()) return false;
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (!tensor.is_same(kept.value.toTensor())) return false;
    if (!tensor.defined() || kept.is_parameter) return true;
    if (tensor._version() != kept.version) return false;
    if (!is_plain(tensor)) return true;
    return tensor.data_ptr() == kept.address && bytes_of(tensor) == kept.bytes;
  }
  const auto parts = parts_of(value);
  if (!parts) return is_same_whole(value, kept.value);
  if (depth >= kDeepest) return true;
  if (parts->size() != kept.parts.size()) return false;
  for (std::size_t i = 0; i < parts->size(); ++i) {
    if (!is_as_kept((*parts)[i], kept.parts[i], depth + 1)) return false;
  }
  return true;
}

std::string ModuleState::bytes_of(const at::Tensor& tensor) const {
  if (tensor.nbytes() > most_bytes_) return {};
  const at::Tensor values = tensor.detach().contiguous();
  return {static_cast<const char*>(values.data_ptr()), values.nbytes()};
}

namespace {

/// A module in a module: `path` stands before its attributes' names.
struct Place {
  torch::jit::Module module;
  std::string path;
};

void for_each_node(Block* block, const std::function<void(Node*)>& visit) {
  // The visit may remove a node.
  for (auto node = block->nodes().begin(); node != block->nodes().end();) {
    Node* const here = *node++;
    for (Block* inner : here->blocks()) for_each_node(inner, visit);
    visit(here);
  }
}

bool can_change_in_place(const c10::TypePtr& type) {
  if (const auto optional = type->cast<c10::OptionalType>()) return can_change_in_place(optional->getElementType());
  return type->isSubtypeOf(*c10::TensorType::get()) || type->kind() == c10::TypeKind::ListType ||
         type->kind() == c10::TypeKind::DictType;
}

/// The code of forward() with all called functions inlined.
class Forward {
 public:
  explicit Forward(const torch::jit::Module& module)
      : module_(module), graph_(module.get_method("forward").graph()->copy()) {
    torch::jit::Inline(*graph_);
    leave_out_dead_branches();
  }

  std::string written(const AttributeChoice& may_be_set, const AttributeChoice& may_be_changed) const {
    std::string found;
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() != c10::prim::SetAttr || !found.empty()) return;
      found = name_of(node->input(0), node->s(c10::attr::name), may_be_set);
    });
    return found.empty() ? changed_in_place(may_be_changed) : found;
  }

  bool changes_constant() const {
    std::vector<Node*> constants;
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() == c10::prim::Constant && node->output()->type()->isSubtypeOf(*c10::TensorType::get())) {
        constants.push_back(node);
      }
    });
    if (constants.empty() || !is_all_seen()) return false;
    const torch::jit::AliasDb aliases(graph_);
    return std::any_of(constants.begin(), constants.end(),
                       [&](Node* node) { return aliases.hasWriters(node->output()); });
  }

 private:
  /// The outcome of a branch on an attribute that nobody sets is known.
  void leave_out_dead_branches() {
    std::set<std::pair<std::string, std::string>> set;
    const auto place = [](Node* node) {
      return std::pair(node->input(0)->type()->repr_str(), node->s(c10::attr::name));
    };
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() == c10::prim::SetAttr) set.insert(place(node));
    });
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() != c10::prim::GetAttr || set.count(place(node)) > 0) return;
      if (is_mode(node->s(c10::attr::name))) return;
      const auto owner = module_at(node->input(0));
      if (!owner) return;
      const c10::IValue value = owner->module.attr(node->s(c10::attr::name));
      if (!value.isNone() && !value.isInt() && !value.isBool() && !value.isDouble() && !value.isString()) return;
      const torch::jit::WithInsertPoint here(node);
      node->output()->replaceAllUsesWith(graph_->insertConstant(value));
      node->destroy();
    });
    torch::jit::ConstantPropagationImmutableTypes(graph_);
  }

  std::optional<Place> module_at(Value* object) const {
    if (object == graph_->inputs().at(0)) return Place{module_, ""};
    Node* const node = object->node();
    if (node->kind() != c10::prim::GetAttr) return std::nullopt;
    const auto owner = module_at(node->input(0));
    if (!owner) return std::nullopt;
    const std::string& name = node->s(c10::attr::name);
    const c10::IValue value = owner->module.attr(name);
    if (!value.isModule()) return std::nullopt;
    return Place{value.toModule(), owner->path + name + "."};
  }

  /// The attribute's name, or nothing if it is excepted.
  std::string name_of(Value* object, const std::string& name, const AttributeChoice& is_excepted) const {
    if (const auto owner = module_at(object)) return is_excepted(owner->module, name) ? "" : owner->path + name;
    const auto type = object->type()->cast<c10::ClassType>();
    return type && type->is_module() ? name : "";
  }

  std::string changed_in_place(const AttributeChoice& may_be_changed) const {
    if (!is_all_seen()) return {};
    std::vector<Node*> read;
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() == c10::prim::GetAttr) read.push_back(node);
    });
    const torch::jit::AliasDb aliases(graph_);
    for (Node* node : read) {
      const auto type = node->output()->type();
      if (!can_change_in_place(type) || !aliases.hasWriters(node->output())) continue;
      const std::string found = name_of(node->input(0), node->s(c10::attr::name), may_be_changed);
      if (!found.empty()) return found;
    }
    return {};
  }

  /// A call that cannot be followed counts as a write to all its arguments.
  bool is_all_seen() const {
    bool is_followed = true;
    for_each_node(graph_->block(), [&](Node* node) {
      if (node->kind() == c10::prim::CallMethod || node->kind() == c10::prim::CallFunction) is_followed = false;
    });
    return is_followed;
  }

  torch::jit::Module module_;
  std::shared_ptr<Graph> graph_;
};

}  // namespace

std::string attribute_that_forward_writes(const torch::jit::Module& module, const AttributeChoice& may_be_set,
                                          const AttributeChoice& may_be_changed) {
  return Forward(module).written(may_be_set, may_be_changed);
}

bool forward_changes_constant(const torch::jit::Module& module) { return Forward(module).changes_constant(); }

}  // namespace tardigrad
