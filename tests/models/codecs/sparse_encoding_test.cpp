#include "models/codecs/sparse_encoding.hpp"

#include <doctest/doctest.h>

#include "models/codecs/float16.hpp"
#include "models/codecs/float32.hpp"
#include "models/codecs/random_k.hpp"
#include "models/codecs/stochastic_quantizer.hpp"
#include "models/codecs/top_k.hpp"
#include "tests/models/random_values.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {

TEST_CASE("values chosen by other scores than their own arrive where they belong") {
  RandomStream draws(1, Purpose::test);
  const Values values{10, 11, 12, 13, 14, 15};
  const auto chosen = top_k({0, 3, 0, -4, 0, 0}, 2);
  const EncodedBytes bytes = encode_sparse({chosen, gather(values, chosen)}, Float32(), draws);
  const auto received = decode_sparse(bytes, 6, Float32());
  REQUIRE(received);
  CHECK(received->indices == std::vector<std::uint32_t>{1, 3});
  Values own{0, 1, 2, 3, 4, 5};
  scatter(received->values, received->indices, own);
  CHECK(own == Values{0, 11, 2, 13, 4, 5});
}

TEST_CASE("nothing chosen travels as no bytes") {
  RandomStream draws(1, Purpose::test);
  CHECK(encode_sparse({}, Float32(), draws).empty());
  const auto received = decode_sparse({}, 100, Float32());
  REQUIRE(received);
  CHECK(received->indices.empty());
}

TEST_CASE("a message is as long as its values and its block of indices") {
  RandomStream draws(1, Purpose::test);
  for (const auto& file : test::vector_cases("crosschecked/elias_gamma")) {
    for (const auto& given : file["cases"]) {
      const auto indices = given["indices"].get<std::vector<std::uint32_t>>();
      const std::size_t block = given["block_bytes"].get<std::size_t>();
      const Values values = test::normal_values(indices.size(), 1);
      CHECK(encode_sparse({indices, values}, Float32(), draws).size() == 4 * indices.size() + block);
      CHECK(encode_sparse({indices, values}, Float16(), draws).size() == 2 * indices.size() + block);
    }
  }
}

TEST_CASE("whatever bytes come, what is read from them is in range and would have been sent so") {
  RandomStream draws(2, Purpose::test);
  const EncodedBytes good = encode_sparse({random_k(1, 20, 90), test::normal_values(20, 1)}, Float32(), draws);
  int accepted = 0;
  for (int repetition = 0; repetition < 50000; ++repetition) {
    const EncodedBytes bytes =
        draws.below(2) == 0 ? test::mutated(good, draws) : test::random_bytes(draws.below(64), draws);
    const auto read = decode_sparse(bytes, 90, Float32());
    if (!read) continue;
    ++accepted;
    REQUIRE(read->values.size() == read->indices.size());
    if (!read->indices.empty()) REQUIRE(read->indices.back() < 90);
    REQUIRE(encode_sparse(*read, Float32(), draws) == bytes);
  }
  CHECK(accepted > 100);
}

TEST_CASE("values that do not fit the indices are refused") {
  RandomStream draws(3, Purpose::test);
  EncodedBytes bytes = encode_sparse({{1, 5}, {1, 2}}, Float32(), draws);
  REQUIRE(decode_sparse(bytes, 10, Float32()));
  CHECK_FALSE(decode_sparse(bytes, 10, Float16()));
  CHECK_FALSE(decode_sparse(bytes, 10, StochasticQuantizer(8, 1)));
  bytes.erase(bytes.begin());
  CHECK_FALSE(decode_sparse(bytes, 10, Float32()));
}

}  // namespace tardigrad
