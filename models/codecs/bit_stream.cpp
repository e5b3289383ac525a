#include "models/codecs/bit_stream.hpp"

#include <array>
#include <cstring>

namespace tardigrad {
namespace {

constexpr unsigned kWord = 64;

void append_word(std::uint64_t word, EncodedBytes& bytes) { append_number(__builtin_bswap64(word), bytes); }

}  // namespace

void BitWriter::write(std::uint64_t value, unsigned width) {
  bits_ += width;
  if (width < free_) {
    free_ -= width;
    pending_ |= value << free_;
    return;
  }
  const unsigned rest = width - free_;  // below 64, as free_ is never 0
  append_word(pending_ | value >> rest, bytes_);
  free_ = kWord - rest;
  pending_ = rest == 0 ? 0 : value << free_;
}

void BitWriter::finish() {
  for (unsigned taken = kWord - free_; taken > 0; taken -= taken < 8 ? taken : 8) {
    bytes_.push_back(static_cast<std::uint8_t>(pending_ >> (kWord - 8)));
    pending_ <<= 8;
  }
  free_ = kWord;
}

BitReader::BitReader(const EncodedBytes& bytes, std::size_t offset, std::uint64_t bits)
    : begin_(bytes.data() + offset), size_(static_cast<std::size_t>((bits + 7) / 8)), bits_(bits) {}

/// At least 57 bits from the top down, with zeros behind the last byte.
std::uint64_t BitReader::next_bits() const {
  const auto byte = static_cast<std::size_t>(position_ / 8);
  std::uint64_t word = 0;
  if (size_ - byte >= sizeof word) {
    std::memcpy(&word, begin_ + byte, sizeof word);
  } else {
    std::array<std::uint8_t, sizeof word> last{};
    if (size_ > byte) std::memcpy(last.data(), begin_ + byte, size_ - byte);
    std::memcpy(&word, last.data(), sizeof word);
  }
  return __builtin_bswap64(word) << position_ % 8;
}

std::optional<std::uint32_t> BitReader::read(unsigned width) {
  if (width > left()) return std::nullopt;
  const auto value = static_cast<std::uint32_t>(next_bits() >> (kWord - width));
  position_ += width;
  return value;
}

std::optional<unsigned> BitReader::read_zeros(unsigned limit) {
  const std::uint64_t word = next_bits();
  if (word == 0) return std::nullopt;
  const auto zeros = static_cast<unsigned>(__builtin_clzll(word));
  if (zeros > limit || zeros >= left()) return std::nullopt;
  position_ += zeros;
  return zeros;
}

bool BitReader::ends_cleanly() const {
  if (left() > 0) return false;
  const auto used = static_cast<unsigned>(bits_ % 8);
  return used == 0 || static_cast<std::uint8_t>(begin_[size_ - 1] << used) == 0;
}

}  // namespace tardigrad
