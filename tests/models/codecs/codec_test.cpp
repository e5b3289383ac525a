#include "models/codecs/codec.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "models/chosen_count.hpp"
#include "models/codecs/elias_gamma.hpp"
#include "models/codecs/top_k.hpp"
#include "tests/models/random_values.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {
namespace {

/// Every kind, and for sparse kinds every encoding of the values.
std::vector<CodecSpec> all_specs() {
  std::vector<CodecSpec> specs;
  for (const auto& kind : codec_kinds()) {
    const bool sparse = kind.name == "top-k" || kind.name == "random-k";
    for (const std::string values : {"float32", "float16", "quantizer"}) {
      for (const double fraction : {0.25, 1.0}) {
        if (!sparse && (values != "float32" || fraction < 1)) continue;
        specs.push_back({kind.name, fraction, 5, 16, values, false});
        if (kind.name == "random-k") specs.push_back({kind.name, fraction, 5, 16, values, true});
      }
    }
  }
  return specs;
}

std::string name(const CodecSpec& spec) {
  return spec.kind + " " + spec.values + (spec.fraction < 1 ? " some" : " all") + (spec.unbiased ? " unbiased" : "");
}

std::vector<std::uint32_t> bits_of(const Values& values) {
  std::vector<std::uint32_t> bits(values.size());
  if (!bits.empty()) std::memcpy(bits.data(), values.data(), 4 * bits.size());
  return bits;
}

/// The values that a receiver decodes into zeros.
Values sent(const Codec& codec, const Values& values, RandomStream& draws) {
  Values received(values.size());
  REQUIRE(codec.decode(codec.encode(values, draws), received));
  return received;
}

double squared(const Values& values, const Values& others, double factor) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += std::pow(values[i] - factor * others[i], 2);
  return sum;
}

}  // namespace

TEST_CASE("values as they are lose nothing") {
  const auto codec = make_codec({});
  RandomStream draws(1, Purpose::test);
  Values values = test::normal_values(100, 1);
  values[3] = std::numeric_limits<float>::quiet_NaN();
  values[4] = -0.0F;
  CHECK(bits_of(sent(*codec, values, draws)) == bits_of(values));
  CHECK(codec->encode({1, -2}, draws) == EncodedBytes{0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0});
}

TEST_CASE("top-k sends the largest values and leaves the others alone") {
  const auto codec = make_codec({"top-k", 0.5});
  RandomStream draws(1, Purpose::test);
  Values own(6, 9.0F);
  REQUIRE(codec->decode(codec->encode({1, -5, 2, 0, 3, -1}, draws), own));
  CHECK(own == Values{9, -5, 2, 9, 3, 9});
}

TEST_CASE("random-k sends values at the places of its seed and leaves the others alone") {
  const Values values = test::normal_values(1000, 1);
  for (const bool unbiased : {false, true}) {
    const auto codec = make_codec({"random-k", 0.3, 8, 512, "float32", unbiased});
    RandomStream draws(1, Purpose::test);
    Values own(values.size(), 99.0F);
    REQUIRE(codec->decode(codec->encode(values, draws), own));
    CHECK(std::count(own.begin(), own.end(), 99.0F) == 700);
    for (std::size_t i = 0; i < own.size(); ++i) {
      if (own[i] != 99.0F) CHECK(own[i] == doctest::Approx(unbiased ? values[i] / 0.3 : double{values[i]}));
    }
    CHECK(sent(*codec, values, draws) != sent(*codec, values, draws));  // other places each time
  }
}

TEST_CASE("the given messages of CHOCO-SGD are those of top-k") {
  for (const auto& file : test::vector_cases("crosschecked/choco")) {
    if (!file.is_object()) continue;  // tuned step sizes lie beside them
    const auto codec = make_codec({"top-k", file["A"]["alpha"].get<double>()});
    RandomStream draws(1, Purpose::test);
    std::vector<Values> hats(3, Values(6));
    for (const auto& round : file["A"]["rounds"]) {
      for (std::size_t node = 0; node < hats.size(); ++node) {
        Values change = round["after_train"][node].get<Values>();
        for (std::size_t p = 0; p < 6; ++p) change[p] -= hats[node][p];
        const Values q = sent(*codec, change, draws);
        for (std::size_t p = 0; p < 6; ++p) hats[node][p] += q[p];
        const auto expected = round["x_hat"][node].get<Values>();
        for (std::size_t p = 0; p < 6; ++p) CHECK(std::abs(hats[node][p] - expected[p]) <= 2e-6);
      }
    }
  }
}

TEST_CASE("sizes are those of the formulas, and known before there are values") {
  RandomStream draws(1, Purpose::test);
  const auto size = [](const CodecSpec& spec, std::uint64_t count) { return make_codec(spec)->typical_size(count); };
  CHECK(size({"none"}, 89834) == 359336);
  CHECK(size({"float16"}, 89834) == 179668);
  CHECK(size({"quantizer", 0, 4, 512}, 89834) == 44917 + 4 * 176);
  CHECK(size({"sign"}, 89834) == 4 + 11230);
  CHECK(size({"random-k", 0.1}, 89834) == 4 * 8983 + 8);
  CHECK(size({"top-k", 1.0}, 89834) == 359336);
  CHECK(size({"top-k", 0.1, 8, 512, "float16"}, 89843) == 2 * 8984 + typical_index_block_size(8984, 89843));
  for (const auto& spec : all_specs()) {
    const auto codec = make_codec(spec);
    for (const std::size_t count : {0, 1, 2, 3, 17, 1000}) {
      INFO(name(spec) << " of " << count);
      const std::size_t real = codec->encode(test::normal_values(count, count), draws).size();
      if (spec.kind == "top-k" && spec.fraction < 1 && count >= 17) {
        CHECK(std::abs(static_cast<double>(real) - static_cast<double>(codec->typical_size(count))) < 2 + 0.1 * real);
      } else {
        CHECK(real == codec->typical_size(count));
      }
    }
  }
}

TEST_CASE("top-k of a model's size takes four bytes a value and the indices' bits") {
  RandomStream draws(1, Purpose::test);
  for (const auto& file : test::vector_cases("crosschecked/wire_sizes")) {
    const auto count = file["n_coeffs_sym2_l4"].get<std::size_t>();
    for (const auto& given : file["partial"]) {
      const auto codec = make_codec({"top-k", given["alpha"].get<double>()});
      const auto size = static_cast<double>(codec->encode(test::normal_values(count, 1), draws).size());
      const double expected = given["raw_val_bytes"].get<double>() + given["elias_block_bytes"].get<double>();
      CHECK(size == doctest::Approx(expected).epsilon(0.005));
      CHECK(static_cast<double>(codec->typical_size(count)) == doctest::Approx(size).epsilon(0.005));
    }
  }
}

TEST_CASE("same draws, same bytes") {
  const Values values = test::normal_values(300, 1);
  for (const auto& spec : all_specs()) {
    RandomStream one(7, Purpose::test), other(7, Purpose::test), third(8, Purpose::test);
    const auto codec = make_codec(spec);
    const EncodedBytes bytes = codec->encode(values, one);
    CHECK(bytes == codec->encode(values, other));
    const bool random =
        spec.kind == "quantizer" || spec.values == "quantizer" || (spec.kind == "random-k" && spec.fraction < 1);
    INFO(name(spec));
    CHECK((bytes != codec->encode(values, third)) == random);
  }
}

// The mean of n draws of variance v misses by more than 4.5 sqrt(v / n) in 7 of a million cases. Scaled random-k
// with a quarter of the values has a variance of 3 x^2, and its quantizer's, (4 m / 15)^2 / 4, on a quarter of the
// draws.
TEST_CASE("what calls itself unbiased is so over 100,000 draws") {
  constexpr int kDraws = 100000;
  const Values values{1.5F, -1, 0.3F, 0, -0.02F, 0.7F, 2, -2};
  for (const auto& spec : all_specs()) {
    const auto codec = make_codec(spec);
    if (!codec->is_unbiased()) continue;
    RandomStream draws(9, Purpose::test);
    std::vector<double> sum(values.size());
    Values received(values.size());
    for (int i = 0; i < kDraws; ++i) {
      std::fill(received.begin(), received.end(), 0.0F);
      REQUIRE(codec->decode(codec->encode(values, draws), received));
      for (std::size_t p = 0; p < values.size(); ++p) sum[p] += received[p];
    }
    for (std::size_t p = 0; p < values.size(); ++p) {
      INFO(name(spec) << ", value " << values[p]);
      const double variance = 3 * std::pow(values[p], 2) + 0.25 * std::pow(4 * 2.0 / 15, 2) / 4;
      CHECK(std::abs(sum[p] / kDraws - values[p]) < 4.5 * std::sqrt(variance / kDraws) + 1e-6);
    }
  }
}

TEST_CASE("the kinds that are unbiased, and those that send some coordinates only") {
  for (const auto& spec : all_specs()) {
    const auto codec = make_codec(spec);
    INFO(name(spec));
    CHECK(codec->is_sparse() == (spec.kind == "top-k" || spec.kind == "random-k"));
    const bool exact = spec.kind == "none" || spec.kind == "quantizer" || (spec.unbiased && spec.values != "float16");
    CHECK(codec->is_unbiased() == exact);
  }
}

TEST_CASE("what comes out, divided by 1 + omega, is nearer to what went in than zero is") {
  for (auto spec : all_specs()) {
    for (const std::uint32_t bits : {1U, 2U, 5U}) {
      spec.bits = bits;
      const auto codec = make_codec(spec);
      RandomStream draws(11, Purpose::test);
      for (const std::uint64_t seed : {1, 2, 3}) {
        Values values = test::normal_values(64, seed);
        for (float& value : values) value = std::pow(value, 3.0F);  // a few large ones
        const double factor = 1 / (1 + codec->omega(values.size()));
        double error = 0;
        for (int i = 0; i < 200; ++i) error += squared(values, sent(*codec, values, draws), factor) / 200;
        INFO(name(spec) << " " << bits << " bits");
        CHECK(error < squared(values, values, 0));
      }
    }
  }
}

TEST_CASE("the variance of what is unbiased is at most omega times the square of what went in") {
  for (const auto& spec :
       {CodecSpec{"quantizer", 0, 1, 16}, CodecSpec{"quantizer", 0, 2, 16}, CodecSpec{"quantizer", 0, 8, 512},
        CodecSpec{"random-k", 0.25, 8, 512, "float32", true}, CodecSpec{"random-k", 0.25, 3, 16, "quantizer", true}}) {
    const auto codec = make_codec(spec);
    RandomStream draws(12, Purpose::test);
    const Values values = test::normal_values(64, 4);
    double error = 0;
    for (int i = 0; i < 2000; ++i) error += squared(values, sent(*codec, values, draws), 1) / 2000;
    const double bound = codec->omega(values.size()) * squared(values, values, 0);
    INFO(name(spec));
    CHECK(error < 1.03 * bound);
    if (spec.kind == "random-k") CHECK(error > 0.2 * bound);
  }
}

TEST_CASE("a diverged model is seen as diverged") {
  for (const auto& spec : all_specs()) {
    for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
      RandomStream draws(13, Purpose::test);
      Values values = test::normal_values(40, 1);
      std::fill(values.begin(), values.begin() + 35, -bad);  // more than random-k leaves out
      const Values received = sent(*make_codec(spec), values, draws);
      INFO(name(spec));
      CHECK_FALSE(std::all_of(received.begin(), received.end(), [](float v) { return std::isfinite(v); }));
    }
  }
}

TEST_CASE("bytes of another length are refused, and change nothing") {
  for (const auto& spec : all_specs()) {
    const auto codec = make_codec(spec);
    RandomStream draws(14, Purpose::test);
    const EncodedBytes bytes = codec->encode(test::normal_values(40, 1), draws);
    const Values before = test::normal_values(40, 2);
    INFO(name(spec));
    for (std::size_t length = 0; length < bytes.size() + 20; ++length) {
      EncodedBytes other = bytes;
      other.resize(length);
      Values values = before;
      CHECK(codec->decode(other, values) == (length == bytes.size()));
      if (length != bytes.size()) CHECK(bits_of(values) == bits_of(before));
    }
  }
}

TEST_CASE("whatever bytes come, they are refused or could have been sent") {
  for (const auto& spec : all_specs()) {
    const auto codec = make_codec(spec);
    INFO(name(spec));
    RandomStream draws(15, Purpose::test);
    const EncodedBytes good = codec->encode(test::normal_values(40, 1), draws);
    const Values before = test::normal_values(40, 2);
    for (int repetition = 0; repetition < 3000; ++repetition) {
      const std::size_t length = draws.below(2) == 0 ? good.size() : draws.below(2 * good.size());
      const EncodedBytes bytes = draws.below(2) == 0 ? test::mutated(good, draws) : test::random_bytes(length, draws);
      Values values = before;
      if (!codec->decode(bytes, values)) {
        REQUIRE(bits_of(values) == bits_of(before));
      } else if (spec.kind != "top-k" || spec.fraction == 1) {
        REQUIRE(bytes.size() == good.size());
      }
    }
  }
}

TEST_CASE("a fragment of few values may come to nothing") {
  RandomStream draws(16, Purpose::test);
  for (const std::string kind : {"top-k", "random-k"}) {
    const auto codec = make_codec({kind, 0.1});
    CHECK(codec->encode({1, 2, 3}, draws).empty());
    CHECK(codec->typical_size(3) == 0);
    Values own{7, 8, 9};
    CHECK(codec->decode({}, own));
    CHECK_FALSE(codec->decode({0}, own));
    CHECK(own == Values{7, 8, 9});
  }
}

TEST_CASE("a message of another number of values than top-k sends is refused") {
  RandomStream draws(17, Purpose::test);
  const EncodedBytes bytes = make_codec({"top-k", 0.5})->encode(test::normal_values(40, 1), draws);
  Values own(40);
  CHECK(make_codec({"top-k", 0.5})->decode(bytes, own));
  CHECK_FALSE(make_codec({"top-k", 0.4})->decode(bytes, own));
  CHECK_FALSE(make_codec({"top-k", 1.0})->decode(bytes, own));
}

TEST_CASE("chosen values travel alone by the codec that the scenario names for them") {
  CHECK(make_value_codec({"top-k", 0.1})->typical_size(100) == 400);
  CHECK(make_value_codec({"random-k", 0.1, 8, 512, "float16"})->typical_size(100) == 200);
  CHECK(make_value_codec({"top-k", 0.1, 4, 50, "quantizer"})->typical_size(100) == 58);
  CHECK(make_value_codec({"quantizer", 0.1, 4, 50})->typical_size(100) == 58);
}

TEST_CASE("a codec that cannot be is named with its reason") {
  for (const auto& spec : all_specs()) CHECK(objection_to(spec) == "");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(objection_to({"gzip"}) == "there is no codec \"gzip\"");
  CHECK(objection_to({"top-k", 0}) == "a fraction is above 0 and at most 1, not 0");
  CHECK(objection_to({"random-k", 1.5}) == "a fraction is above 0 and at most 1, not 1.5");
  CHECK(objection_to({"top-k", nan}) != "");
  CHECK(objection_to({"quantizer", 0.1, 9}) == "a quantizer has 1 to 8 bits a value, not 9");
  CHECK(objection_to({"quantizer", 0.1, 0}) != "");
  CHECK(objection_to({"quantizer", 0.1, 8, 0}) == "a quantizer's bucket holds at least one value");
  CHECK(objection_to({"top-k", 0.1, 9, 512, "quantizer"}) != "");
  CHECK(objection_to({"top-k", 0.1, 8, 512, "float64"}) ==
        "chosen values travel as float32, float16 or quantizer, not as \"float64\"");
  CHECK(objection_to({"sign", 7, 99, 0, "?"}) == "");  // takes none of these keys
}

}  // namespace tardigrad
