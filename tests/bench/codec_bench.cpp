// What coding costs: choosing and the wavelet against the barest loops over the same values, and every codec on a
// model of GN-LeNet's size. All sides take turns, medians count.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "models/codec.hpp"
#include "models/top_k.hpp"
#include "models/wavelet.hpp"

namespace {

using namespace tardigrad;

constexpr std::size_t kMillion = 1000000;
constexpr std::size_t kGnLeNet = 89834;
constexpr int kTurns = 31;

volatile float sink;

double microseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Values normal_values(std::size_t count) {
  RandomStream draws(1, Purpose::test);
  Values values(count);
  for (float& value : values) value = static_cast<float>(draws.normal());
  return values;
}

struct Side {
  std::string name;
  std::function<void()> work;
};

/// Both sides in turns.
void compare(const Side& ours, const Side& bare) {
  std::vector<double> our_times, bare_times, ratios;
  for (int turn = 0; turn < kTurns; ++turn) {
    bare_times.push_back(microseconds(bare.work));
    our_times.push_back(microseconds(ours.work));
    ratios.push_back(our_times.back() / bare_times.back());
  }
  fmt::print("{}: {:.0f} us; {}: {:.0f} us; {:.2f} times as long\n", ours.name, median(our_times), bare.name,
             median(bare_times), median(ratios));
}

void compare_choosing(double fraction) {
  const Values values = normal_values(kMillion);
  const auto k = static_cast<std::size_t>(fraction * kMillion);
  const auto choose = [&] { sink = static_cast<float>(top_k(values, k).back()); };
  // What nth_element is given: the magnitudes, copied as it reorders them. It leaves them without their indices.
  Values magnitudes = values;
  for (float& value : magnitudes) value = std::abs(value);
  Values reordered(values.size());
  const auto nth_element = [&] {
    std::copy(magnitudes.begin(), magnitudes.end(), reordered.begin());
    std::nth_element(reordered.begin(), reordered.begin() + k, reordered.end(), std::greater<>());
    sink = reordered[k];
  };
  compare({fmt::format("top-k, {} of {} values", k, kMillion), choose}, {"std::nth_element", nth_element});
}

/// As many outputs as the transform has over all of its levels, each from two filters of four taps and every second
/// value: no ends, no levels.
void strided_loop(const Values& values, Values& low, Values& high) {
  for (std::size_t q = 0; q < low.size(); ++q) {
    const float* x = values.data() + 2 * q;
    low[q] = 0.48F * x[0] + 0.84F * x[1] + 0.22F * x[2] - 0.13F * x[3];
    high[q] = -0.13F * x[0] - 0.22F * x[1] + 0.84F * x[2] - 0.48F * x[3];
  }
  sink = low[low.size() / 2] + high[low.size() / 2];
}

void compare_wavelet() {
  const Values values = normal_values(kMillion);
  const WaveletTransform transform(Wavelet::sym2, 4, kMillion);
  const std::size_t outputs = kMillion * 15 / 16;  // of each filter: 1/2 + 1/4 + 1/8 + 1/16
  const Values longer = normal_values(2 * outputs + 4);
  Values low(outputs), high(outputs);
  const Side bare{"strided loop", [&] { strided_loop(longer, low, high); }};
  compare({"wavelet forward", [&] { sink = transform.forward(values).back(); }}, bare);
  const Values coefficients = transform.forward(values);
  compare({"wavelet inverse", [&] { sink = transform.inverse(coefficients).back(); }}, bare);
}

void time_codec(const CodecSpec& spec, const std::string& name) {
  const Values values = normal_values(kGnLeNet);
  Values received(values.size());
  const auto codec = make_codec(spec);
  RandomStream draws(2, Purpose::test);
  std::vector<double> encoding, decoding;
  EncodedBytes bytes;
  for (int turn = 0; turn < kTurns; ++turn) {
    encoding.push_back(microseconds([&] { bytes = codec->encode(values, draws); }));
    decoding.push_back(microseconds([&] { sink = codec->decode(bytes, received) ? received[0] : 0; }));
  }
  fmt::print("  {:24} encode {:6.0f} us, decode {:6.0f} us, {:7} bytes\n", name, median(encoding), median(decoding),
             bytes.size());
}

}  // namespace

int main() {
  for (const double fraction : {0.01, 0.1, 0.37}) compare_choosing(fraction);
  compare_wavelet();

  fmt::print("{} values of GN-LeNet:\n", kGnLeNet);
  for (const auto& kind : codec_kinds()) {
    CodecSpec spec;
    spec.kind = kind.name;
    time_codec(spec, kind.name);
    if (std::find(kind.keys.begin(), kind.keys.end(), "values") == kind.keys.end()) continue;
    for (const std::string values : {"float16", "quantizer"}) {
      spec.values = values;
      time_codec(spec, kind.name + ", " + values);
    }
  }
  const Values model = normal_values(kGnLeNet);
  const WaveletTransform transform(Wavelet::sym2, 4, kGnLeNet);
  std::vector<double> forward, inverse;
  Values coefficients, back;
  for (int turn = 0; turn < kTurns; ++turn) {
    forward.push_back(microseconds([&] { coefficients = transform.forward(model); }));
    inverse.push_back(microseconds([&] { back = transform.inverse(coefficients); }));
  }
  fmt::print("  {:24} forward {:5.0f} us, inverse {:5.0f} us\n", "wavelet, sym2, 4 levels", median(forward),
             median(inverse));
}
