/// Some of the values of a vector, with where they belong, as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/codecs/codec.hpp"
#include "models/codecs/encoded_bytes.hpp"
#include "models/values.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

/// Indices strictly ascending, one value each. Who chose them, and by which scores, does not matter here.
struct SparseValues {
  std::vector<std::uint32_t> indices;
  Values values;
};

/// The values at these indices.
Values gather(const Values& all, const std::vector<std::uint32_t>& indices);
/// Overwrites them. Indices below all.size(), as many as `chosen`.
void scatter(const Values& chosen, const std::vector<std::uint32_t>& indices, Values& all);

/// The values as `value_codec` (dense) has them, then the block of indices (`append_index_block`): 4 k bytes for k
/// values of float32, 16 for the block, and the gaps' bits. Nothing chosen: no bytes.
EncodedBytes encode_sparse(const SparseValues& chosen, const Codec& value_codec, RandomStream& draws);

/// Nothing where encode_sparse() makes no such bytes of values chosen from `count`. The message says how many.
std::optional<SparseValues> decode_sparse(const EncodedBytes& bytes, std::uint64_t count, const Codec& value_codec);

/// Mean size of `chosen` out of `count` values at uniformly random places.
Bytes typical_sparse_size(std::uint64_t chosen, std::uint64_t count, const Codec& value_codec);

}  // namespace tardigrad
