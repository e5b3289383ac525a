#include "models/codecs/per_tensor_codec.hpp"

#include <algorithm>
#include <utility>

#include "models/codecs/bit_stream.hpp"

namespace tardigrad {

namespace {

constexpr std::size_t kLengthBytes = 4;

/// `count` elements from `begin` on.
template <class Elements>
Elements slice(const Elements& all, std::uint64_t begin, std::uint64_t count) {
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(begin);
  return Elements(first, first + static_cast<std::ptrdiff_t>(count));
}

}  // namespace

EncodedBytes PerTensorCodec::encode(const Values& values, RandomStream& draws) const {
  EncodedBytes all;
  std::uint64_t begin = 0;
  for (const std::uint64_t size : sizes_) {
    const EncodedBytes own = own_->encode(slice(values, begin, size), draws);
    BitWriter length(all);
    length.write(own.size(), 8 * kLengthBytes);
    length.finish();
    all.insert(all.end(), own.begin(), own.end());
    begin += size;
  }
  return all;
}

bool PerTensorCodec::decode(const EncodedBytes& bytes, Values& values) const {
  Values decoded;
  decoded.reserve(values.size());
  std::size_t at = 0;
  for (const std::uint64_t size : sizes_) {
    if (values.size() - decoded.size() < size || bytes.size() - at < kLengthBytes) return false;
    const std::uint32_t length = *BitReader(bytes, at, 8 * kLengthBytes).read(8 * kLengthBytes);
    at += kLengthBytes;
    if (bytes.size() - at < length) return false;
    Values own = slice(values, decoded.size(), size);
    if (!own_->decode(slice(bytes, at, length), own)) return false;
    decoded.insert(decoded.end(), own.begin(), own.end());
    at += length;
  }
  if (at != bytes.size() || decoded.size() != values.size()) return false;
  values = std::move(decoded);
  return true;
}

Bytes PerTensorCodec::typical_size(std::uint64_t) const {
  Bytes sum = 0;
  for (const std::uint64_t size : sizes_) sum += kLengthBytes + own_->typical_size(size);
  return sum;
}

double PerTensorCodec::omega(std::uint64_t) const {
  double most = 0;
  for (const std::uint64_t size : sizes_) most = std::max(most, own_->omega(size));
  return most;
}

}  // namespace tardigrad
