#include "models/parameter_layout.hpp"

#include "models/shape.hpp"

namespace tardigrad {
namespace {

template <class Condition>
std::int64_t numel_where(const std::vector<ParameterTensor>& tensors, const Condition& condition) {
  std::int64_t sum = 0;
  for (const ParameterTensor& tensor : tensors) sum += condition(tensor) ? tensor.numel() : 0;
  return sum;
}

}  // namespace

std::int64_t ParameterTensor::numel() const { return tardigrad::numel(shape); }

std::int64_t ParameterLayout::numel() const {
  return numel_where(tensors, [](const ParameterTensor&) { return true; });
}

std::int64_t ParameterLayout::trained_numel() const {
  return numel_where(tensors, [](const ParameterTensor& tensor) { return tensor.is_trained; });
}

std::int64_t ParameterLayout::shared_numel() const {
  return numel_where(tensors, [](const ParameterTensor& tensor) { return tensor.is_shared; });
}

std::vector<std::uint64_t> shared_tensor_sizes(const ParameterLayout* layout, std::uint64_t parameters) {
  if (!layout) return {parameters};
  std::vector<std::uint64_t> sizes;
  for (const ParameterTensor& tensor : layout->tensors) {
    if (tensor.is_shared) sizes.push_back(static_cast<std::uint64_t>(tensor.numel()));
  }
  return sizes;
}

}  // namespace tardigrad
