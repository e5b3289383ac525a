#include "models/codecs/codec.hpp"

#include <fmt/format.h>

#include "models/codecs/bfloat16.hpp"
#include "models/codecs/float16.hpp"
#include "models/codecs/float32.hpp"
#include "models/codecs/random_k_codec.hpp"
#include "models/codecs/sign_with_scale.hpp"
#include "models/codecs/stochastic_quantizer.hpp"
#include "models/codecs/top_k_codec.hpp"

namespace tardigrad {
namespace {

std::string objection_to_quantizer(const CodecSpec& spec) {
  if (spec.bits < 1 || spec.bits > 8) return fmt::format("a quantizer has 1 to 8 bits a value, not {}", spec.bits);
  if (spec.bucket < 1) return "a quantizer's bucket holds at least one value";
  return {};
}

using Option = KindOption<CodecSpec>;

template <class Own>
std::unique_ptr<Codec> plain(const CodecSpec&) {
  return std::make_unique<Own>();
}

std::unique_ptr<Codec> make_quantizer(const CodecSpec& spec) {
  return std::make_unique<StochasticQuantizer>(spec.bits, spec.bucket);
}

std::unique_ptr<Codec> make_top_k(const CodecSpec& spec) {
  return std::make_unique<TopKCodec>(spec.fraction, make_value_codec(spec));
}

std::unique_ptr<Codec> make_random_k(const CodecSpec& spec) {
  return std::make_unique<RandomKCodec>(spec.fraction, spec.unbiased, make_value_codec(spec));
}

Option bits() { return Option("bits", &CodecSpec::bits, "bits a value").within(1, 8); }

Option bucket() { return Option("bucket", &CodecSpec::bucket, "values that share a scale").within(1, 1e9); }

/// Those of all kinds that choose, and then `more`.
std::vector<Option> options_of_choice(std::vector<Option> more = {}) {
  std::vector<Option> options = {
      Option("fraction", &CodecSpec::fraction, "share of the values that is sent").above(0, 1),
      Option("values", &CodecSpec::values, "how the chosen values travel").one_of({"float32", "float16", "quantizer"}),
      bits().only_with("values", "quantizer"), bucket().only_with("values", "quantizer")};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace

const std::vector<CodecKind>& codec_kinds() {
  static const std::vector<CodecKind> kinds = {
      {{"none", "values as they are, 4 bytes each"}, plain<Float32>},
      {{"float16", "values in half precision, 2 bytes each"}, plain<Float16>},
      {{"bfloat16", "values in bfloat16, 2 bytes each: float32's range, fewer digits"}, plain<Bfloat16>},
      {{"quantizer", "few bits a value, rounded at random so that the mean is exact", {bits(), bucket()}},
       make_quantizer},
      {{"sign", "one bit a value, and the mean magnitude"}, plain<SignWithScale>},
      {{"top-k", "the values of largest magnitude, and where they belong", options_of_choice()}, make_top_k, true},
      {{"random-k", "values at random places that a seed names",
        options_of_choice({Option("unbiased", &CodecSpec::unbiased, "scaled so that the mean is exact")})},
       make_random_k,
       true},
  };
  return kinds;
}

std::string objection_to(const CodecSpec& spec) {
  const CodecKind* kind = find_kind(codec_kinds(), spec);
  if (!kind) return fmt::format("there is no codec \"{}\"", spec.kind);
  if (spec.kind == "quantizer") return objection_to_quantizer(spec);
  if (!kind->chooses) return {};
  if (!(spec.fraction > 0 && spec.fraction <= 1)) {
    return fmt::format("a fraction is above 0 and at most 1, not {}", spec.fraction);
  }
  if (spec.values == "quantizer") return objection_to_quantizer(spec);
  if (spec.values == "float32" || spec.values == "float16") return {};
  return fmt::format("chosen values travel as float32, float16 or quantizer, not as \"{}\"", spec.values);
}

std::unique_ptr<Codec> make_codec(const CodecSpec& spec) { return find_kind(codec_kinds(), spec)->make(spec); }

std::unique_ptr<Codec> make_value_codec(const CodecSpec& spec) {
  if (!find_kind(codec_kinds(), spec)->chooses) return make_codec(spec);
  CodecSpec chosen = spec;
  chosen.kind = spec.values == "float32" ? "none" : spec.values;
  return make_codec(chosen);
}

}  // namespace tardigrad
