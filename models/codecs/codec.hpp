/// How parameter values become the bytes that travel, and back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/codecs/encoded_bytes.hpp"
#include "models/values.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// Neither side keeps anything between messages: one codec serves all nodes, from any thread. Both ends
/// know how many values there are; a message does not say.
///
/// Values that are not finite stay so: whatever a codec makes of a diverged model shows that it has diverged.
class Codec {
 public:
  virtual ~Codec() = default;

  /// The exact bytes that travel. `draws` decides what is random (rounding; which coordinates: then a
  /// seed travels).
  virtual EncodedBytes encode(const Values& values, RandomStream& draws) const = 0;

  /// Overwrites in `values` (as long as what was encoded) what has been sent, and leaves alone what has
  /// not. False, with `values` unchanged, where the bytes are nothing that encode() makes of so many
  /// values: they may come from another host.
  virtual bool decode(const EncodedBytes& bytes, Values& values) const = 0;

  /// Bytes for `count` values where there are none to look at (null model, estimates). Exact, except where
  /// indices travel: for them the mean over uniformly random positions.
  virtual Bytes typical_size(std::uint64_t count) const = 0;

  virtual bool is_sparse() const = 0;  ///< sends some coordinates only
  /// The mean over draws of what comes out, decoded into zeros, is what went in (up to the rounding of float32).
  virtual bool is_unbiased() const = 0;

  /// For algorithms that need a contraction (CHOCO-SGD, "quantizer divided by 1 + omega"): what comes out,
  /// decoded into zeros, divided by 1 + omega(count) is in the mean nearer to what went in than zero is.
  /// 0 for what is a contraction as it is: top-k, random-k without scaling, sign with scale.
  virtual double omega(std::uint64_t count) const = 0;
};

/// What a scenario says about a codec.
struct CodecSpec {
  /// One of `codec_kinds()`.
  std::string kind = "none";
  double fraction = 0.1;       ///< top-k, random-k: the share of the values that is sent
  std::uint32_t bits = 8;      ///< quantizer: bits a value, 1 to 8
  std::uint32_t bucket = 512;  ///< quantizer: values that share a scale
  /// top-k, random-k: how the chosen values travel: float32, float16 or quantizer (with `bits` and `bucket`).
  std::string values = "float32";
  bool unbiased = false;  ///< random-k: values are scaled by 1 / (their share), so that the mean is exact
};

struct CodecKind {
  std::string name;
  std::string summary;
  std::vector<std::string> keys;  ///< those of CodecSpec that it takes, besides `kind`
};

/// none, float16, quantizer, sign, top-k, random-k.
const std::vector<CodecKind>& codec_kinds();

/// Why there is no such codec, as one clause; empty if there is.
std::string objection_to(const CodecSpec& spec);

/// `spec` has been checked.
std::unique_ptr<Codec> make_codec(const CodecSpec& spec);

/// The codec of the chosen values alone, for algorithms that choose by other scores than the values'
/// own: as `spec.values` says for sparse kinds. Others choose nothing: the codec itself.
std::unique_ptr<Codec> make_value_codec(const CodecSpec& spec);

}  // namespace tardigrad
