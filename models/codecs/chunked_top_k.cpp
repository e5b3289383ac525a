#include "models/codecs/chunked_top_k.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "models/codecs/bit_stream.hpp"
#include "models/codecs/encoded_bytes.hpp"
#include "models/codecs/top_k.hpp"

namespace tardigrad {
namespace {

constexpr unsigned kCodeBits = 2;
constexpr std::size_t kCodes = 4;
constexpr Bytes kHead = (1 + kCodes) * sizeof(float);

/// What a code of a tensor stands for.
struct Table {
  float mean = 0;
  std::array<float, kCodes> offsets{};

  float value(std::uint32_t code) const { return mean + offsets[code]; }
};

double mean_of(const Values& values) {
  double sum = 0;
  for (const float value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double scale_of(const Values& values, double mean) {
  double squares = 0;
  for (const float value : values) squares += (value - mean) * (value - mean);
  const double scale = 1.5 * std::sqrt(squares / (static_cast<double>(values.size()) - 1));
  return scale > 0 && std::isfinite(scale) ? scale : 1;
}

std::uint32_t code_of(double centred, double scale) {
  return static_cast<std::uint32_t>(std::clamp(std::nearbyint(centred / scale + 2), 0.0, 3.0));
}

/// The codes of a tensor's chosen values, and what they stand for.
Table quantize(const Values& values, std::vector<std::uint32_t>& codes) {
  codes.assign(values.size(), 0);
  if (values.empty()) return {};
  const double mean = mean_of(values);
  if (!std::isfinite(mean)) return {std::numeric_limits<float>::quiet_NaN(), {}};
  const double scale = scale_of(values, mean);
  std::array<double, kCodes> sums{}, counts{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    codes[i] = code_of(values[i] - mean, scale);
    sums[codes[i]] += values[i] - mean;
    counts[codes[i]] += 1;
  }
  Table table{static_cast<float>(mean), {}};
  for (std::size_t code = 0; code < kCodes; ++code) {
    if (counts[code] > 0) table.offsets[code] = static_cast<float>(sums[code] / counts[code]);
  }
  return table;
}

/// The width of numbers below `count`.
unsigned bits_for(std::uint32_t count) {
  unsigned bits = 0;
  while ((std::uint64_t{1} << bits) < count) ++bits;
  return bits;
}

}  // namespace

ChunkedTopK::ChunkedTopK(std::vector<std::uint64_t> tensors, std::uint32_t chunk, std::uint32_t k)
    : chunk_(chunk), k_(k), place_bits_(bits_for(chunk)) {
  begins_.push_back(0);
  std::uint64_t sent = 0;
  for (const std::uint64_t size : tensors) begins_.push_back(begins_.back() + size);
  for (std::size_t tensor = 0; tensor < tensors.size(); ++tensor) {
    for (const Chunk& one : chunks_of(tensor)) sent += one.sent;
  }
  size_ = kHead * tensors.size() + (sent * (kCodeBits + place_bits_) + 7) / 8;
}

std::vector<ChunkedTopK::Chunk> ChunkedTopK::chunks_of(std::size_t tensor) const {
  std::vector<Chunk> chunks;
  for (std::uint64_t begin = begins_[tensor]; begin < begins_[tensor + 1]; begin += chunk_) {
    const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk_, begins_[tensor + 1] - begin));
    chunks.push_back({begin, size, std::min(k_, size)});
  }
  return chunks;
}

EncodedBytes ChunkedTopK::encode(const Values& values) const {
  EncodedBytes heads, codes_and_places;
  BitWriter bits(codes_and_places);
  std::vector<std::uint32_t> places, codes;
  for (std::size_t tensor = 0; tensor + 1 < begins_.size(); ++tensor) {
    places.clear();
    Values chosen;
    for (const Chunk& chunk : chunks_of(tensor)) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(chunk.begin);
      for (const std::uint32_t place : top_k(Values(first, first + chunk.size), chunk.sent)) {
        places.push_back(place);
        chosen.push_back(first[place]);
      }
    }
    const Table table = quantize(chosen, codes);
    append_number(table.mean, heads);
    for (const float offset : table.offsets) append_number(offset, heads);
    for (std::size_t i = 0; i < places.size(); ++i) {
      bits.write(codes[i], kCodeBits);
      if (place_bits_ > 0) bits.write(places[i], place_bits_);
    }
  }
  bits.finish();
  heads.insert(heads.end(), codes_and_places.begin(), codes_and_places.end());
  return heads;
}

std::optional<SparseValues> ChunkedTopK::decode(const EncodedBytes& bytes) const {
  if (bytes.size() != size_) return std::nullopt;
  const std::size_t tensors = begins_.size() - 1;
  const std::size_t heads = kHead * tensors;
  std::uint64_t sent = 0;
  SparseValues result;
  for (std::size_t tensor = 0; tensor < tensors; ++tensor) {
    for (const Chunk& chunk : chunks_of(tensor)) sent += chunk.sent;
  }
  BitReader bits(bytes, heads, sent * (kCodeBits + place_bits_));
  for (std::size_t tensor = 0; tensor < tensors; ++tensor) {
    Table table{number_at<float>(bytes, kHead * tensor), {}};
    for (std::size_t code = 0; code < kCodes; ++code) {
      table.offsets[code] = number_at<float>(bytes, kHead * tensor + (1 + code) * sizeof(float));
    }
    for (const Chunk& chunk : chunks_of(tensor)) {
      std::uint32_t least = 0;  // places ascend within a chunk
      for (std::uint32_t i = 0; i < chunk.sent; ++i) {
        const auto code = bits.read(kCodeBits);
        const auto place = place_bits_ > 0 ? bits.read(place_bits_) : std::optional<std::uint32_t>(0);
        if (!code || !place || *place < least || *place >= chunk.size) return std::nullopt;
        least = *place + 1;
        result.indices.push_back(static_cast<std::uint32_t>(chunk.begin + *place));
        result.values.push_back(table.value(*code));
      }
    }
  }
  if (!bits.ends_cleanly()) return std::nullopt;
  return result;
}

}  // namespace tardigrad
