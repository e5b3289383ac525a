/// Splits a training set over the nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/data/data_spec.hpp"
#include "models/data/label.hpp"
#include "netem/base/kind.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Positions in the training set, by node. No position belongs to two nodes.
using Shards = std::vector<std::vector<std::uint32_t>>;

struct PartitionResult {
  Shards shards;
  std::string error;  ///< one sentence (more nodes than samples, or a node without any); empty on success
};

/// Uniform in 0 .. bound - 1.
using UniformDraw = std::function<std::uint64_t(std::uint64_t bound)>;

/// The share of one node where `total` is divided as evenly as possible: if it does not divide, the first nodes
/// have one more.
std::size_t even_share(std::size_t total, NodeId nodes, NodeId node);

/// The node of each user: blocks of neighbouring users, in even shares.
std::vector<NodeId> nodes_of_users(std::uint32_t users, NodeId nodes);

/// Even shares of a shuffled set.
PartitionResult partition_iid(std::size_t samples, NodeId nodes, RandomStream stream);

/// Few classes a node: from the samples sorted by class, each node in turn cuts `per_node` stretches of equal
/// length, each at a uniformly drawn place of what remains (wrapping at its end). A node's stretches have
/// floor(floor(samples / nodes) / per_node) samples; the share to be divided by the last node is what the
/// others' shares leave of all samples. Samples left over by the divisions belong to nobody.
PartitionResult partition_shards(const std::vector<Label>& labels, NodeId nodes, std::uint32_t per_node,
                                 const UniformDraw& draw);

/// Divides every class by its own draw from the symmetric Dirichlet distribution: the smaller the concentration
/// `alpha`, the fewer nodes share a class. Fails if a node has no samples.
PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha, RandomStream stream);

/// Draws until every node has at least so many samples: as long as one has fewer, the whole partition is drawn
/// again, each time from a new stream. The first draw is the one without `at_least`. Gives up after 1,000
/// draws.
PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                    std::uint32_t at_least, std::uint64_t seed);

/// Every node has equally many samples, floor(samples / nodes), of a mix of classes that is its own draw from
/// the symmetric Dirichlet distribution over classes (Hsu, Qi, Brown 2019, arXiv 1909.06335). Nodes are served
/// in turn: exhausted classes are no longer drawn, and a node whose classes are all exhausted takes any
/// remaining samples. No node is without samples, however small the concentration `alpha`.
PartitionResult partition_dirichlet_mix(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                        RandomStream stream);

/// Each node has the samples of its users. Every user has a sample.
PartitionResult partition_by_user(const std::vector<std::uint32_t>& users, NodeId nodes);

/// What a partition is made of.
struct PartitionInput {
  const std::vector<Label>& labels;
  NodeId nodes = 0;
  std::uint64_t seed = 0;
  /// The samples' owners, of data sets that have them.
  const std::vector<std::uint32_t>& users;

  RandomStream stream() const { return RandomStream(seed, Purpose::partition); }
};

struct PartitionKind : NamedKind<PartitionSpec> {
  PartitionResult (*make)(const PartitionSpec& spec, const PartitionInput& input);
  bool splits_ratings = false;
};

/// In the order in which they are listed to the user.
const std::vector<PartitionKind>& partition_kinds();

/// The scenario's partition, drawn from the seed. `users` are the samples' owners, for data sets that have
/// them.
PartitionResult make_partition(const PartitionSpec& spec, const std::vector<Label>& labels, NodeId nodes,
                               std::uint64_t seed, const std::vector<std::uint32_t>& users = {});

}  // namespace tardigrad
