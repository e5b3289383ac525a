#include "models/codecs/wavelet.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace tardigrad {
namespace {

/// The filters of PyWavelets' tables, rounded to float32: low pass, then high pass.
template <std::size_t Taps>
struct Filters {
  std::array<float, Taps> analysis_low, analysis_high, synthesis_low, synthesis_high;
};

constexpr float kHaar = 0.7071067811865476F;
constexpr Filters<2> kHaarFilters{{kHaar, kHaar}, {-kHaar, kHaar}, {kHaar, kHaar}, {kHaar, -kHaar}};

constexpr float kA = 0.48296291314469025F;
constexpr float kB = 0.836516303737469F;
constexpr float kC = 0.22414386804185735F;
constexpr float kD = -0.12940952255092145F;
constexpr Filters<4> kSym2Filters{{kD, kC, kB, kA}, {-kA, kB, -kC, kD}, {kA, kB, kC, kD}, {kD, -kC, kB, -kA}};

std::size_t analysis_length(std::size_t length, std::size_t taps) { return length == 0 ? 0 : (length + taps - 1) / 2; }

/// Value `position` of the vector, which continues mirrored beyond both of its ends.
float extended(const float* values, std::size_t length, std::ptrdiff_t position) {
  const auto size = static_cast<std::ptrdiff_t>(length);
  const std::ptrdiff_t within = (position % (2 * size) + 2 * size) % (2 * size);
  return values[within < size ? within : 2 * size - 1 - within];
}

/// One output near an end; `newest` is the latest position that it uses. PyWavelets adds the values past the
/// right end first, from the end outwards.
template <std::size_t Taps>
float at_border(const std::array<float, Taps>& filter, const float* values, std::size_t length, std::size_t newest) {
  float sum = 0;
  const auto tap = [&](std::size_t j) {
    sum += filter[j] * extended(values, length, static_cast<std::ptrdiff_t>(newest) - static_cast<std::ptrdiff_t>(j));
  };
  const std::size_t outside = newest < length ? 0 : std::min(Taps, newest - length + 1);
  for (std::size_t j = outside; j-- > 0;) tap(j);
  for (std::size_t j = outside; j < Taps; ++j) tap(j);
  return sum;
}

/// `values` points to the oldest value that the first output uses. This part has neither ends nor branches.
template <std::size_t Taps>
void analyse_inside(const Filters<Taps>& filters, const float* __restrict values, std::size_t outputs,
                    float* __restrict low, float* __restrict high) {
  for (std::size_t q = 0; q < outputs; ++q) {
    const float* newest = values + 2 * q + Taps - 1;
    float low_sum = 0, high_sum = 0;
    for (std::size_t j = 0; j < Taps; ++j) {
      low_sum += filters.analysis_low[j] * newest[-static_cast<std::ptrdiff_t>(j)];
      high_sum += filters.analysis_high[j] * newest[-static_cast<std::ptrdiff_t>(j)];
    }
    low[q] = low_sum;
    high[q] = high_sum;
  }
}

/// One level: the approximation and the details, analysis_length() values each. Output q uses values up to 2q +
/// 1.
template <std::size_t Taps>
void analyse(const Filters<Taps>& filters, const float* values, std::size_t length, float* low, float* high) {
  const std::size_t outputs = analysis_length(length, Taps);
  const std::size_t inside_begin = std::min(outputs, Taps / 2 - 1);
  const std::size_t inside_end = std::max(inside_begin, length / 2);
  const auto border = [&](std::size_t q) {
    low[q] = at_border(filters.analysis_low, values, length, 2 * q + 1);
    high[q] = at_border(filters.analysis_high, values, length, 2 * q + 1);
  };
  for (std::size_t q = 0; q < inside_begin; ++q) border(q);
  analyse_inside(filters, values, inside_end - inside_begin, low + inside_begin, high + inside_begin);
  for (std::size_t q = inside_end; q < outputs; ++q) border(q);
}

template <std::size_t Taps>
float synthesised(const std::array<float, Taps>& filter, const float* coefficients, std::size_t phase) {
  float sum = filter[phase] * coefficients[Taps / 2 - 1];
  for (std::size_t i = 1; i < Taps / 2; ++i) sum += filter[2 * i + phase] * coefficients[Taps / 2 - 1 - i];
  return sum;
}

/// Inverts one level, two values a step: 2 (count - Taps / 2 + 1) values.
template <std::size_t Taps>
void synthesise(const Filters<Taps>& filters, const float* __restrict low, const float* __restrict high,
                std::size_t count, float* __restrict values) {
  const std::size_t steps = count - (Taps / 2 - 1);
  for (std::size_t q = 0; q < steps; ++q) {
    for (std::size_t phase = 0; phase < 2; ++phase) {
      values[2 * q + phase] =
          synthesised(filters.synthesis_low, low + q, phase) + synthesised(filters.synthesis_high, high + q, phase);
    }
  }
}

template <class Work>
void with_filters(Wavelet wavelet, const Work& work) {
  if (wavelet == Wavelet::haar) {
    work(kHaarFilters);
  } else {
    work(kSym2Filters);
  }
}

std::size_t taps(Wavelet wavelet) { return wavelet == Wavelet::haar ? 2 : 4; }

}  // namespace

WaveletTransform::WaveletTransform(Wavelet wavelet, unsigned levels, std::size_t length)
    : wavelet_(wavelet), lengths_{length} {
  for (unsigned level = 0; level < levels; ++level) lengths_.push_back(analysis_length(lengths_.back(), taps(wavelet)));
  const auto bands = band_lengths();
  coefficient_count_ = 0;
  for (const std::size_t band : bands) coefficient_count_ += band;
}

std::vector<std::size_t> WaveletTransform::band_lengths() const {
  std::vector<std::size_t> bands{lengths_.back()};
  for (std::size_t level = lengths_.size() - 1; level > 0; --level) bands.push_back(lengths_[level]);
  return bands;
}

Values WaveletTransform::forward(const Values& values) const {
  Values coefficients(coefficient_count_);
  Values approximation, finer;
  const float* analysed = values.data();
  float* details = coefficients.data() + coefficient_count_;
  for (std::size_t level = 1; level < lengths_.size(); ++level) {
    approximation.resize(lengths_[level]);
    details -= lengths_[level];
    with_filters(wavelet_, [&](const auto& filters) {
      analyse(filters, analysed, lengths_[level - 1], approximation.data(), details);
    });
    finer.swap(approximation);
    analysed = finer.data();
  }
  std::copy_n(analysed, lengths_.back(), coefficients.begin());
  return coefficients;
}

Values WaveletTransform::inverse(const Values& coefficients) const {
  Values values, coarser(coefficients.begin(), coefficients.begin() + static_cast<std::ptrdiff_t>(lengths_.back()));
  const float* details = coefficients.data() + lengths_.back();
  for (std::size_t level = lengths_.size() - 1; level > 0 && length() > 0; --level) {
    const std::size_t count = lengths_[level];
    values.resize(2 * (count - taps(wavelet_) / 2 + 1));
    with_filters(wavelet_,
                 [&](const auto& filters) { synthesise(filters, coarser.data(), details, count, values.data()); });
    details += count;
    values.resize(lengths_[level - 1]);  // for an odd number of values the inverse has one too many
    coarser.swap(values);
  }
  return coarser;
}

}  // namespace tardigrad
