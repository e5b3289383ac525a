/// State that a module keeps besides its parameters and buffers: it belongs to no node, so that it must not
/// change.
#pragma once

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/api/module.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace tardigrad {

/// Chooses attributes of a module, such as those that belong to a node.
using AttributeChoice = std::function<bool(const torch::jit::Module& owner, const std::string& name)>;

/// The attributes of a module and of all modules in it that belong to no node, as they were at construction.
/// They are compared in depth: lists, dicts and tuples by their content, tensors by identity, by being
/// unwritten, and by their bytes where these are few.
class ModuleState {
 public:
  /// `is_owned` chooses the attributes that belong to nodes. `parameters` are those of their tensors that other
  /// attributes may hold as well, as an LSTM does in a list: their values are not compared. `most_bytes` is the
  /// greatest size of a tensor that is compared by its bytes.
  ModuleState(const torch::jit::Module& module, const AttributeChoice& is_owned,
              const std::vector<at::Tensor>& parameters, std::size_t most_bytes = std::size_t{64} << 10);

  /// The name of an attribute that holds another view of these tensors' values; empty if there is none. Such a
  /// view would not follow the tensors from node to node.
  std::string holds_view_of(const std::vector<at::Tensor>& tensors) const;

  /// The name of an attribute that has changed, as "encoder.calls"; empty if there is none.
  std::string changed() const;

 private:
  /// A value with copies of all its mutable parts.
  struct Kept {
    bool is_parameter = false;
    c10::IValue value;        ///< tensors are shared with the attribute
    std::vector<Kept> parts;  ///< parts of a list, tuple, dict (keys and values in turn) or object
    std::int64_t version = 0;
    const void* address = nullptr;
    std::string bytes = {};
  };
  struct Attribute {
    torch::jit::Module owner;
    std::size_t slot;
    std::string name;
    Kept kept;
  };

  Kept keep(const c10::IValue& value, int depth) const;
  static bool has_view(const Kept& kept, const std::set<const void*>& storages);
  bool is_as_kept(const c10::IValue& value, const Kept& kept, int depth) const;
  std::string bytes_of(const at::Tensor& tensor) const;

  std::set<const void*> parameters_;  ///< addresses of TensorImpls
  std::size_t most_bytes_;
  std::vector<Attribute> attributes_;
};

/// Looks only at the code: the name of an attribute that forward() may set though it is none of `may_be_set`,
/// or change in its place though it is none of `may_be_changed`; empty if there is none. Branches that
/// attributes never lead to do not count. In-place changes inside lists, tuples and dicts are not seen.
std::string attribute_that_forward_writes(const torch::jit::Module& module, const AttributeChoice& may_be_set,
                                          const AttributeChoice& may_be_changed);

/// Looks only at the code, as above: true if forward() may change in its place a tensor that is a constant of the code.
/// A traced function has such tensors for all that it found outside of itself.
bool forward_changes_constant(const torch::jit::Module& module);

}  // namespace tardigrad
