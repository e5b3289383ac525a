#include "models/codecs/float32.hpp"

#include <cstring>

namespace tardigrad {

EncodedBytes Float32::encode(const Values& values, RandomStream&) const {
  EncodedBytes bytes(values.size() * sizeof(float));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

bool Float32::decode(const EncodedBytes& bytes, Values& values) const {
  if (bytes.size() != values.size() * sizeof(float)) return false;
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return true;
}

}  // namespace tardigrad
