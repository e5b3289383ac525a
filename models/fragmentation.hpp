/// DivShare's partition of the parameters into K fragments, the same at every node for the whole
/// run (Biswas et al., WWW 2025; spec A.3): each tensor's indices are permuted and cut into K
/// pieces, the last fragment takes every remainder. Tensors that are not shared are in no fragment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/parameter_layout.hpp"
#include "models/values.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

class Fragmentation {
 public:
  /// Permutations are drawn from the shared `seed`, one stream across all tensors. One fragment
  /// is all that is shared in its own order. Needs 1 <= count <= layout.shared_numel().
  Fragmentation(const ParameterLayout& layout, FragmentId count, std::uint64_t seed);
  /// With given permutations, one a tensor.
  Fragmentation(const std::vector<std::vector<std::uint32_t>>& permutations, FragmentId count);

  FragmentId count() const { return static_cast<FragmentId>(sizes_.size()); }
  /// Parameters in the fragment, also where the model has no values.
  std::uint64_t size(FragmentId fragment) const { return sizes_[fragment]; }
  /// Positions in the flat vector, in the order of the fragment's values; empty for one fragment
  /// (the identity) and for models without values.
  const std::vector<std::uint32_t>& indices(FragmentId fragment) const { return indices_[fragment]; }

  Values gather(const Values& flat, FragmentId fragment) const;
  void scatter(const Values& fragment_values, FragmentId fragment, Values& flat) const;
  /// What is in no fragment: copies it from one model to another.
  void copy_unshared(const Values& from, Values& to) const;

 private:
  /// In a model without values 0.
  std::ptrdiff_t end_of_shared(const Values& flat) const;

  std::vector<std::uint64_t> sizes_;
  std::uint64_t shared_;  ///< the sum of the sizes
  std::vector<std::vector<std::uint32_t>> indices_;
};

}  // namespace tardigrad
