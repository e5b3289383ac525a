/// The ends of networks: rows of numbers, one for each sample.
#include "models/kernels/elementary.hpp"
#include "models/kernels/kernel_units.hpp"

namespace tardigrad::TARDIGRAD_ISA_NAMESPACE {
namespace {

using Index = std::ptrdiff_t;

/// NaN if there is one.
float greatest(const float* scores, Index count) {
  float result = scores[0];
  for (Index i = 1; i < count && result == result; ++i) {
    if (!(scores[i] <= result)) result = scores[i];
  }
  return result;
}

void exponentials_of_distances(const float* scores, Index count, float from, float* to) {
  const Vector shift = broadcast(from);
  Index i = 0;
  for (; i + kLanes <= count; i += kLanes) store(to + i, exponential(load(scores + i) - shift));
  if (i < count) store_part(to + i, exponential(load_part(scores + i, count - i) - shift), count - i);
}

/// Shares of the classes but for their divisor, which is `of_label` + `of_others`.
struct Shares {
  double of_label = 0;
  double of_others = 0;
};

Shares shares_of(const float* powers, Index count, Index label) {
  Shares shares;
  shares.of_label = powers[label];
  for (Index i = 0; i < count; ++i) {
    if (i != label) shares.of_others += powers[i];
  }
  return shares;
}

}  // namespace

void add_to_rows(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* addend, float* values) {
  for (Index row = 0; row < rows; ++row, values += columns) {
    for (Index i = 0; i < columns; ++i) values[i] += addend[i];
  }
}

void sum_of_rows(std::ptrdiff_t rows, std::ptrdiff_t columns, const float* values, float* sums) {
  for (Index i = 0; i < columns; ++i) sums[i] = 0;
  for (Index row = 0; row < rows; ++row, values += columns) {
    for (Index i = 0; i < columns; ++i) sums[i] += values[i];
  }
}

void rectify_numbers(std::ptrdiff_t count, float* values) {
  for (Index i = 0; i < count; ++i) values[i] = values[i] <= 0 ? 0.0F : values[i];
}

double cross_entropy(std::ptrdiff_t samples, std::ptrdiff_t classes, const float* scores, const std::int64_t* labels,
                     float* gradient) {
  double loss = 0;
  for (Index sample = 0; sample < samples; ++sample, scores += classes, gradient += classes) {
    const Index label = labels[sample];
    const float highest = greatest(scores, classes);
    exponentials_of_distances(scores, classes, highest, gradient);
    const Shares shares = shares_of(gradient, classes, label);
    const double all = shares.of_label + shares.of_others;
    loss += logarithm(all) - (static_cast<double>(scores[label]) - highest);
    for (Index i = 0; i < classes; ++i) {
      gradient[i] = static_cast<float>(gradient[i] / all / static_cast<double>(samples));
    }
    // The share less one, without cancelling.
    gradient[label] = static_cast<float>(-shares.of_others / all / static_cast<double>(samples));
  }
  return loss / static_cast<double>(samples);
}

void descend(std::ptrdiff_t count, float learning_rate, const float* gradient, float* model) {
  for (Index i = 0; i < count; ++i) model[i] -= learning_rate * gradient[i];
}

void flatten(const Planes& planes, const float* pictures, float* rows) {
  const Index pixels = planes.height * planes.width;
  for (Index block = 0; block < planes.pictures * planes.channels / kLanes; ++block, rows += kLanes * pixels) {
    const float* from = pictures + block * pixels * kLanes;
    for (Index first = 0; first < pixels; first += kLanes) {
      const Index count = pixels - first < kLanes ? pixels - first : kLanes;
      Vector square[16];
      for (Index i = 0; i < kLanes; ++i) square[i] = i < count ? load(from + (first + i) * kLanes) : zeros();
      transpose(square);
      for (Index i = 0; i < kLanes; ++i) {
        float* to = rows + i * pixels + first;
        count == kLanes ? store(to, square[i]) : store_part(to, square[i], count);
      }
    }
  }
}

void unflatten(const Planes& planes, const float* rows, float* pictures) {
  const Index pixels = planes.height * planes.width;
  for (Index block = 0; block < planes.pictures * planes.channels / kLanes; ++block, rows += kLanes * pixels) {
    float* to = pictures + block * pixels * kLanes;
    for (Index first = 0; first < pixels; first += kLanes) {
      const Index count = pixels - first < kLanes ? pixels - first : kLanes;
      Vector square[16];
      for (Index i = 0; i < kLanes; ++i) {
        const float* from = rows + i * pixels + first;
        square[i] = count == kLanes ? load(from) : load_part(from, count);
      }
      transpose(square);
      for (Index i = 0; i < count; ++i) store(to + (first + i) * kLanes, square[i]);
    }
  }
}

}  // namespace tardigrad::TARDIGRAD_ISA_NAMESPACE
