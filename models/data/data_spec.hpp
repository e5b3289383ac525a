/// What a scenario says about its data set and how the nodes share it, already checked for types and ranges.
#pragma once

#include <cstdint>
#include <string>

namespace tardigrad {

struct PartitionSpec {
  /// iid, shards, dirichlet, dirichlet-mix, by-user.
  std::string kind = "iid";
  std::uint32_t per_node = 5;  ///< shards only: shards a node
  double alpha = 1.0;          ///< dirichlet and dirichlet-mix only: concentration
  std::uint32_t at_least = 0;  ///< dirichlet only: drawn again until every node has so many samples; 0: drawn once
};

struct DataSpec {
  /// One of `dataset_kinds()`; none is for the null model.
  std::string set = "fashion-mnist";
  /// Folder with the files; empty for the set's usual place.
  std::string root = {};
  PartitionSpec partition = {};
  /// tensors only: the files.
  std::string train = {};
  std::string test = {};
};

}  // namespace tardigrad
