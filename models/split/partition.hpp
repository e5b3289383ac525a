/// How a training set is split over the nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/data/data_spec.hpp"
#include "models/data/label.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Per node, positions in the training set. No position belongs to two nodes.
using Shards = std::vector<std::vector<std::uint32_t>>;

struct PartitionResult {
  Shards shards;
  std::string error;  ///< empty if all is well, else one sentence: more nodes than samples, or a node without any
};

/// Uniform in 0 .. bound - 1.
using UniformDraw = std::function<std::uint64_t(std::uint64_t bound)>;

/// How many of `total` this node has, where they are dealt out as evenly as can be: where it does not divide, the first
/// nodes have one more.
std::size_t even_share(std::size_t total, NodeId nodes, NodeId node);

/// Whose users these are: user by user, the node. Blocks of neighbours, in even shares.
std::vector<NodeId> nodes_of_users(std::uint32_t users, NodeId nodes);

/// Even shares of a shuffled set.
PartitionResult partition_iid(std::size_t samples, NodeId nodes, RandomStream stream);

/// Few classes a node (spec D.2): from the samples sorted by class, each node in turn cuts `per_node`
/// stretches of equal length, each at a uniformly drawn place of what remains (wrapping at its end). A
/// node's stretches have floor(floor(samples / nodes) / per_node) samples; the last node's share is
/// what the others' leave of all samples. The rest of the divisions belongs to nobody.
PartitionResult partition_shards(const std::vector<Label>& labels, NodeId nodes, std::uint32_t per_node,
                                 const UniformDraw& draw);

/// Every class is shared out by its own draw from the symmetric Dirichlet distribution: the smaller
/// the concentration `alpha`, the fewer the nodes that share a class. Nodes may come out without samples: then it
/// fails.
PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha, RandomStream stream);

/// The same, with at least so many samples at every node: as long as one has fewer, the whole partition is drawn again,
/// each time from a stream of its own. The first draw is the one without `at_least`. Gives up after 1,000 draws.
PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                    std::uint32_t at_least, std::uint64_t seed);

/// Every node has equally many samples, floor(samples / nodes), of a mix of classes that is its own draw from the
/// symmetric Dirichlet distribution over classes (Hsu, Qi, Brown 2019, arXiv 1909.06335). Nodes are served in turn: of
/// a class that is used up nothing more is drawn, and a node that has none but such classes left takes what remains,
/// whatever its class. No node is without samples, however small the concentration `alpha`.
PartitionResult partition_dirichlet_mix(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                        RandomStream stream);

/// Each node has the samples of its users. Every user has a sample.
PartitionResult partition_by_user(const std::vector<std::uint32_t>& users, NodeId nodes);

/// As the scenario says, drawn from the seed. `users`: whose the samples are, where the data set knows.
PartitionResult make_partition(const PartitionSpec& spec, const std::vector<Label>& labels, NodeId nodes,
                               std::uint64_t seed, const std::vector<std::uint32_t>& users = {});

}  // namespace tardigrad
