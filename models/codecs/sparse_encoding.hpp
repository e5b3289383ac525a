/// Encodes some of the values of a vector, with their positions, as bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/codecs/codec.hpp"
#include "models/codecs/encoded_bytes.hpp"
#include "models/values.hpp"
#include "netem/base/random_stream.hpp"

namespace tardigrad {

/// Strictly ascending indices, one value each. The caller chooses them, by any scores.
struct SparseValues {
  std::vector<std::uint32_t> indices;
  Values values;
};

/// The values at these indices.
Values gather(const Values& all, const std::vector<std::uint32_t>& indices);
/// Overwrites the values at these indices. Needs indices below all.size(), as many as `chosen`.
void scatter(const Values& chosen, const std::vector<std::uint32_t>& indices, Values& all);

/// The values in the encoding of `value_codec` (dense), then the block of indices (`append_index_block`): 4 k
/// bytes for k values of float32, 16 for the block, and the gaps' bits. No bytes if no value is chosen.
EncodedBytes encode_sparse(const SparseValues& chosen, const Codec& value_codec, RandomStream& draws);

/// Nothing if encode_sparse() never produces these bytes for values chosen from `count`. The message carries
/// the number of chosen values.
std::optional<SparseValues> decode_sparse(const EncodedBytes& bytes, std::uint64_t count, const Codec& value_codec);

/// The mean size of `chosen` out of `count` values at uniformly random places.
Bytes typical_sparse_size(std::uint64_t chosen, std::uint64_t count, const Codec& value_codec);

}  // namespace tardigrad
