/// The compression of SparseLoCo (Sarfi, Thérien, Lidin, Belilovsky: "Communication Efficient LLM Pre-training with
/// SparseLoCo", 2025, arXiv 2508.15706): of every chunk of a tensor the values of largest magnitude, two bits each.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/codecs/sparse_encoding.hpp"
#include "models/values.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Tensors are cut into chunks of `chunk` values, the last of which may be smaller; of a chunk the k largest are sent,
/// or all if it has no more. All chosen values v of a tensor are quantized together:
///
///     c = v - mean(v),   scale = 1.5 sqrt(sum of c^2 / (count - 1)), or 1 where that is 0 or undefined
///     code = c / scale + 2, rounded, halves to even, within 0 .. 3
///     table[code] = mean of the c with this code, or 0 if there are none;   the value sent is table[code] + mean(v)
///
/// so that their mean is exact. On the wire: for each tensor mean and table (20 bytes), then for each value its code
/// and its place within the chunk, in as many bits as the places of a chunk need.
///
/// A tensor with a chosen value that is not finite is sent as NaN: a diverged model shows that it has diverged.
class ChunkedTopK {
 public:
  /// `tensors`: number of values of each; `chunk` and `k` are above 0.
  ChunkedTopK(std::vector<std::uint64_t> tensors, std::uint32_t chunk, std::uint32_t k);

  EncodedBytes encode(const Values& values) const;
  /// Nothing if encode() never produces these bytes: they may come from another host.
  std::optional<SparseValues> decode(const EncodedBytes& bytes) const;
  /// The same for all vectors.
  Bytes size() const { return size_; }

 private:
  /// A chunk's place in the vector and the number of its values that are sent.
  struct Chunk {
    std::uint64_t begin;
    std::uint32_t size;
    std::uint32_t sent;
  };
  std::vector<Chunk> chunks_of(std::size_t tensor) const;

  std::vector<std::uint64_t> begins_;  ///< of the tensors, and the end of the last
  std::uint32_t chunk_;
  std::uint32_t k_;
  unsigned place_bits_;
  Bytes size_ = 0;
};

}  // namespace tardigrad
