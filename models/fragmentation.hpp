/// DivShare's partition of the parameters into K fragments, the same at every node for the whole run (Biswas et
/// al., WWW 2025). The m indices of each tensor are permuted and cut into K pieces: fragment k < K - 1 gets
/// floor(m / K) of them, the last fragment the rest. Tensors that are not shared are in no fragment.
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
  /// Permutations are drawn from the shared `seed`, one stream across all tensors. A single fragment holds all
  /// shared parameters in their own order. Needs 1 <= count <= layout.shared_numel().
  Fragmentation(const ParameterLayout& layout, FragmentId count, std::uint64_t seed);
  /// Takes given permutations, one for each tensor.
  Fragmentation(const std::vector<std::vector<std::uint32_t>>& permutations, FragmentId count);

  FragmentId count() const { return static_cast<FragmentId>(sizes_.size()); }
  /// The number of parameters in the fragment, also for models without values.
  std::uint64_t size(FragmentId fragment) const { return sizes_[fragment]; }
  /// Positions in the flat vector, in the order of the fragment's values; empty for a single fragment (the
  /// identity) and for models without values.
  const std::vector<std::uint32_t>& indices(FragmentId fragment) const { return indices_[fragment]; }

  Values gather(const Values& flat, FragmentId fragment) const;
  void scatter(const Values& fragment_values, FragmentId fragment, Values& flat) const;
  /// Copies the parameters that are in no fragment from one model to another.
  void copy_unshared(const Values& from, Values& to) const;

 private:
  /// 0 for a model without values.
  std::ptrdiff_t end_of_shared(const Values& flat) const;

  std::vector<std::uint64_t> sizes_;
  std::uint64_t shared_;  ///< sum of all sizes
  std::vector<std::vector<std::uint32_t>> indices_;
};

}  // namespace tardigrad
