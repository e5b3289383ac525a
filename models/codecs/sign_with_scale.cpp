#include "models/codecs/sign_with_scale.hpp"

#include <cmath>

#include "models/codecs/bit_stream.hpp"
#include "models/codecs/sent_scale.hpp"

namespace tardigrad {
namespace {

float mean_magnitude(const Values& values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const float value : values) sum += std::abs(static_cast<double>(value));
  return sent_scale(sum / static_cast<double>(values.size()));
}

}  // namespace

EncodedBytes SignWithScale::encode(const Values& values, RandomStream&) const {
  EncodedBytes bytes;
  bytes.reserve(static_cast<std::size_t>(typical_size(values.size())));
  append_number(mean_magnitude(values), bytes);
  BitWriter signs(bytes);
  for (const float value : values) signs.write(value < 0, 1);
  signs.finish();
  return bytes;
}

bool SignWithScale::decode(const EncodedBytes& bytes, Values& values) const {
  if (bytes.size() != typical_size(values.size())) return false;
  const auto scale = number_at<float>(bytes, 0);
  if (!is_sent_scale(scale)) return false;
  BitReader signs(bytes, sizeof scale, values.size());
  Values decoded(values.size());
  const float of_sign[] = {scale, -scale};  // a table, as no branch predictor could foresee signs
  for (float& value : decoded) value = of_sign[*signs.read(1)];
  if (!signs.ends_cleanly()) return false;
  values.swap(decoded);
  return true;
}

}  // namespace tardigrad
