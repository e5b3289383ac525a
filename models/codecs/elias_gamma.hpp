/// Encodes sorted indices as the gaps between them, small gaps in few bits (Elias 1975; JWINS, Dhasade et al.
/// 2023).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/codecs/bit_stream.hpp"
#include "models/codecs/encoded_bytes.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// `value` >= 1: floor(log2 value) zeros, then `value` in binary, the most significant bit first.
void write_elias_gamma(std::uint32_t value, BitWriter& bits);
/// Nothing if the bits are no number of 32 bits.
std::optional<std::uint32_t> read_elias_gamma(BitReader& bits);

/// Appends strictly ascending indices as a block whose length can be read from its end:
///   the gaps as Elias gamma, padded to a byte | first index | bits of the gaps + 128
/// The latter two have 8 bytes each. One index takes 16 bytes, none takes no bytes.
void append_index_block(const std::vector<std::uint32_t>& indices, EncodedBytes& bytes);

struct IndexBlock {
  std::vector<std::uint32_t> indices;
  std::size_t size = 0;  ///< number of bytes at the end of the input
};

/// Reads the block at the end of `bytes`. Nothing if there is no block of strictly ascending indices below
/// `bound`.
std::optional<IndexBlock> read_index_block(const EncodedBytes& bytes, std::uint64_t bound);

/// The mean number of bits of a gap if each position is taken with probability `density` > 0: 1 + 2 sum over j
/// >= 1 of (1 - density)^(2^j - 1).
double mean_gap_bits(double density);
/// The mean number of bytes of a block of `chosen` out of `count` indices at uniformly random places.
Bytes typical_index_block_size(std::uint64_t chosen, std::uint64_t count);

}  // namespace tardigrad
