#include "actors/protocols/parts/compressor.hpp"

#include <utility>

#include "netem/base/random_stream.hpp"

namespace tardigrad {

Compressor::Compressor(std::shared_ptr<const Codec> codec, Scale scale, const FragmentInfo& info, std::uint64_t seed)
    : codec_(std::move(codec)),
      info_(info),
      scale_(scale == Scale::contractive ? static_cast<float>(1 / (1 + codec_->omega(info.parameters))) : 1.0F),
      seed_(seed) {}

Compressor::Compressed Compressor::compress(const Values& values, Round round) const {
  Compressed result;
  if (values.empty()) {
    result.message.payload = codec_->typical_size(info_.parameters);
    return result;
  }
  RandomStream draws(seed_, Purpose::compression, info_.stream_id(), round);
  EncodedBytes bytes = codec_->encode(values, draws);
  result.values = decoded(bytes).value();
  result.message.payload = bytes.size();
  result.message.encoded = share(std::move(bytes));
  return result;
}

bool Compressor::read(ProtocolMessage& message) const {
  if (!message.encoded) return false;
  auto values = decoded(*message.encoded);
  if (!values) return false;
  message.values = share(std::move(*values));
  return true;
}

std::optional<Values> Compressor::decoded(const EncodedBytes& bytes) const {
  Values values(static_cast<std::size_t>(info_.parameters), 0.0F);
  if (!codec_->decode(bytes, values)) return std::nullopt;
  if (scale_ != 1.0F) {
    for (float& value : values) value *= scale_;
  }
  return values;
}

}  // namespace tardigrad
