#include "models/codecs/top_k_codec.hpp"

#include <utility>

#include "models/chosen_count.hpp"
#include "models/codecs/sparse_encoding.hpp"
#include "models/codecs/top_k.hpp"

namespace tardigrad {

TopKCodec::TopKCodec(double fraction, std::unique_ptr<Codec> value_codec)
    : fraction_(fraction), value_codec_(std::move(value_codec)) {}

EncodedBytes TopKCodec::encode(const Values& values, RandomStream& draws) const {
  const std::uint64_t k = chosen_count(fraction_, values.size());
  if (k == values.size()) return value_codec_->encode(values, draws);
  auto indices = top_k(values, k);
  Values largest = gather(values, indices);
  return encode_sparse({std::move(indices), std::move(largest)}, *value_codec_, draws);
}

bool TopKCodec::decode(const EncodedBytes& bytes, Values& values) const {
  const std::uint64_t k = chosen_count(fraction_, values.size());
  if (k == values.size()) return value_codec_->decode(bytes, values);
  const auto chosen = decode_sparse(bytes, values.size(), *value_codec_);
  if (!chosen || chosen->indices.size() != k) return false;
  scatter(chosen->values, chosen->indices, values);
  return true;
}

Bytes TopKCodec::typical_size(std::uint64_t count) const {
  const std::uint64_t k = chosen_count(fraction_, count);
  return k == count ? value_codec_->typical_size(count) : typical_sparse_size(k, count, *value_codec_);
}

double TopKCodec::omega(std::uint64_t count) const { return value_codec_->omega(chosen_count(fraction_, count)); }

}  // namespace tardigrad
