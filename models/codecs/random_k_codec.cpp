#include "models/codecs/random_k_codec.hpp"

#include <utility>

#include "models/chosen_count.hpp"
#include "models/codecs/random_k.hpp"
#include "models/codecs/sparse_encoding.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kSeed = sizeof(std::uint64_t);

std::vector<std::uint32_t> places(std::uint64_t seed, std::uint64_t k, const Values& values) {
  return random_k(seed, k, static_cast<std::uint32_t>(values.size()));
}

}  // namespace

RandomKCodec::RandomKCodec(double fraction, bool scaled, std::unique_ptr<Codec> value_codec)
    : fraction_(fraction), scaled_(scaled), value_codec_(std::move(value_codec)) {}

EncodedBytes RandomKCodec::encode(const Values& values, RandomStream& draws) const {
  const std::uint64_t k = chosen_count(fraction_, values.size());
  if (k == values.size()) return value_codec_->encode(values, draws);
  if (k == 0) return {};
  const std::uint64_t seed = draws();
  Values chosen = gather(values, places(seed, k, values));
  if (scaled_) {
    const double scale = static_cast<double>(values.size()) / static_cast<double>(k);
    for (float& value : chosen) value = static_cast<float>(value * scale);
  }
  EncodedBytes bytes;
  append_number(seed, bytes);
  const EncodedBytes encoded = value_codec_->encode(chosen, draws);
  bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  return bytes;
}

bool RandomKCodec::decode(const EncodedBytes& bytes, Values& values) const {
  const std::uint64_t k = chosen_count(fraction_, values.size());
  if (k == values.size()) return value_codec_->decode(bytes, values);
  if (k == 0) return bytes.empty();
  if (bytes.size() < kSeed) return false;
  Values chosen(static_cast<std::size_t>(k));
  if (!value_codec_->decode({bytes.begin() + kSeed, bytes.end()}, chosen)) return false;
  scatter(chosen, places(number_at<std::uint64_t>(bytes, 0), k, values), values);
  return true;
}

Bytes RandomKCodec::typical_size(std::uint64_t count) const {
  const std::uint64_t k = chosen_count(fraction_, count);
  return value_codec_->typical_size(k) + (k == 0 || k == count ? 0 : kSeed);
}

double RandomKCodec::omega(std::uint64_t count) const {
  const std::uint64_t k = chosen_count(fraction_, count);
  const double of_values = value_codec_->omega(k);
  if (!scaled_ || k == 0) return of_values;
  return (1 + of_values) * static_cast<double>(count) / static_cast<double>(k) - 1;
}

}  // namespace tardigrad
