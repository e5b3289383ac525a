/// Convolutions as matrix products: the inputs of each output pixel become a row, in the order of the weights. For
/// strides, and for small pictures with many channels, whose transformed filters would not fit a cache.
#include "models/kernels/kernel_units.hpp"
#include "models/kernels/vector.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

using Index = std::ptrdiff_t;

/// Taps of a filter that fit a vector.
constexpr Index kMostTaps = kLanes;

/// Calls `visit(output pixel, its first input row, its first input column)`.
template <class Visit>
TARDIGRAD_INLINE void for_outputs(const Convolution& c, Visit visit) {
  const Index height = (c.height + c.stride - 1) / c.stride, width = (c.width + c.stride - 1) / c.stride;
  for (Index row = 0; row < height; ++row) {
    for (Index column = 0; column < width; ++column) {
      visit(row * width + column, row * c.stride - c.side / 2, column * c.stride - c.side / 2);
    }
  }
}

/// Where a tap reads within a block of channels; -1 in the padding.
TARDIGRAD_INLINE Index place_of(const Convolution& c, Index row, Index column) {
  const bool is_inside = row >= 0 && row < c.height && column >= 0 && column < c.width;
  return is_inside ? (row * c.width + column) * kLanes : -1;
}

}  // namespace

void unfold(const Convolution& shape, const float* picture, float* rows) {
  const Index taps = shape.side * shape.side, pixels = shape.height * shape.width;
  for_outputs(shape, [&](Index output, Index row, Index column) {
    float* to = rows + output * shape.in * taps;
    for (Index block = 0; block < shape.in / kLanes; ++block, to += kLanes * taps) {
      Vector square[kMostTaps];
      for (Index tap = 0; tap < kMostTaps; ++tap) {
        const Index at = tap < taps ? place_of(shape, row + tap / shape.side, column + tap % shape.side) : -1;
        square[tap] = at < 0 ? zeros() : load(picture + block * pixels * kLanes + at);
      }
      transpose(square);
      for (Index channel = 0; channel < kLanes; ++channel) store_part(to + channel * taps, square[channel], taps);
    }
  });
}

void fold(const Convolution& shape, const float* rows, float* picture) {
  const Index taps = shape.side * shape.side, pixels = shape.height * shape.width;
  __builtin_memset(picture, 0, sizeof(float) * static_cast<std::size_t>(shape.in * pixels));
  for_outputs(shape, [&](Index output, Index row, Index column) {
    const float* from = rows + output * shape.in * taps;
    for (Index block = 0; block < shape.in / kLanes; ++block, from += kLanes * taps) {
      Vector square[kMostTaps];
      for (Index channel = 0; channel < kLanes; ++channel) square[channel] = load_part(from + channel * taps, taps);
      transpose(square);
      for (Index tap = 0; tap < taps; ++tap) {
        const Index at = place_of(shape, row + tap / shape.side, column + tap % shape.side);
        if (at < 0) continue;
        float* pixel = picture + block * pixels * kLanes + at;
        store(pixel, load(pixel) + square[tap]);
      }
    }
  });
}

void pixels_to_blocks(const Planes& planes, const float* rows, float* pictures) {
  const Index pixels = planes.height * planes.width;
  for (Index picture = 0; picture < planes.pictures; ++picture) {
    for (Index channel = 0; channel < planes.channels; channel += kLanes) {
      const float* from = rows + picture * pixels * planes.channels + channel;
      float* to = pictures + (picture * planes.channels + channel) * pixels;
      for (Index pixel = 0; pixel < pixels; ++pixel) store(to + pixel * kLanes, load(from + pixel * planes.channels));
    }
  }
}

void blocks_to_pixels(const Planes& planes, const float* pictures, float* rows) {
  const Index pixels = planes.height * planes.width;
  for (Index picture = 0; picture < planes.pictures; ++picture) {
    for (Index channel = 0; channel < planes.channels; channel += kLanes) {
      const float* from = pictures + (picture * planes.channels + channel) * pixels;
      float* to = rows + picture * pixels * planes.channels + channel;
      for (Index pixel = 0; pixel < pixels; ++pixel) store(to + pixel * planes.channels, load(from + pixel * kLanes));
    }
  }
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
