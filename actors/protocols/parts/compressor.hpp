/// Vectors of differences as a codec lets them through: of CHOCO-SGD, DCD-PSGD and ECD-PSGD, in which the sender
/// must know exactly what its message comes to at those who receive it.
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
    as_decoded,   ///< an unbiased codec's mean is what went in
    contractive,  ///< what is decoded is divided by 1 + omega, so that it is nearer to what went in than zero is
  };

  Compressor(std::shared_ptr<const Codec> codec, Scale scale, const Seat& seat, std::uint64_t seed);

  struct Compressed {
    Actions::Send message;  ///< encoded, for nobody yet
    Values values;          ///< what it comes to
  };
  /// What a codec draws is drawn anew each round. Where nothing is learned `values` are empty and the size is typical.
  Compressed compress(const Values& values, Round round) const;

  /// Makes `message.values` what the message comes to; false if it is no encoding of a vector of this seat's size.
  bool read(ProtocolMessage& message) const;

 private:
  /// Zero where nothing was sent.
  std::optional<Values> decoded(const EncodedBytes& bytes) const;

  std::shared_ptr<const Codec> codec_;
  Seat seat_;
  float scale_;
  std::uint64_t seed_;
};

}  // namespace tardigrad
