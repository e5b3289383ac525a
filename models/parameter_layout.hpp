/// The tensors of a model, in the order in which they stand in the flat parameter vector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tardigrad {

struct ParameterTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  /// False for tensors without a gradient that a network keeps beside its parameters, such as the statistics of
  /// batch normalisation. They stand behind all trained tensors.
  bool is_trained = true;
  /// False for tensors that stay with their node: they are neither sent nor mixed. They stand behind all shared
  /// tensors.
  bool is_shared = true;

  std::int64_t numel() const;
};

struct ParameterLayout {
  std::vector<ParameterTensor> tensors;
  /// False for the null model: it has a size but no values, and its flat vector stays empty.
  bool has_values = true;

  std::int64_t numel() const;
  /// The number of values of the trained tensors, which are the first ones of the vector.
  std::int64_t trained_numel() const;
  /// The number of values of the shared tensors: so many first values of the vector are what nodes send each
  /// other.
  std::int64_t shared_numel() const;
};

/// The sizes of the tensors that nodes send each other, in order; without a layout one of so many parameters.
std::vector<std::uint64_t> shared_tensor_sizes(const ParameterLayout* layout, std::uint64_t parameters);

}  // namespace tardigrad
