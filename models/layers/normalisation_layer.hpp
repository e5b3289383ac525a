/// Normalisation of pictures by channel, then ReLU, with 2x2 pooling or without.
#pragma once

#include "models/kernels/kernels.hpp"
#include "models/layers/buffer.hpp"
#include "models/layers/convolution_layer.hpp"

namespace tardigrad {

enum class Normalisation {
  none,
  group,  ///< over groups of channels of one picture (Wu and He, ECCV 2018)
  batch   ///< over a channel of all pictures (Ioffe and Szegedy, ICML 2015)
};

struct NormalisationShape {
  Planes planes;  ///< of one picture of the input
  Normalisation kind = Normalisation::group;
  std::ptrdiff_t groups = 1;  ///< of `Normalisation::group`; divides the channels
  bool pools = false;
};

/// Not read where a layer has none.
struct NormalisationParameters {
  const float* scale = nullptr;
  const float* shift = nullptr;
  float* running_mean = nullptr;  ///< batch normalisation: as in torch.nn.BatchNorm2d, momentum 0.1
  float* running_variance = nullptr;
};

struct NormalisationGradients {
  float* scale = nullptr;
  float* shift = nullptr;
  float* bias = nullptr;  ///< of the convolution before this layer
};

/// y = ReLU(scale (x - mean) / sqrt(variance + 1e-5) + shift), and of each 2x2 window the maximum if it pools.
class NormalisationLayer {
 public:
  NormalisationLayer(const NormalisationShape& shape, const Kernels& kernels);

  /// Makes room for a batch of so many pictures, before any other call for it. The way back is that of the last batch.
  void begin(std::ptrdiff_t pictures);
  /// Normalises with the pictures' own moments. `addend` (null: none) is added before ReLU. Batch normalisation takes
  /// all pictures of a batch in one range, and updates the running statistics.
  void train(PictureRange range, const float* input, const NormalisationParameters& parameters, const float* addend,
             float* output);
  /// Batch normalisation takes the running statistics here.
  void evaluate(PictureRange range, const float* input, const NormalisationParameters& parameters, const float* addend,
                float* output);
  /// The way back, after `train` of all pictures of a batch. First the gradients by the parameters, from that by the
  /// output. Without pooling `output_gradient` is masked by ReLU: it is then the addend's gradient.
  void parameter_gradients(std::ptrdiff_t pictures, const float* input, const float* output, float* output_gradient,
                           const NormalisationParameters& parameters, const NormalisationGradients& gradients);
  /// Then `input` turns into the gradient by the input.
  void input_gradient(PictureRange range, const float* output_gradient, float* input);

 private:
  /// Numbers of a batch, pictures x channels.
  struct Numbers {
    Floats means, squares;               ///< moments of each channel by itself
    Floats centres, inverse_deviations;  ///< those with which it is normalised
    Floats factors, shifts;              ///< the normalisation: factor x + shift
    Floats sums, products;               ///< of the gradient, on the way back
    Floats slopes, constants;            ///< the way back: factor * gradient + slope x + constant
  };

  std::ptrdiff_t pixels() const { return shape_.planes.height * shape_.planes.width; }
  std::ptrdiff_t channels() const { return shape_.planes.channels; }
  Planes planes(std::ptrdiff_t pictures) const;
  void set_factors(std::ptrdiff_t picture, std::ptrdiff_t channel, double mean, double inverse_deviation,
                   const NormalisationParameters& parameters);
  void normalise_groups(PictureRange range, const NormalisationParameters& parameters);
  void normalise_batch(std::ptrdiff_t pictures, const NormalisationParameters& parameters);
  void normalise_by_running(PictureRange range, const NormalisationParameters& parameters);
  void leave_as_is(PictureRange range);
  void apply(PictureRange range, const float* input, const float* addend, float* output, bool trains);
  void add_up_gradients(std::ptrdiff_t pictures, const NormalisationGradients& gradients);
  void set_slopes(std::ptrdiff_t pictures, const float* scale);
  void set_slopes_of(PictureRange range, std::ptrdiff_t first_channel, std::ptrdiff_t group, const float* scale);
  void bias_gradient(std::ptrdiff_t pictures, float* gradient) const;

  NormalisationShape shape_;
  const Kernels& kernels_;
  Numbers of_;
  Floats winning_;
  Buffer<Winners> winners_;
};

}  // namespace tardigrad
