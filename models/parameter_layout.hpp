/// The tensors of a model, in the order in which they stand in the flat parameter vector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tardigrad {

struct ParameterTensor {
  std::string name;
  std::vector<std::int64_t> shape;

  std::int64_t numel() const;
};

struct ParameterLayout {
  std::vector<ParameterTensor> tensors;
  /// False for the null model: it has a size but no values, and its flat vector stays empty.
  bool has_values = true;

  std::int64_t numel() const;
};

}  // namespace tardigrad
