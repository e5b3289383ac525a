/// How near the kernels' products come to what the core can do.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "models/kernels/kernels.hpp"
#include "models/layers/fully_connected_layer.hpp"
#include "netem/base/random_stream.hpp"

// Sums must stay in registers, and begin apart: equal ones would be computed once.
#ifdef __clang__
#define TARDIGRAD_UNROLL_CHAINS _Pragma("clang loop unroll(full)")
#else
#define TARDIGRAD_UNROLL_CHAINS _Pragma("GCC unroll 16")
#endif

namespace tardigrad::bench {

constexpr int kChains = 16;  ///< independent sums, more than latency times throughput
constexpr int kRepetitions = 1 << 14;

#if defined(__x86_64__)
/// Fused multiplications and additions in registers, and nothing else, if the compiler optimises. Each returns the
/// number of its floating-point operations, and keeps its sums alive in `sink`.
__attribute__((target("avx512f"))) inline double multiply_add_avx512(float* sink) {
  __m512 sums[kChains];
  TARDIGRAD_UNROLL_CHAINS for (int i = 0; i < kChains; ++i) sums[i] = _mm512_set1_ps(static_cast<float>(i));
  const __m512 factor = _mm512_set1_ps(0.999F), addend = _mm512_set1_ps(0.001F);
  for (int i = 0; i < kRepetitions; ++i) {
    TARDIGRAD_UNROLL_CHAINS for (__m512& sum : sums) sum = _mm512_fmadd_ps(sum, factor, addend);
  }
  TARDIGRAD_UNROLL_CHAINS for (int i = 1; i < kChains; ++i) sums[0] = _mm512_add_ps(sums[0], sums[i]);
  _mm512_storeu_ps(sink, sums[0]);
  return 2.0 * 16 * kChains * kRepetitions;
}

__attribute__((target("avx2,fma"))) inline double multiply_add_avx2(float* sink) {
  __m256 sums[kChains - 4];
  TARDIGRAD_UNROLL_CHAINS for (int i = 0; i < kChains - 4; ++i) sums[i] = _mm256_set1_ps(static_cast<float>(i));
  const __m256 factor = _mm256_set1_ps(0.999F), addend = _mm256_set1_ps(0.001F);
  for (int i = 0; i < kRepetitions; ++i) {
    TARDIGRAD_UNROLL_CHAINS for (__m256& sum : sums) sum = _mm256_fmadd_ps(sum, factor, addend);
  }
  TARDIGRAD_UNROLL_CHAINS for (int i = 1; i < kChains - 4; ++i) sums[0] = _mm256_add_ps(sums[0], sums[i]);
  _mm256_storeu_ps(sink, sums[0]);
  return 2.0 * 8 * (kChains - 4) * kRepetitions;
}
#endif

/// The loop for this instruction set; null: there is none.
inline double (*multiply_add_loop(Isa isa))(float*) {
#if defined(__x86_64__)
  if (isa == Isa::avx512) return multiply_add_avx512;
  if (isa == Isa::avx2) return multiply_add_avx2;
#endif
  static_cast<void>(isa);
  return nullptr;
}

/// The three products of a fully connected layer: forward, and back to its weight and its input.
class LayerProducts {
 public:
  LayerProducts(const FullyConnectedShape& shape, std::ptrdiff_t samples)
      : shape_(shape),
        samples_(samples),
        input_(numbers(samples * shape.in, 1)),
        weight_(numbers(shape.in * shape.out, 2)),
        output_(numbers(samples * shape.out, 3)),
        input_gradient_(input_.size()),
        weight_gradient_(weight_.size()) {}

  double operations() const { return 6.0 * static_cast<double>(samples_ * shape_.in * shape_.out); }
  std::string text() const { return fmt::format("{} x {} -> {}", samples_, shape_.in, shape_.out); }

  void compute() {
    connect_many(kernels(), shape_, samples_, input_.data(), weight_.data(), nullptr, output_.data(), transposed_);
    connect_back(kernels(), shape_, samples_, input_.data(), weight_.data(), output_.data(),
                 {weight_gradient_.data(), nullptr, input_gradient_.data()});
  }

 private:
  static std::vector<float> numbers(std::ptrdiff_t count, std::uint64_t seed) {
    RandomStream stream(seed, Purpose::test);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) value = static_cast<float>(stream.uniform() - 0.5);
    return values;
  }

  FullyConnectedShape shape_;
  std::ptrdiff_t samples_;
  std::vector<float> input_, weight_, output_, input_gradient_, weight_gradient_;
  Floats transposed_;
};

}  // namespace tardigrad::bench
