#include "models/codecs/sparse_encoding.hpp"

#include <utility>

#include "models/codecs/elias_gamma.hpp"

namespace tardigrad {

Values gather(const Values& all, const std::vector<std::uint32_t>& indices) {
  Values chosen(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) chosen[i] = all[indices[i]];
  return chosen;
}

void scatter(const Values& chosen, const std::vector<std::uint32_t>& indices, Values& all) {
  for (std::size_t i = 0; i < indices.size(); ++i) all[indices[i]] = chosen[i];
}

EncodedBytes encode_sparse(const SparseValues& chosen, const Codec& value_codec, RandomStream& draws) {
  EncodedBytes bytes = value_codec.encode(chosen.values, draws);
  append_index_block(chosen.indices, bytes);
  return bytes;
}

std::optional<SparseValues> decode_sparse(const EncodedBytes& bytes, std::uint64_t count, const Codec& value_codec) {
  auto block = read_index_block(bytes, count);
  if (!block) return std::nullopt;
  const EncodedBytes encoded_values(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(block->size));
  SparseValues chosen{std::move(block->indices), {}};
  chosen.values.resize(chosen.indices.size());
  if (!value_codec.decode(encoded_values, chosen.values)) return std::nullopt;
  return chosen;
}

Bytes typical_sparse_size(std::uint64_t chosen, std::uint64_t count, const Codec& value_codec) {
  return value_codec.typical_size(chosen) + typical_index_block_size(chosen, count);
}

}  // namespace tardigrad
