#include "models/split/partition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/nodes_text.hpp"

namespace tardigrad {
namespace {

/// Enough draws for a partition that comes out once in some hundred; a hopeless one is refused in seconds.
constexpr std::uint64_t kMostDraws = 1000;
constexpr const char* kSample = "training sample";

std::vector<std::uint32_t> positions(std::size_t samples) {
  std::vector<std::uint32_t> all(samples);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

std::vector<std::uint32_t> sorted_by_class(const std::vector<Label>& labels) {
  std::vector<std::uint32_t> order = positions(labels.size());
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return labels[a] < labels[b]; });
  return order;
}

std::vector<std::vector<std::uint32_t>> by_class(const std::vector<Label>& labels) {
  std::vector<std::vector<std::uint32_t>> classes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes.size()) classes.resize(labels[i] + std::size_t{1});
    classes[labels[i]].push_back(static_cast<std::uint32_t>(i));
  }
  return classes;
}

/// Moves `length` samples from `start` on (wrapping) out of `remaining` to the end of `shard`.
void cut(std::vector<std::uint32_t>& remaining, std::size_t start, std::size_t length,
         std::vector<std::uint32_t>& shard) {
  const std::size_t to_end = std::min(length, remaining.size() - start);
  const auto first = remaining.begin() + static_cast<std::ptrdiff_t>(start);
  shard.insert(shard.end(), first, first + static_cast<std::ptrdiff_t>(to_end));
  remaining.erase(first, first + static_cast<std::ptrdiff_t>(to_end));
  const auto wrapped = remaining.begin() + static_cast<std::ptrdiff_t>(length - to_end);
  shard.insert(shard.end(), remaining.begin(), wrapped);
  remaining.erase(remaining.begin(), wrapped);
}

/// One draw from the symmetric Dirichlet distribution, as `count` shares that sum to one.
std::vector<double> dirichlet(std::size_t count, double alpha, RandomStream& stream) {
  std::vector<double> shares(count);
  for (double& share : shares) share = stream.gamma(alpha);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (sum > 0 && std::isfinite(sum)) {
    for (double& share : shares) share /= sum;
  } else {  // all draws have underflowed at so small a concentration: one share gets everything
    std::fill(shares.begin(), shares.end(), 0.0);
    shares[stream.below(count)] = 1;
  }
  return shares;
}

void deal(const std::vector<std::uint32_t>& samples, const std::vector<double>& shares, Shards& shards) {
  double share = 0;
  std::size_t begin = 0;
  for (std::size_t node = 0; node < shards.size(); ++node) {
    share += shares[node];
    const bool last = node + 1 == shards.size();
    const auto cumulated = static_cast<std::size_t>(share * static_cast<double>(samples.size()));
    const std::size_t end = last ? samples.size() : std::clamp(cumulated, begin, samples.size());
    shards[node].insert(shards[node].end(), samples.begin() + static_cast<std::ptrdiff_t>(begin),
                        samples.begin() + static_cast<std::ptrdiff_t>(end));
    begin = end;
  }
}

Shards drawn_shards(const std::vector<Label>& labels, NodeId nodes, double alpha, RandomStream stream) {
  Shards shards(nodes);
  for (std::vector<std::uint32_t>& samples : by_class(labels)) {
    stream.shuffle(samples);
    deal(samples, dirichlet(nodes, alpha, stream), shards);
  }
  return shards;
}

std::size_t fewest_samples(const Shards& shards) {
  const auto fewer = [](const auto& a, const auto& b) { return a.size() < b.size(); };
  return std::min_element(shards.begin(), shards.end(), fewer)->size();
}

/// The index of one draw in proportion to `weights`; their number if all are 0.
std::size_t draw_in_proportion(const std::vector<double>& weights, RandomStream& stream) {
  double left = stream.uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  std::size_t chosen = weights.size();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    chosen = i;  // the last index with a weight, if rounding leaves a rest
    left -= weights[i];
    if (left < 0) break;
  }
  return chosen;
}

}  // namespace

std::size_t even_share(std::size_t total, NodeId nodes, NodeId node) {
  return total / nodes + (node < total % nodes ? 1 : 0);
}

std::vector<NodeId> nodes_of_users(std::uint32_t users, NodeId nodes) {
  std::vector<NodeId> owners;
  owners.reserve(users);
  for (NodeId node = 0; node < nodes; ++node) owners.insert(owners.end(), even_share(users, nodes, node), node);
  return owners;
}

PartitionResult partition_iid(std::size_t samples, NodeId nodes, RandomStream stream) {
  if (nodes > samples) return {{}, too_few_text(samples, kSample, nodes)};
  std::vector<std::uint32_t> order = positions(samples);
  stream.shuffle(order);
  Shards shards;
  auto begin = order.begin();
  for (NodeId node = 0; node < nodes; ++node) {
    const auto end = begin + static_cast<std::ptrdiff_t>(even_share(samples, nodes, node));
    shards.emplace_back(begin, end);
    begin = end;
  }
  return {std::move(shards), ""};
}

PartitionResult partition_shards(const std::vector<Label>& labels, NodeId nodes, std::uint32_t per_node,
                                 const UniformDraw& draw) {
  const std::size_t share = labels.size() / nodes;
  if (per_node == 0 || share < per_node) {
    return {{},
            fmt::format("{} with {} shard{} each", too_few_text(labels.size(), kSample, nodes), per_node,
                        per_node == 1 ? "" : "s")};
  }
  std::vector<std::uint32_t> remaining = sorted_by_class(labels);
  Shards shards(nodes);
  for (NodeId node = 0; node < nodes; ++node) {
    const bool last = node + 1 == nodes;
    const std::size_t length = (last ? labels.size() - share * (nodes - 1) : share) / per_node;
    for (std::uint32_t s = 0; s < per_node; ++s) cut(remaining, draw(remaining.size()), length, shards[node]);
  }
  return {std::move(shards), ""};
}

PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha, RandomStream stream) {
  Shards shards = drawn_shards(labels, nodes, alpha, stream);
  const auto empty = std::find_if(shards.begin(), shards.end(), [](const auto& shard) { return shard.empty(); });
  if (empty == shards.end()) return {std::move(shards), ""};
  return {{},
          fmt::format("the dirichlet partition with alpha {} leaves node {} of {} without samples: expected at_least = "
                      "1, which draws again, a larger alpha or fewer nodes",
                      alpha, empty - shards.begin(), nodes)};
}

PartitionResult partition_dirichlet(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                    std::uint32_t at_least, std::uint64_t seed) {
  if (std::uint64_t{at_least} * nodes > labels.size()) {
    return {{}, fmt::format("{} with at_least = {} each", too_few_text(labels.size(), kSample, nodes), at_least)};
  }
  std::size_t most_of_fewest = 0;
  for (std::uint64_t attempt = 0; attempt < kMostDraws; ++attempt) {
    Shards shards = drawn_shards(labels, nodes, alpha, RandomStream(seed, Purpose::partition, 0, attempt));
    const std::size_t fewest = fewest_samples(shards);
    if (fewest >= at_least) return {std::move(shards), ""};
    most_of_fewest = std::max(most_of_fewest, fewest);
  }
  return {{},
          fmt::format("none of {} draws of the dirichlet partition with alpha {} gives each of {} nodes at_least = {} "
                      "samples, at best {}: expected a larger alpha, fewer nodes or a smaller at_least",
                      kMostDraws, alpha, nodes, at_least, most_of_fewest)};
}

PartitionResult partition_by_user(const std::vector<std::uint32_t>& users, NodeId nodes) {
  if (users.empty()) {
    return {{}, "the data set does not know whose its samples are: the by-user partition needs one that does"};
  }
  const std::uint32_t count = *std::max_element(users.begin(), users.end()) + 1;
  if (count < nodes) return {{}, too_few_text(count, "user", nodes)};
  const std::vector<NodeId> owners = nodes_of_users(count, nodes);
  Shards shards(nodes);
  for (std::size_t sample = 0; sample < users.size(); ++sample) {
    shards[owners[users[sample]]].push_back(static_cast<std::uint32_t>(sample));
  }
  return {std::move(shards), ""};
}

PartitionResult partition_dirichlet_mix(const std::vector<Label>& labels, NodeId nodes, double alpha,
                                        RandomStream stream) {
  const std::size_t share = labels.size() / nodes;
  if (share == 0) return {{}, too_few_text(labels.size(), kSample, nodes)};
  std::vector<std::vector<std::uint32_t>> remaining = by_class(labels);
  for (std::vector<std::uint32_t>& samples : remaining) stream.shuffle(samples);
  Shards shards(nodes);
  for (std::vector<std::uint32_t>& shard : shards) {
    std::vector<double> mix = dirichlet(remaining.size(), alpha, stream);
    while (shard.size() < share) {
      for (std::size_t c = 0; c < mix.size(); ++c) {
        if (remaining[c].empty()) mix[c] = 0;
      }
      std::size_t chosen = draw_in_proportion(mix, stream);
      if (chosen == mix.size()) {
        for (std::size_t c = 0; c < mix.size(); ++c) mix[c] = static_cast<double>(remaining[c].size());
        chosen = draw_in_proportion(mix, stream);
      }
      shard.push_back(remaining[chosen].back());
      remaining[chosen].pop_back();
    }
  }
  return {std::move(shards), ""};
}

const std::vector<PartitionKind>& partition_kinds() {
  using Option = KindOption<PartitionSpec>;
  static const Option alpha = Option("alpha", &PartitionSpec::alpha, "concentration").within(0.001, 1e6);
  static const std::vector<PartitionKind> kinds = {
      {{"iid", "equal shares of the shuffled samples"},
       [](const PartitionSpec&, const PartitionInput& input) {
         return partition_iid(input.labels.size(), input.nodes, input.stream());
       }},
      {{"shards",
        "each node has `per_node` stretches of the samples sorted by class",
        {Option("per_node", &PartitionSpec::per_node, "stretches a node").within(1, 1e6)}},
       [](const PartitionSpec& spec, const PartitionInput& input) {
         RandomStream stream = input.stream();
         const auto draw = [&](std::uint64_t bound) { return stream.below(bound); };
         return partition_shards(input.labels, input.nodes, spec.per_node, draw);
       }},
      {{"dirichlet",
        "each class shared out by a Dirichlet draw of concentration `alpha`, `at_least` so many samples a node",
        {alpha, Option("at_least", &PartitionSpec::at_least, "samples a node: drawn again until all have so many")
                    .within(1, 1e6)
                    .brief()}},
       [](const PartitionSpec& spec, const PartitionInput& input) {
         if (spec.at_least == 0) return partition_dirichlet(input.labels, input.nodes, spec.alpha, input.stream());
         return partition_dirichlet(input.labels, input.nodes, spec.alpha, spec.at_least, input.seed);
       }},
      {{"dirichlet-mix",
        "equally many samples, each node's mix of classes a Dirichlet draw of concentration `alpha`",
        {alpha}},
       [](const PartitionSpec& spec, const PartitionInput& input) {
         return partition_dirichlet_mix(input.labels, input.nodes, spec.alpha, input.stream());
       }},
      {{"by-user", "each node has the samples of a block of users, of a data set that knows whose they are"},
       [](const PartitionSpec&, const PartitionInput& input) { return partition_by_user(input.users, input.nodes); },
       true},
  };
  return kinds;
}

PartitionResult make_partition(const PartitionSpec& spec, const std::vector<Label>& labels, NodeId nodes,
                               std::uint64_t seed, const std::vector<std::uint32_t>& users) {
  const PartitionKind* kind = find_kind(partition_kinds(), spec);
  if (!kind) return {{}, fmt::format("there is no partition {}", spec.kind)};
  return kind->make(spec, {labels, nodes, seed, users});
}

}  // namespace tardigrad
