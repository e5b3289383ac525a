/// Normalisation by channel with ReLU and pooling, and the ways back. What follows from a channel's moments (factors
/// and shifts) is computed elsewhere; here it is applied to pixels.
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

using Index = std::ptrdiff_t;

/// One block of 16 channels of one picture: where its pixels begin, and its numbers.
struct Block {
  Index pixels;   ///< floats before its first pixel
  Index numbers;  ///< numbers before its own 16
};

template <class Visit>
TARDIGRAD_INLINE void for_blocks(const Planes& planes, Visit visit) {
  const Index blocks = planes.pictures * planes.channels / kLanes;
  for (Index b = 0; b < blocks; ++b) visit(Block{b * planes.height * planes.width * kLanes, b * kLanes});
}

/// The sum over all pixels, row by row, so that no sum gets long.
template <class Value>
TARDIGRAD_INLINE Vector sum_of_pixels(Index rows, Index columns, Value value) {
  Vector sum = zeros();
  for (Index row = 0; row < rows; ++row) {
    Vector of_row = zeros();
    for (Index column = 0; column < columns; ++column) of_row = value(row * columns + column, of_row);
    sum = sum + of_row;
  }
  return sum;
}

TARDIGRAD_INLINE Planes pooled(const Planes& planes) {
  return {planes.pictures, planes.channels, planes.height / 2, planes.width / 2};
}

/// The four pixels of a pooling window.
struct PoolingWindow {
  TARDIGRAD_INLINE PoolingWindow(const Planes& planes, Index pixels, Index row, Index column) {
    const Index first = pixels + (2 * row * planes.width + 2 * column) * kLanes, down = planes.width * kLanes;
    at[0] = first, at[1] = first + kLanes, at[2] = first + down, at[3] = first + down + kLanes;
  }
  Index at[4];
};

TARDIGRAD_INLINE Mask either(Mask a, Mask b) { return mask_of(bits(a) | bits(b)); }

struct Pooled {
  Vector maximum;  ///< after ReLU
  Vector winner;   ///< the value that became it
  Winners winners;
};

/// The first of equal values wins. Where one of the values is NaN, so is the maximum.
TARDIGRAD_INLINE Pooled pool(const Vector (&values)[4], Vector factor, Vector shift) {
  Vector scaled[4];
  TARDIGRAD_UNROLL for (int i = 0; i < 4; ++i) scaled[i] = fma(factor, values[i], shift);
  Pooled result;
  Vector maximum = scaled[0];
  result.winner = values[0];
  unsigned later[4] = {0xffffU, 0, 0, 0};  // which value is greater than those before it
  TARDIGRAD_UNROLL for (int i = 1; i < 4; ++i) {
    const Mask is_greater = greater(scaled[i], maximum);
    maximum = select(is_greater, scaled[i], maximum);
    result.winner = select(is_greater, values[i], result.winner);
    later[i] = bits(is_greater);
  }
  const Mask is_bad = either(unordered(scaled[0], scaled[1]), unordered(scaled[2], scaled[3]));
  maximum = select(is_bad, (scaled[0] + scaled[1]) + (scaled[2] + scaled[3]), maximum);
  const Mask is_active = not_at_most(maximum, zeros());
  result.maximum = select(is_active, maximum, zeros());
  unsigned open = bits(is_active);  // channels whose winner is still to be found, from the last value on
  TARDIGRAD_UNROLL for (int i = 3; i >= 0; --i) {
    result.winners[i] = static_cast<std::uint16_t>(later[i] & open);
    open &= ~later[i];
  }
  return result;
}

TARDIGRAD_INLINE unsigned any_of(const Winners& winners) {
  return static_cast<unsigned>(winners[0] | winners[1] | winners[2] | winners[3]);
}

/// What an untouched pixel gets: `slope` x + `constant`.
TARDIGRAD_INLINE void scale_in_place(float* pixel, Vector slope, Vector constant) {
  store(pixel, fma(slope, load(pixel), constant));
}

}  // namespace

void channel_moments(const Planes& planes, const float* pictures, float* means, float* squares) {
  const Vector share = broadcast(1.0F / static_cast<float>(planes.height * planes.width));
  for_blocks(planes, [&](Block block) {
    const float* pixels = pictures + block.pixels;
    const Vector mean = share * sum_of_pixels(planes.height, planes.width, [&](Index pixel, Vector sum) {
                          return sum + load(pixels + pixel * kLanes);
                        });
    store(means + block.numbers, mean);
    store(squares + block.numbers, sum_of_pixels(planes.height, planes.width, [&](Index pixel, Vector sum) {
            const Vector distance = load(pixels + pixel * kLanes) - mean;
            return fma(distance, distance, sum);
          }));
  });
}

void rectify(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
             const float* addend, float* output) {
  const Index pixels = planes.height * planes.width;
  for_blocks(planes, [&](Block block) {
    const Vector factor = load(factors + block.numbers), shift = load(shifts + block.numbers);
    for (Index at = block.pixels; at < block.pixels + pixels * kLanes; at += kLanes) {
      Vector value = fma(factor, load(pictures + at), shift);
      if (addend) value = value + load(addend + at);
      store(output + at, select(not_at_most(value, zeros()), value, zeros()));
    }
  });
}

void pool_rectified(const Planes& planes, const float* pictures, const float* factors, const float* shifts,
                    float* output, float* winning, Winners* winners) {
  const Planes to = pooled(planes);
  for_blocks(planes, [&](Block block) {
    const Vector factor = load(factors + block.numbers), shift = load(shifts + block.numbers);
    Index place = block.numbers * to.height * to.width / kLanes;  // of the pooled vector
    for (Index row = 0; row < to.height; ++row) {
      for (Index column = 0; column < to.width; ++column, ++place) {
        const PoolingWindow window(planes, block.pixels, row, column);
        Vector values[4];
        TARDIGRAD_UNROLL for (int i = 0; i < 4; ++i) values[i] = load(pictures + window.at[i]);
        const Pooled result = pool(values, factor, shift);
        store(output + place * kLanes, result.maximum);
        if (!winners) continue;
        store(winning + place * kLanes, result.winner);
        __builtin_memcpy(winners + place, result.winners, sizeof result.winners);
      }
    }
  });
}

void mask_by_output(std::ptrdiff_t count, const float* output, float* gradient) {
  const auto masked = [](Vector of_output, Vector of_gradient) {
    return select(not_at_most(of_output, zeros()), of_gradient, zeros());
  };
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) store(gradient + i, masked(load(output + i), load(gradient + i)));
  if (i == count) return;
  const Index left = count - i;
  store_part(gradient + i, masked(load_part(output + i, left), load_part(gradient + i, left)), left);
}

void gradient_sums(const Planes& planes, const float* gradient, const float* pictures, const float* means, float* sums,
                   float* products) {
  for_blocks(planes, [&](Block block) {
    const float* pixels = pictures + block.pixels;
    const float* by_pixels = gradient + block.pixels;
    const Vector mean = load(means + block.numbers);
    store(sums + block.numbers, sum_of_pixels(planes.height, planes.width, [&](Index pixel, Vector sum) {
            return sum + load(by_pixels + pixel * kLanes);
          }));
    store(products + block.numbers, sum_of_pixels(planes.height, planes.width, [&](Index pixel, Vector sum) {
            return fma(load(by_pixels + pixel * kLanes), load(pixels + pixel * kLanes) - mean, sum);
          }));
  });
}

void pooled_gradient_sums(const Planes& planes, const float* gradient, const float* winning, const Winners* winners,
                          const float* means, float* sums, float* products) {
  const Planes from = pooled(planes);
  for_blocks(from, [&](Block block) {
    const Winners* of_block = winners + block.pixels / kLanes;
    const auto active = [&](Index pixel) {
      const Vector value = load(gradient + block.pixels + pixel * kLanes);
      return select(mask_of(any_of(of_block[pixel])), value, zeros());
    };
    const Vector mean = load(means + block.numbers);
    store(sums + block.numbers,
          sum_of_pixels(from.height, from.width, [&](Index pixel, Vector sum) { return sum + active(pixel); }));
    store(products + block.numbers, sum_of_pixels(from.height, from.width, [&](Index pixel, Vector sum) {
            return fma(active(pixel), load(winning + block.pixels + pixel * kLanes) - mean, sum);
          }));
  });
}

void scale_back(const Planes& planes, const float* gradient, const float* factors, const float* slopes,
                const float* constants, float* pictures) {
  const Index pixels = planes.height * planes.width;
  for_blocks(planes, [&](Block block) {
    const Vector factor = load(factors + block.numbers);
    const Vector slope = load(slopes + block.numbers), constant = load(constants + block.numbers);
    for (Index at = block.pixels; at < block.pixels + pixels * kLanes; at += kLanes) {
      store(pictures + at, fma(factor, load(gradient + at), fma(slope, load(pictures + at), constant)));
    }
  });
}

void unpool_back(const Planes& planes, const float* gradient, const Winners* winners, const float* factors,
                 const float* slopes, const float* constants, float* pictures) {
  const Planes from = pooled(planes);
  for_blocks(planes, [&](Block block) {
    const Vector factor = load(factors + block.numbers);
    const Vector slope = load(slopes + block.numbers), constant = load(constants + block.numbers);
    Index place = block.numbers * from.height * from.width / kLanes;
    for (Index row = 0; row < from.height; ++row) {
      for (Index column = 0; column < from.width; ++column, ++place) {
        const PoolingWindow window(planes, block.pixels, row, column);
        const Vector share = factor * load(gradient + place * kLanes);
        TARDIGRAD_UNROLL for (int i = 0; i < 4; ++i) {
          float* pixel = pictures + window.at[i];
          const Vector own = select(mask_of(winners[place][i]), share, zeros());
          store(pixel, own + fma(slope, load(pixel), constant));
        }
      }
    }
    // An odd row and an odd column are in no pooling window.
    for (Index row = 0; row < planes.height; ++row) {
      const Index first = row < 2 * from.height ? 2 * from.width : 0;
      for (Index column = first; column < planes.width; ++column) {
        scale_in_place(pictures + block.pixels + (row * planes.width + column) * kLanes, slope, constant);
      }
    }
  });
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
