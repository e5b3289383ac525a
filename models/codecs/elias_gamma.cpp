#include "models/codecs/elias_gamma.hpp"

#include <cmath>

namespace tardigrad {
namespace {

constexpr std::size_t kTrailer = 16;  // bytes of the first index and of the number of bits
constexpr std::uint64_t kBitsOffset = 128;

}  // namespace

void write_elias_gamma(std::uint32_t value, BitWriter& bits) {
  const auto zeros = 31U - static_cast<unsigned>(__builtin_clz(value));
  bits.write(value, 2 * zeros + 1);  // the leading zeros come from writing the number so wide
}

std::optional<std::uint32_t> read_elias_gamma(BitReader& bits) {
  const auto zeros = bits.read_zeros(31);
  return zeros ? bits.read(*zeros + 1) : std::nullopt;
}

void append_index_block(const std::vector<std::uint32_t>& indices, EncodedBytes& bytes) {
  if (indices.empty()) return;
  BitWriter gaps(bytes);
  for (std::size_t i = 1; i < indices.size(); ++i) write_elias_gamma(indices[i] - indices[i - 1], gaps);
  gaps.finish();
  append_number(std::uint64_t{indices.front()}, bytes);
  append_number(gaps.bits() + kBitsOffset, bytes);
}

std::optional<IndexBlock> read_index_block(const EncodedBytes& bytes, std::uint64_t bound) {
  if (bytes.empty()) return IndexBlock{};
  if (bytes.size() < kTrailer) return std::nullopt;
  const std::size_t room = bytes.size() - kTrailer;
  const auto first = number_at<std::uint64_t>(bytes, room);
  const std::uint64_t bits = number_at<std::uint64_t>(bytes, room + 8) - kBitsOffset;
  if (first >= bound || bits > std::uint64_t{room} * 8) return std::nullopt;

  const auto gap_bytes = static_cast<std::size_t>((bits + 7) / 8);
  BitReader gaps(bytes, room - gap_bytes, bits);
  IndexBlock block{{static_cast<std::uint32_t>(first)}, gap_bytes + kTrailer};
  for (std::uint64_t index = first; gaps.left() > 0;) {
    const auto gap = read_elias_gamma(gaps);
    if (!gap || *gap >= bound - index) return std::nullopt;
    index += *gap;
    block.indices.push_back(static_cast<std::uint32_t>(index));
  }
  if (!gaps.ends_cleanly()) return std::nullopt;
  return block;
}

double mean_gap_bits(double density) {
  double bits = 1;
  double absent = 1 - density;  // (1 - density)^(2^j - 1): squares and products only, the same on every machine
  for (double longer = absent; longer > 1e-18; longer = longer * longer * absent) bits += 2 * longer;
  return bits;
}

Bytes typical_index_block_size(std::uint64_t chosen, std::uint64_t count) {
  if (chosen == 0) return 0;
  const double density = static_cast<double>(chosen) / static_cast<double>(count);
  const double bits = static_cast<double>(chosen - 1) * mean_gap_bits(density);
  return static_cast<Bytes>(std::ceil(bits / 8)) + kTrailer;
}

}  // namespace tardigrad
