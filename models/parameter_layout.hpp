/// The tensors of a model, in the order in which they stand in the flat parameter vector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tardigrad {

struct ParameterTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  /// False for what a network keeps beside its parameters, such as the statistics of batch normalisation: it has
  /// no gradient. Stands behind all that is trained.
  bool is_trained = true;
  /// False for what stays with its node: it is neither sent nor mixed. Stands behind all that is shared.
  bool is_shared = true;

  std::int64_t numel() const;
};

struct ParameterLayout {
  std::vector<ParameterTensor> tensors;
  /// False for the null model: it has a size but no values, and its flat vector stays empty.
  bool has_values = true;

  std::int64_t numel() const;
  /// Of the trained tensors: the first values of the vector.
  std::int64_t trained_numel() const;
  /// Of the shared tensors: so many first values of the vector are what nodes send each other.
  std::int64_t shared_numel() const;
};

}  // namespace tardigrad
