#include "models/codecs/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/codecs/float16.hpp"
#include "models/codecs/float32.hpp"
#include "models/codecs/random_k_codec.hpp"
#include "models/codecs/sign_with_scale.hpp"
#include "models/codecs/stochastic_quantizer.hpp"
#include "models/codecs/top_k_codec.hpp"

namespace tardigrad {
namespace {

bool is_sparse_kind(const std::string& kind) { return kind == "top-k" || kind == "random-k"; }

std::string objection_to_quantizer(const CodecSpec& spec) {
  if (spec.bits < 1 || spec.bits > 8) return fmt::format("a quantizer has 1 to 8 bits a value, not {}", spec.bits);
  if (spec.bucket < 1) return "a quantizer's bucket holds at least one value";
  return {};
}

std::unique_ptr<Codec> make_dense(const CodecSpec& spec, const std::string& kind) {
  if (kind == "float16") return std::make_unique<Float16>();
  if (kind == "quantizer") return std::make_unique<StochasticQuantizer>(spec.bits, spec.bucket);
  if (kind == "sign") return std::make_unique<SignWithScale>();
  return std::make_unique<Float32>();
}

}  // namespace

const std::vector<CodecKind>& codec_kinds() {
  static const std::vector<CodecKind> kinds = {
      {"none", "values as they are, 4 bytes each", {}},
      {"float16", "values in half precision, 2 bytes each", {}},
      {"quantizer", "few bits a value, rounded at random so that the mean is exact", {"bits", "bucket"}},
      {"sign", "one bit a value, and the mean magnitude", {}},
      {"top-k", "the values of largest magnitude, and where they belong", {"fraction", "values", "bits", "bucket"}},
      {"random-k", "values at random places that a seed names", {"fraction", "unbiased", "values", "bits", "bucket"}},
  };
  return kinds;
}

std::string objection_to(const CodecSpec& spec) {
  const auto& kinds = codec_kinds();
  const auto same = [&](const CodecKind& kind) { return kind.name == spec.kind; };
  if (std::none_of(kinds.begin(), kinds.end(), same)) return fmt::format("there is no codec \"{}\"", spec.kind);
  if (spec.kind == "quantizer") return objection_to_quantizer(spec);
  if (!is_sparse_kind(spec.kind)) return {};
  if (!(spec.fraction > 0 && spec.fraction <= 1)) {
    return fmt::format("a fraction is above 0 and at most 1, not {}", spec.fraction);
  }
  if (spec.values == "quantizer") return objection_to_quantizer(spec);
  if (spec.values == "float32" || spec.values == "float16") return {};
  return fmt::format("chosen values travel as float32, float16 or quantizer, not as \"{}\"", spec.values);
}

std::unique_ptr<Codec> make_value_codec(const CodecSpec& spec) {
  return make_dense(spec, is_sparse_kind(spec.kind) ? spec.values : spec.kind);
}

std::unique_ptr<Codec> make_codec(const CodecSpec& spec) {
  auto values = make_value_codec(spec);
  if (spec.kind == "top-k") return std::make_unique<TopKCodec>(spec.fraction, std::move(values));
  if (spec.kind == "random-k") {
    return std::make_unique<RandomKCodec>(spec.fraction, spec.unbiased, std::move(values));
  }
  return values;
}

}  // namespace tardigrad
