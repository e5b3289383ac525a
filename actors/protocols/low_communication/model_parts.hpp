/// A model cut into parts of whole tensors, which travel and are merged one after the other.
#pragma once

#include <cstdint>
#include <vector>

#include "models/parameter_layout.hpp"
#include "models/values.hpp"

namespace tardigrad {

/// Consecutive values of a model that belong to one tensor.
struct TensorRange {
  std::uint64_t begin = 0;
  std::uint64_t count = 0;
  bool embedding = false;
};

/// One part: some tensors, in the model's order.
using ModelPart = std::vector<TensorRange>;

/// The shared tensors in at most `parts` parts, none of them empty: tensor t belongs to part t mod P, as strided
/// fragments of layers do. Without a layout the model is one tensor. A tensor with two dimensions and "embed" in its
/// name is an embedding.
std::vector<ModelPart> strided_parts(const ParameterLayout* layout, std::uint64_t parameters, std::uint64_t parts);

/// The number of values of a part.
std::uint64_t size_of(const ModelPart& part);

/// The values of a part, one tensor behind the other; none of a model without values.
Values gather(const Values& model, const ModelPart& part);

/// Puts the values of a part back.
void scatter(const Values& values, const ModelPart& part, Values& model);

}  // namespace tardigrad
