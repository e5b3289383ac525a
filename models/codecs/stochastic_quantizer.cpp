#include "models/codecs/stochastic_quantizer.hpp"

#include <algorithm>
#include <cmath>

#include "models/codecs/bit_stream.hpp"
#include "models/codecs/sent_scale.hpp"

namespace tardigrad {
namespace {

float largest_magnitude(const float* begin, const float* end) {
  float largest = 0;
  for (const float* value = begin; value != end; ++value) {
    if (!std::isfinite(*value)) return sent_scale(*value);
    largest = std::max(largest, std::abs(*value));
  }
  return largest;
}

}  // namespace

StochasticQuantizer::StochasticQuantizer(unsigned bits, std::uint32_t bucket)
    : bits_(bits), bucket_(bucket), top_(bits == 1 ? 1 : (1U << bits) - 2) {}

Bytes StochasticQuantizer::typical_size(std::uint64_t count) const {
  return 4 * buckets(count) + (count * bits_ + 7) / 8;
}

double StochasticQuantizer::omega(std::uint64_t count) const {
  const auto size = static_cast<double>(std::min<std::uint64_t>(count, bucket_));
  if (size == 0) return 0;
  if (bits_ == 1) return size - 1;
  const double levels = top_ / 2.0;
  return std::min(size / (4 * levels * levels), std::sqrt(size) / levels);
}

EncodedBytes StochasticQuantizer::encode(const Values& values, RandomStream& draws) const {
  EncodedBytes bytes;
  bytes.reserve(static_cast<std::size_t>(typical_size(values.size())));
  const auto end_of = [&](std::size_t begin) { return values.data() + std::min(values.size(), begin + bucket_); };
  for (std::size_t begin = 0; begin < values.size(); begin += bucket_) {
    append_number(largest_magnitude(values.data() + begin, end_of(begin)), bytes);
  }
  BitWriter codes(bytes);
  const double middle = top_ / 2.0;
  for (std::size_t begin = 0; begin < values.size(); begin += bucket_) {
    const auto scale = number_at<float>(bytes, 4 * (begin / bucket_));
    const double steps = scale > 0 ? middle / static_cast<double>(scale) : 0;
    for (const float* value = values.data() + begin; value != end_of(begin); ++value) {
      // Whole part and fraction of the place between -m and m: the fraction is the probability of rounding up.
      const double place = std::isnan(scale) ? 0 : static_cast<double>(*value) * steps + middle + draws.uniform();
      codes.write(std::min(static_cast<std::uint32_t>(std::max(place, 0.0)), top_), bits_);
    }
  }
  codes.finish();
  return bytes;
}

bool StochasticQuantizer::decode(const EncodedBytes& bytes, Values& values) const {
  if (bytes.size() != typical_size(values.size())) return false;
  const auto scales = static_cast<std::size_t>(4 * buckets(values.size()));
  BitReader codes(bytes, scales, std::uint64_t{values.size()} * bits_);
  Values decoded(values.size());
  for (std::size_t begin = 0; begin < values.size(); begin += bucket_) {
    const auto scale = number_at<float>(bytes, 4 * (begin / bucket_));
    if (!is_sent_scale(scale)) return false;
    const double half_step = static_cast<double>(scale) / top_;
    const std::size_t end = std::min(values.size(), begin + bucket_);
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint32_t code = *codes.read(bits_);
      if (code > top_) return false;
      decoded[i] = static_cast<float>(half_step * (2.0 * code - top_));
    }
  }
  if (!codes.ends_cleanly()) return false;
  values.swap(decoded);
  return true;
}

}  // namespace tardigrad
