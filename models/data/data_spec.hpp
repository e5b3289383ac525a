/// The data section of a scenario: the set and its partition over nodes, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <string>

namespace tardigrad {

struct PartitionSpec {
  /// The kinds: iid, shards, dirichlet, dirichlet-mix, by-user.
  std::string kind = "iid";
  std::uint32_t per_node = 5;  ///< shards only: number of shards a node
  double alpha = 1.0;          ///< dirichlet and dirichlet-mix only: concentration
  std::uint32_t at_least = 0;  ///< dirichlet only: the partition is drawn again until every node has so many samples;
                               ///< 0: drawn once
};

struct DataSpec {
  /// `set` in a scenario: one of `dataset_kinds()`; "none" is for models without data.
  std::string kind = "fashion-mnist";
  /// The folder with the files; empty for the set's usual one.
  std::string root = {};
  PartitionSpec partition = {};
  /// text only: tokens in a sample, and what they are, characters or bytes
  std::int64_t context = 80;
  std::string tokens = "characters";
  /// tensors only: the files
  std::string train = {};
  std::string test = {};
};

}  // namespace tardigrad
