#include "models/codecs/wavelet.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "tests/models/random_values.hpp"
#include "tests/vector_cases.hpp"

namespace tardigrad {
namespace {

Wavelet named(const std::string& name) { return name == "haar" ? Wavelet::haar : Wavelet::sym2; }

void check_close(const Values& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    INFO("position " << i);
    CHECK(std::abs(double{values[i]} - expected[i]) <= 2e-6);
  }
}

Values from_bits(const std::vector<std::string>& hex) {
  Values values;
  for (const auto& text : hex) {
    const auto bits = static_cast<std::uint32_t>(std::stoul(text, nullptr, 16));
    values.emplace_back();
    std::memcpy(&values.back(), &bits, sizeof bits);
  }
  return values;
}

double greatest_difference(const Values& a, const Values& b) {
  REQUIRE(a.size() == b.size());
  double greatest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) greatest = std::max(greatest, std::abs(double{a[i]} - double{b[i]}));
  return greatest;
}

}  // namespace

TEST_CASE("coefficients of the given cases, coarsest first") {
  for (const auto& file : test::vector_cases("wavelet")) {
    for (const auto& given : file["cases"]) {
      const auto values = given["input"].get<Values>();
      const WaveletTransform transform(named(given["wavelet"]), given["levels"].get<unsigned>(), values.size());
      std::vector<double> expected;
      std::vector<std::size_t> lengths;
      for (const auto& band : given["coefficients"]) {
        lengths.push_back(band.size());
        for (const auto& coefficient : band) expected.push_back(coefficient.get<double>());
      }
      CHECK(transform.band_lengths() == lengths);
      CHECK(transform.coefficient_count() == expected.size());
      check_close(transform.forward(values), expected);
      CHECK(greatest_difference(transform.inverse(transform.forward(values)), values) < 2e-6);
    }
  }
}

TEST_CASE("sym2 agrees with PyWavelets to the last bit, there and back") {
  for (const auto& file : test::vector_cases("crosschecked/dwt")) {
    for (const auto& given : file["cases"]) {
      INFO("length " << given["n"] << ", levels " << given["level"]);
      const auto values = given["x"].get<Values>();
      const WaveletTransform transform(Wavelet::sym2, given["level"].get<unsigned>(), values.size());
      CHECK(transform.band_lengths() == given["lens_cA_cD_L_to_cD_1"].get<std::vector<std::size_t>>());
      const Values coefficients = transform.forward(values);
      CHECK(coefficients == from_bits(given["coeffs_f32_hex_be"].get<std::vector<std::string>>()));
      check_close(coefficients, given["coeffs_f64"].get<std::vector<double>>());
      const auto back = from_bits(given["inverse_of_f32_coeffs_f32_hex_be"].get<std::vector<std::string>>());
      CHECK(transform.inverse(coefficients) == back);
      check_close(transform.inverse(given["rounded_coeffs"].get<Values>()),
                  given["inverse_of_rounded_coeffs_f64"].get<std::vector<double>>());
    }
  }
}

TEST_CASE("coefficients of the given rounds of JWINS, there and back") {
  for (const auto& file : test::vector_cases("crosschecked/jwins")) {
    for (const std::string mode : {"level4_total", "level1_total", "level4_train"}) {
      const WaveletTransform transform(Wavelet::sym2, file[mode]["level"].get<unsigned>(), 6);
      CHECK(transform.band_lengths() == file[mode]["lens"].get<std::vector<std::size_t>>());
      for (const auto& round : file[mode]["rounds"]) {
        for (std::size_t node = 0; node < round["x"].size(); ++node) {
          check_close(transform.forward(round["after_train"][node].get<Values>()),
                      round["coeffs"][node].get<std::vector<double>>());
          check_close(transform.inverse(round["averaged_coeffs"][node].get<Values>()),
                      round["x"][node].get<std::vector<double>>());
        }
      }
    }
  }
}

TEST_CASE("the models of the JWINS comparison have as many coefficients as published") {
  const auto lengths = [](std::size_t n) { return WaveletTransform(Wavelet::sym2, 4, n).band_lengths(); };
  using Lengths = std::vector<std::size_t>;
  CHECK(lengths(89834) == Lengths{5617, 5617, 11231, 22460, 44918});
  CHECK(lengths(1690046) == Lengths{105630, 105630, 211258, 422513, 845024});
  CHECK(lengths(30242) == Lengths{1892, 1892, 3782, 7562, 15122});
  CHECK(lengths(206680) == Lengths{12920, 12920, 25837, 51672, 103341});
  CHECK(WaveletTransform(Wavelet::sym2, 4, 89834).coefficient_count() == 89843);
}

TEST_CASE("values of any length come back from their coefficients") {
  for (const Wavelet wavelet : {Wavelet::haar, Wavelet::sym2}) {
    for (std::size_t length = 0; length <= 300; ++length) {
      const Values values = test::normal_values(length, length);
      for (const unsigned levels : {0U, 1U, 2U, 4U, 7U}) {
        const WaveletTransform transform(wavelet, levels, length);
        const Values coefficients = transform.forward(values);
        REQUIRE(coefficients.size() == transform.coefficient_count());
        REQUIRE(greatest_difference(transform.inverse(coefficients), values) < 1e-5);
      }
    }
    const Values model = test::normal_values(89834, 1);
    const WaveletTransform transform(wavelet, 4, model.size());
    CHECK(greatest_difference(transform.inverse(transform.forward(model)), model) < 1e-5);
  }
}

TEST_CASE("a constant has no details") {
  for (const std::size_t length : {1U, 2U, 3U, 50U, 51U}) {
    const WaveletTransform transform(Wavelet::sym2, 3, length);
    const Values coefficients = transform.forward(Values(length, 1.0F));
    const std::size_t coarse = transform.band_lengths().front();
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      CHECK(std::abs(coefficients[i] - (i < coarse ? std::sqrt(8.0F) : 0)) < 1e-6);
    }
  }
}

}  // namespace tardigrad
