/// Encodes parameter values as the bytes that travel, and decodes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/codecs/encoded_bytes.hpp"
#include "models/values.hpp"
#include "netem/base/kind.hpp"
#include "netem/base/random_stream.hpp"
#include "netem/base/units.hpp"

namespace tardigrad {

/// A codec keeps nothing between messages: one codec serves all nodes, from any thread. Both ends know the
/// number of values; a message does not carry it.
///
/// Values that are not finite stay so: after any codec a diverged model still shows that it has diverged.
class Codec {
 public:
  virtual ~Codec() = default;

  /// The exact bytes that travel. `draws` supplies the randomness (of rounding, or of coordinates: then a seed
  /// travels).
  virtual EncodedBytes encode(const Values& values, RandomStream& draws) const = 0;

  /// Overwrites in `values` (as long as the encoded vector) what was sent, and leaves the rest alone. False,
  /// with `values` unchanged, if encode() never produces these bytes for so many values: they may come from
  /// another host.
  virtual bool decode(const EncodedBytes& bytes, Values& values) const = 0;

  /// The bytes for `count` values where there are none to look at (null model, estimates). Exact, except where
  /// indices travel: for them the mean over uniformly random positions.
  virtual Bytes typical_size(std::uint64_t count) const = 0;

  virtual bool is_sparse() const = 0;  ///< True if only some coordinates are sent.
  /// True if the result, decoded into zeros, has the input as its mean over draws (up to the rounding of
  /// float32).
  virtual bool is_unbiased() const = 0;

  /// For algorithms that need a contraction (CHOCO-SGD): the result, decoded into zeros and divided by 1 +
  /// omega(count), is in the mean nearer to the input than zero is. 0 for codecs that contract by themselves:
  /// top-k, random-k without scaling, sign with scale.
  virtual double omega(std::uint64_t count) const = 0;
};

/// The codec section of a scenario.
struct CodecSpec {
  /// One of `codec_kinds()`.
  std::string kind = "none";
  double fraction = 0.1;       ///< top-k, random-k: the share of values that is sent
  std::uint32_t bits = 8;      ///< quantizer: bits a value, 1 to 8
  std::uint32_t bucket = 512;  ///< quantizer: number of values that share a scale
  /// top-k, random-k: encoding of the chosen values: float32, float16 or quantizer (with `bits` and `bucket`).
  std::string values = "float32";
  bool unbiased = false;  ///< random-k: scales values by 1 / (share sent), so that the mean is exact
};

struct CodecKind : NamedKind<CodecSpec> {
  std::unique_ptr<Codec> (*make)(const CodecSpec& spec);
  bool chooses = false;  ///< sends some of the values, encoded as `CodecSpec::values` says
};

/// In the order in which they are listed to the user.
const std::vector<CodecKind>& codec_kinds();

/// The reason why there is no such codec, as one clause; empty if there is one.
std::string objection_to(const CodecSpec& spec);

/// Needs a checked `spec`.
std::unique_ptr<Codec> make_codec(const CodecSpec& spec);

/// The codec of the chosen values alone, for algorithms that choose by other scores than the values' own:
/// `spec.values` for sparse kinds. Other kinds choose nothing: the codec itself.
std::unique_ptr<Codec> make_value_codec(const CodecSpec& spec);

}  // namespace tardigrad
