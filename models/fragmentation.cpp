#include "models/fragmentation.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "netem/base/random_stream.hpp"

namespace tardigrad {
namespace {

std::vector<std::int64_t> numels(const ParameterLayout& layout) {
  std::vector<std::int64_t> result;
  for (const ParameterTensor& tensor : layout.tensors) {
    if (tensor.is_shared) result.push_back(tensor.numel());
  }
  return result;
}

std::vector<std::int64_t> numels(const std::vector<std::vector<std::uint32_t>>& permutations) {
  std::vector<std::int64_t> result;
  for (const auto& permutation : permutations) result.push_back(static_cast<std::int64_t>(permutation.size()));
  return result;
}

std::vector<std::uint64_t> fragment_sizes(const std::vector<std::int64_t>& tensors, FragmentId count) {
  const std::int64_t total = std::accumulate(tensors.begin(), tensors.end(), std::int64_t{0});
  if (count < 1 || count > total) throw std::invalid_argument("a model of n parameters has 1 to n fragments");
  std::uint64_t regular = 0;
  for (const std::int64_t numel : tensors) regular += static_cast<std::uint64_t>(numel) / count;
  std::vector<std::uint64_t> sizes(count, regular);
  sizes.back() = static_cast<std::uint64_t>(total) - regular * (count - 1);
  return sizes;
}

std::vector<std::vector<std::uint32_t>> fragment_indices(const std::vector<std::vector<std::uint32_t>>& permutations,
                                                         FragmentId count) {
  std::vector<std::vector<std::uint32_t>> indices(count);
  if (count == 1) return indices;
  std::uint32_t base = 0;
  for (const std::vector<std::uint32_t>& permutation : permutations) {
    const std::size_t piece = permutation.size() / count;
    for (std::size_t i = 0; i < permutation.size(); ++i) {
      const std::size_t fragment = piece == 0 ? count - 1 : std::min<std::size_t>(i / piece, count - 1);
      indices[fragment].push_back(base + permutation[i]);
    }
    base += static_cast<std::uint32_t>(permutation.size());
  }
  return indices;
}

std::vector<std::vector<std::uint32_t>> draw_permutations(const ParameterLayout& layout, std::uint64_t seed) {
  RandomStream stream(seed, Purpose::fragmentation);
  std::vector<std::vector<std::uint32_t>> permutations;
  for (const std::int64_t numel : numels(layout)) {
    std::vector<std::uint32_t> order(static_cast<std::size_t>(numel));
    std::iota(order.begin(), order.end(), 0U);
    stream.shuffle(order);
    permutations.push_back(std::move(order));
  }
  return permutations;
}

}  // namespace

Fragmentation::Fragmentation(const ParameterLayout& layout, FragmentId count, std::uint64_t seed)
    : sizes_(fragment_sizes(numels(layout), count)),
      shared_(static_cast<std::uint64_t>(layout.shared_numel())),
      indices_(count) {
  if (count > 1 && layout.has_values) indices_ = fragment_indices(draw_permutations(layout, seed), count);
}

Fragmentation::Fragmentation(const std::vector<std::vector<std::uint32_t>>& permutations, FragmentId count)
    : sizes_(fragment_sizes(numels(permutations), count)),
      shared_(std::accumulate(sizes_.begin(), sizes_.end(), std::uint64_t{0})),
      indices_(fragment_indices(permutations, count)) {}

Values Fragmentation::gather(const Values& flat, FragmentId fragment) const {
  if (count() == 1) return {flat.begin(), flat.begin() + end_of_shared(flat)};
  const std::vector<std::uint32_t>& from = indices_[fragment];
  Values values(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) values[i] = flat[from[i]];
  return values;
}

void Fragmentation::scatter(const Values& fragment_values, FragmentId fragment, Values& flat) const {
  if (count() == 1) {
    std::copy(fragment_values.begin(), fragment_values.end(), flat.begin());
    return;
  }
  const std::vector<std::uint32_t>& to = indices_[fragment];
  for (std::size_t i = 0; i < to.size(); ++i) flat[to[i]] = fragment_values[i];
}

void Fragmentation::copy_unshared(const Values& from, Values& to) const {
  const std::ptrdiff_t begin = end_of_shared(from);
  std::copy(from.begin() + begin, from.end(), to.begin() + begin);
}

std::ptrdiff_t Fragmentation::end_of_shared(const Values& flat) const {
  return static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(shared_, flat.size()));
}

}  // namespace tardigrad
