#include "models/parameter_layout.hpp"

#include <functional>
#include <numeric>

namespace tardigrad {

std::int64_t ParameterTensor::numel() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t ParameterLayout::numel() const {
  std::int64_t sum = 0;
  for (const ParameterTensor& tensor : tensors) sum += tensor.numel();
  return sum;
}

}  // namespace tardigrad
