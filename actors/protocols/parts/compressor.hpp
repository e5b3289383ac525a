/// Compresses difference vectors for CHOCO-SGD, DCD-PSGD and ECD-PSGD, in which the sender must know exactly
/// the values that receivers decode.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "actors/protocols/algorithm.hpp"
#include "actors/protocols/protocol.hpp"
#include "models/codecs/codec.hpp"

namespace tardigrad {

class Compressor {
 public:
  enum class Scale {
    as_decoded,   ///< for an unbiased codec the mean is the input
    contractive,  ///< decoded values are divided by 1 + omega, so that they are nearer to the input than zero is
  };

  Compressor(std::shared_ptr<const Codec> codec, Scale scale, const FragmentInfo& info, std::uint64_t seed);

  struct Compressed {
    Actions::Send message;  ///< encoded, without a receiver
    Values values;          ///< the decoded values
  };
  /// The codec's draws differ from round to round. Where nothing is learned `values` are empty and the size is
  /// typical.
  Compressed compress(const Values& values, Round round) const;

  /// Decodes the message into `message.values`; false if it is no encoding of a vector of this protocol's size.
  bool read(ProtocolMessage& message) const;

 private:
  /// Zero where nothing was sent.
  std::optional<Values> decoded(const EncodedBytes& bytes) const;

  std::shared_ptr<const Codec> codec_;
  FragmentInfo info_;
  float scale_;
  std::uint64_t seed_;
};

}  // namespace tardigrad
