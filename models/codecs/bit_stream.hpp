/// Single bits in bytes, the first bit in the most significant place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/codecs/encoded_bytes.hpp"

namespace tardigrad {

/// Appends bits to bytes that outlive the writer. All bits are in place after `finish`, which must come last.
class BitWriter {
 public:
  explicit BitWriter(EncodedBytes& bytes) : bytes_(bytes) {}

  /// The lowest `width` (1 to 64) bits of `value`, the most significant one first; the other bits must be 0.
  void write(std::uint64_t value, unsigned width);
  /// Pads the last byte with zeros.
  void finish();

  /// The number of bits written so far.
  std::uint64_t bits() const { return bits_; }

 private:
  EncodedBytes& bytes_;
  std::uint64_t pending_ = 0;  // filled from the top down
  unsigned free_ = 64;         // unused bits of pending_
  std::uint64_t bits_ = 0;
};

/// Reads `bits` bits from byte `offset` on and nothing behind them. Needs offset + ceil(bits / 8) <=
/// bytes.size().
class BitReader {
 public:
  BitReader(const EncodedBytes& bytes, std::size_t offset, std::uint64_t bits);

  /// The next `width` (1 to 32) bits as a number; nothing if there are not so many.
  std::optional<std::uint32_t> read(unsigned width);
  /// Skips zeros up to the next one and returns their number; nothing if there are more than `limit` (at most
  /// 56) or if no one follows.
  std::optional<unsigned> read_zeros(unsigned limit);

  std::uint64_t left() const { return bits_ - position_; }
  /// True if all bits have been read and the rest of the last byte is zero, as a BitWriter leaves it.
  bool ends_cleanly() const;

 private:
  std::uint64_t next_bits() const;

  const std::uint8_t* begin_;
  std::size_t size_;
  std::uint64_t bits_;
  std::uint64_t position_ = 0;
};

}  // namespace tardigrad
