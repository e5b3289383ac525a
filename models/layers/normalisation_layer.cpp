#include "models/layers/normalisation_layer.hpp"

#include <algorithm>
#include <cmath>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

double inverse_deviation_of(double variance) { return 1 / std::sqrt(variance + kEpsilon); }

/// Moments of several sets of equally many values, merged (Chan, Golub and LeVeque 1979).
class Moments {
 public:
  explicit Moments(Index values_of_set) : values_of_set_(static_cast<double>(values_of_set)) {}

  void add(double mean, double squares) {
    const double difference = mean - mean_;
    ++sets_;
    mean_ += difference / sets_;
    squares_ += squares + values_of_set_ * difference * difference * (sets_ - 1) / sets_;
  }

  double count() const { return sets_ * values_of_set_; }
  double mean() const { return mean_; }
  double variance() const { return squares_ / count(); }
  double unbiased_variance() const { return squares_ / (count() - 1); }

 private:
  double values_of_set_;
  double sets_ = 0, mean_ = 0, squares_ = 0;
};

void approach(float& running, double value) {
  running = static_cast<float>((1 - kMomentum) * running + kMomentum * value);
}

}  // namespace

NormalisationLayer::NormalisationLayer(const NormalisationShape& shape, const Kernels& kernels)
    : shape_(shape), kernels_(kernels) {}

Planes NormalisationLayer::planes(Index pictures) const {
  return {pictures, channels(), shape_.planes.height, shape_.planes.width};
}

void NormalisationLayer::begin(Index pictures) {
  const Index numbers = pictures * channels();
  for (Floats* each : {&of_.means, &of_.squares, &of_.centres, &of_.inverse_deviations, &of_.factors, &of_.shifts,
                       &of_.sums, &of_.products, &of_.slopes, &of_.constants}) {
    each->at_least(numbers);
  }
  if (!shape_.pools) return;
  const Index pooled = numbers * (shape_.planes.height / 2) * (shape_.planes.width / 2);
  winning_.at_least(pooled);
  winners_.at_least(pooled / 16);
}

void NormalisationLayer::set_factors(Index picture, Index channel, double mean, double inverse_deviation,
                                     const NormalisationParameters& parameters) {
  const Index at = picture * channels() + channel;
  const double factor = parameters.scale ? inverse_deviation * parameters.scale[channel] : 1;
  const double shift = parameters.shift ? parameters.shift[channel] : 0;
  of_.centres.get()[at] = static_cast<float>(mean);
  of_.inverse_deviations.get()[at] = static_cast<float>(inverse_deviation);
  of_.factors.get()[at] = static_cast<float>(factor);
  of_.shifts.get()[at] = static_cast<float>(shift - factor * mean);
}

void NormalisationLayer::normalise_groups(PictureRange range, const NormalisationParameters& parameters) {
  const Index group = channels() / shape_.groups;
  for (Index picture = range.first; picture < range.first + range.count; ++picture) {
    for (Index first = 0; first < channels(); first += group) {
      Moments moments(pixels());
      for (Index channel = first; channel < first + group; ++channel) {
        const Index at = picture * channels() + channel;
        moments.add(of_.means.get()[at], of_.squares.get()[at]);
      }
      const double inverse = inverse_deviation_of(moments.variance());
      for (Index channel = first; channel < first + group; ++channel) {
        set_factors(picture, channel, moments.mean(), inverse, parameters);
      }
    }
  }
}

void NormalisationLayer::normalise_batch(Index pictures, const NormalisationParameters& parameters) {
  for (Index channel = 0; channel < channels(); ++channel) {
    Moments moments(pixels());
    for (Index picture = 0; picture < pictures; ++picture) {
      const Index at = picture * channels() + channel;
      moments.add(of_.means.get()[at], of_.squares.get()[at]);
    }
    const double inverse = inverse_deviation_of(moments.variance());
    for (Index picture = 0; picture < pictures; ++picture) {
      set_factors(picture, channel, moments.mean(), inverse, parameters);
    }
    approach(parameters.running_mean[channel], moments.mean());
    approach(parameters.running_variance[channel], moments.unbiased_variance());
  }
}

void NormalisationLayer::normalise_by_running(PictureRange range, const NormalisationParameters& parameters) {
  for (Index picture = range.first; picture < range.first + range.count; ++picture) {
    for (Index channel = 0; channel < channels(); ++channel) {
      set_factors(picture, channel, parameters.running_mean[channel],
                  inverse_deviation_of(parameters.running_variance[channel]), parameters);
    }
  }
}

void NormalisationLayer::leave_as_is(PictureRange range) {
  for (Index picture = range.first; picture < range.first + range.count; ++picture) {
    for (Index channel = 0; channel < channels(); ++channel) set_factors(picture, channel, 0, 1, {});
  }
}

void NormalisationLayer::train(PictureRange range, const float* input, const NormalisationParameters& parameters,
                               const float* addend, float* output) {
  const Index numbers = range.first * channels();
  if (shape_.kind == Normalisation::none) {
    leave_as_is(range);
  } else {
    kernels_.channel_moments(planes(range.count), input + numbers * pixels(), of_.means.get() + numbers,
                             of_.squares.get() + numbers);
    shape_.kind == Normalisation::group ? normalise_groups(range, parameters)
                                        : normalise_batch(range.count, parameters);
  }
  apply(range, input, addend, output, true);
}

void NormalisationLayer::evaluate(PictureRange range, const float* input, const NormalisationParameters& parameters,
                                  const float* addend, float* output) {
  if (shape_.kind != Normalisation::batch) return train(range, input, parameters, addend, output);
  normalise_by_running(range, parameters);
  apply(range, input, addend, output, false);
}

void NormalisationLayer::apply(PictureRange range, const float* input, const float* addend, float* output,
                               bool trains) {
  const Index numbers = range.first * channels(), first = numbers * pixels();
  const float* factors = of_.factors.get() + numbers;
  const float* shifts = of_.shifts.get() + numbers;
  if (!shape_.pools) {
    const float* added = addend ? addend + first : nullptr;
    return kernels_.rectify(planes(range.count), input + first, factors, shifts, added, output + first);
  }
  const Index pooled = numbers * (shape_.planes.height / 2) * (shape_.planes.width / 2);
  kernels_.pool_rectified(planes(range.count), input + first, factors, shifts, output + pooled, winning_.get() + pooled,
                          trains ? winners_.get() + pooled / 16 : nullptr);
}

void NormalisationLayer::parameter_gradients(Index pictures, const float* input, const float* output,
                                             float* output_gradient, const NormalisationParameters& parameters,
                                             const NormalisationGradients& gradients) {
  const Planes all = planes(pictures);
  if (shape_.pools) {
    kernels_.pooled_gradient_sums(all, output_gradient, winning_.get(), winners_.get(), of_.centres.get(),
                                  of_.sums.get(), of_.products.get());
  } else {
    kernels_.mask_by_output(pictures * channels() * pixels(), output, output_gradient);
    kernels_.gradient_sums(all, output_gradient, input, of_.centres.get(), of_.sums.get(), of_.products.get());
  }
  add_up_gradients(pictures, gradients);
  set_slopes(pictures, parameters.scale);
  if (gradients.bias) bias_gradient(pictures, gradients.bias);
}

void NormalisationLayer::input_gradient(PictureRange range, const float* output_gradient, float* input) {
  const Index numbers = range.first * channels(), first = numbers * pixels();
  const float* factors = of_.factors.get() + numbers;
  const float* slopes = of_.slopes.get() + numbers;
  const float* constants = of_.constants.get() + numbers;
  if (!shape_.pools) {
    return kernels_.scale_back(planes(range.count), output_gradient + first, factors, slopes, constants, input + first);
  }
  const Index pooled = numbers * (shape_.planes.height / 2) * (shape_.planes.width / 2);
  kernels_.unpool_back(planes(range.count), output_gradient + pooled, winners_.get() + pooled / 16, factors, slopes,
                       constants, input + first);
}

void NormalisationLayer::add_up_gradients(Index pictures, const NormalisationGradients& gradients) {
  if (shape_.kind == Normalisation::none) return;
  for (Index channel = 0; channel < channels(); ++channel) {
    double by_scale = 0, by_shift = 0;
    for (Index picture = 0; picture < pictures; ++picture) {
      const Index at = picture * channels() + channel;
      by_scale += static_cast<double>(of_.products.get()[at]) * of_.inverse_deviations.get()[at];
      by_shift += of_.sums.get()[at];
    }
    gradients.scale[channel] = static_cast<float>(by_scale);
    gradients.shift[channel] = static_cast<float>(by_shift);
  }
}

// Of n values that share their moments, with g the gradient by the normalised values times the scale, and d the inverse
// deviation:
//   gradient by x = d g - d sum(g) / n - d^3 (x - mean) sum(g (x - mean)) / n
void NormalisationLayer::set_slopes(Index pictures, const float* scale) {
  const Index group = shape_.kind == Normalisation::group ? channels() / shape_.groups : 1;
  const Index together = shape_.kind == Normalisation::batch ? pictures : 1;  // pictures with the same moments
  for (Index picture = 0; picture < pictures; picture += together) {
    for (Index channel = 0; channel < channels(); channel += group) {
      set_slopes_of({picture, together}, channel, group, scale);
    }
  }
}

void NormalisationLayer::set_slopes_of(PictureRange range, Index first_channel, Index group, const float* scale) {
  const auto for_all = [&](auto visit) {
    for (Index picture = range.first; picture < range.first + range.count; ++picture) {
      for (Index channel = first_channel; channel < first_channel + group; ++channel) {
        visit(channel, picture * channels() + channel);
      }
    }
  };
  double sum = 0, product = 0;
  if (shape_.kind != Normalisation::none) {
    for_all([&](Index channel, Index at) {
      sum += static_cast<double>(scale[channel]) * of_.sums.get()[at];
      product += static_cast<double>(scale[channel]) * of_.products.get()[at];
    });
  }
  const auto values = static_cast<double>(range.count * group * pixels());
  for_all([&](Index, Index at) {
    const double inverse = of_.inverse_deviations.get()[at];
    const double slope = -inverse * inverse * inverse * product / values;
    of_.slopes.get()[at] = static_cast<float>(slope);
    of_.constants.get()[at] = static_cast<float>(-inverse * sum / values - slope * of_.centres.get()[at]);
  });
}

/// The sum over all pixels of what the way back computes.
void NormalisationLayer::bias_gradient(Index pictures, float* gradient) const {
  const auto number_of_pixels = static_cast<double>(pixels());
  for (Index channel = 0; channel < channels(); ++channel) {
    double sum = 0;
    for (Index picture = 0; picture < pictures; ++picture) {
      const Index at = picture * channels() + channel;
      const double mean = shape_.kind == Normalisation::none ? 0 : of_.means.get()[at];
      sum += static_cast<double>(of_.factors.get()[at]) * of_.sums.get()[at] +
             number_of_pixels * (of_.slopes.get()[at] * mean + of_.constants.get()[at]);
    }
    gradient[channel] = static_cast<float>(sum);
  }
}

}  // namespace tardigrad
