#include "models/codecs/per_tensor_codec.hpp"

#include <doctest/doctest.h>

namespace tardigrad {

namespace {

PerTensorCodec halves() {
  CodecSpec spec;
  spec.kind = "top-k";
  spec.fraction = 0.5;
  return {{4, 2}, make_codec(spec)};
}

}  // namespace

TEST_CASE("a codec for each tensor: the largest of each are sent, and the others stay as they are") {
  const PerTensorCodec codec = halves();
  RandomStream none(0, Purpose::test);
  const EncodedBytes bytes = codec.encode({9, -8, 7, 6, 0.1F, 0.2F}, none);
  Values values(6, 5.0F);
  REQUIRE(codec.decode(bytes, values));
  CHECK(values == Values{9, -8, 5, 5, 5, 0.2F});
  CHECK(codec.is_sparse());
  CHECK(codec.typical_size(6) >= bytes.size() - 2);
  CHECK(codec.typical_size(6) <= bytes.size() + 2);
}

TEST_CASE("a codec for each tensor decodes no other bytes, and changes nothing then") {
  const PerTensorCodec codec = halves();
  RandomStream none(0, Purpose::test);
  const EncodedBytes bytes = codec.encode({9, -8, 7, 6, 0.1F, 0.2F}, none);
  const auto check_refused = [&](const EncodedBytes& other) {
    Values values(6, 5.0F);
    CHECK_FALSE(codec.decode(other, values));
    CHECK(values == Values(6, 5.0F));
  };
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    check_refused(EncodedBytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  EncodedBytes longer = bytes;
  longer.push_back(0);
  check_refused(longer);
  EncodedBytes huge = bytes;
  huge[0] = 0xff;
  check_refused(huge);
  Values fewer(5, 5.0F);
  CHECK_FALSE(codec.decode(bytes, fewer));
}

}  // namespace tardigrad
