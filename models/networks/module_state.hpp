/// What a module keeps besides its parameters and buffers: it belongs to no node, so that it must stay as it is.
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

/// Whether this attribute of a module is meant: one that belongs to a node, say.
using AttributeChoice = std::function<bool(const torch::jit::Module& owner, const std::string& name)>;

/// The attributes of a module and of all modules in it that belong to no node, as they were when this was made. They
/// are compared as deep as they go: lists, dicts and tuples by what is in them, tensors by being the same one, which
/// nobody has written to, and by their bytes where these are few.
class ModuleState {
 public:
  /// `is_owned` chooses what belongs to nodes, and `parameters` are the tensors of it that others may hold, too, as an
  /// LSTM does in a list: what they have in them does not count. `most_bytes`: of a tensor that is compared by its
  /// bytes, too.
  ModuleState(const torch::jit::Module& module, const AttributeChoice& is_owned,
              const std::vector<at::Tensor>& parameters, std::size_t most_bytes = std::size_t{64} << 10);

  /// The name of an attribute that holds another view of values of these tensors; empty if there is none. It would not
  /// follow them from node to node.
  std::string holds_view_of(const std::vector<at::Tensor>& tensors) const;

  /// The name of an attribute that has changed, as "encoder.calls"; empty if there is none.
  std::string changed() const;

 private:
  /// A value, with copies of all that can change in its place.
  struct Kept {
    bool is_parameter = false;
    c10::IValue value;        ///< tensors are the attribute's own ones
    std::vector<Kept> parts;  ///< of a list, tuple, dict (keys and values in turn) or object
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

  std::set<const void*> parameters_;  ///< TensorImpls
  std::size_t most_bytes_;
  std::vector<Attribute> attributes_;
};

/// The name of an attribute that forward() may set though it is none of `may_be_set`, or change in its place though it
/// is none of `may_be_changed`, by its code alone, whatever it computes with; empty if there is none. Branches that
/// attributes never lead to do not count. In-place changes of what is in lists, tuples and dicts are not seen.
std::string attribute_that_forward_writes(const torch::jit::Module& module, const AttributeChoice& may_be_set,
                                          const AttributeChoice& may_be_changed);

}  // namespace tardigrad
