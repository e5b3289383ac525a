#include "models/layers/convolution_layer.hpp"

#include <algorithm>
#include <vector>

namespace tardigrad {
namespace {

using Index = std::ptrdiff_t;

constexpr Index kTile = 4;
/// Pixels whose rows of inputs are multiplied together.
constexpr Index kPixelsTogether = 32;

Index tiles_of(const Convolution& c) { return (c.height + kTile - 1) / kTile * ((c.width + kTile - 1) / kTile); }
Index points_of(const Convolution& c) { return (c.side + kTile - 1) * (c.side + kTile - 1); }
Index input_size(const Convolution& c) { return c.in * c.height * c.width; }
Index weights_of(const Convolution& c) { return c.in * c.side * c.side; }
Index out_height(const Convolution& c) { return (c.height + c.stride - 1) / c.stride; }
Index out_width(const Convolution& c) { return (c.width + c.stride - 1) / c.stride; }
Index out_pixels(const Convolution& c) { return out_height(c) * out_width(c); }
Index output_size(const Convolution& c) { return c.out * out_pixels(c); }
/// As many pictures as have so many parts together.
Index pictures_with(Index parts, Index of_picture) { return std::max<Index>(1, parts / of_picture); }

class WinogradLayer final : public ConvolutionLayer {
 public:
  WinogradLayer(const Convolution& shape, const Kernels& kernels, ConvolutionScratch& scratch)
      : shape_(shape), kernels_(kernels), scratch_(scratch) {}

  void prepare(const float* weights, bool trains) override {
    constexpr Index kApart = 16;
    const Index points = points_of(shape_), filters = points * (shape_.in * shape_.out + kApart);
    memory_.filters = filters_.at_least(filters);
    if (trains) memory_.filter_gradients = gradients_.at_least(filters);
    memory_.transposed_filters = trains ? transposed_.at_least(filters) : nullptr;
    memory_.inputs = scratch_.inputs.at_least(points * (kTilesTogether * shape_.in + kApart));
    memory_.outputs = scratch_.outputs.at_least(points * (kTilesTogether * shape_.out + kApart));
    memory_.weights = scratch_.weights.at_least(weights_of(shape_) * shape_.out);
    kernels_.winograd_filters(shape_, weights, memory_);
  }

  void forward(PictureRange range, const float* input, const float* bias, float* output) override {
    use_scratch();
    kernels_.winograd_forward(shape_, range.count, input + range.first * input_size(shape_), bias,
                              output + range.first * output_size(shape_), memory_);
  }

  void backward(PictureRange range, const float* input, const float* output_gradient, float* input_gradient) override {
    use_scratch();
    kernels_.winograd_backward(shape_, range.count, input + range.first * input_size(shape_),
                               output_gradient + range.first * output_size(shape_),
                               input_gradient ? input_gradient + range.first * input_size(shape_) : nullptr,
                               range.first == 0, memory_);
  }

  void weight_gradient(float* gradient) override {
    use_scratch();
    kernels_.winograd_weight_gradient(shape_, memory_, gradient);
  }

  std::ptrdiff_t pictures_together() const override { return pictures_with(kTilesTogether, tiles_of(shape_)); }

 private:
  /// Another layer may have made it grow.
  void use_scratch() {
    memory_.inputs = scratch_.inputs.get();
    memory_.outputs = scratch_.outputs.get();
    memory_.weights = scratch_.weights.get();
  }

  Convolution shape_;
  const Kernels& kernels_;
  ConvolutionScratch& scratch_;
  Floats filters_, transposed_, gradients_;
  WinogradMemory memory_;
};

/// Keeps the transformed inputs of all pictures of a batch in training.
class ShallowLayer final : public ConvolutionLayer {
 public:
  ShallowLayer(const Convolution& shape, const Kernels& kernels)
      : shape_(shape),
        kernels_(kernels),
        inputs_of_picture_(shape.in * points_of(shape) * kernels.shallow_tiles(shape)) {}

  void prepare(const float* weights, bool trains) override {
    const Index filters = points_of(shape_) * shape_.in * shape_.out;
    memory_.filters = filters_.at_least(filters);
    memory_.filter_gradients = gradients_.at_least(filters);
    memory_.phases = phases_.at_least(kernels_.shallow_phases(shape_));
    memory_.weights = weights_.at_least(weights_of(shape_) * shape_.out);
    trains_ = trains;
    kernels_.shallow_filters(shape_, weights, memory_);
  }

  void forward(PictureRange range, const float* input, const float* bias, float* output) override {
    for (Index picture = range.first; picture < range.first + range.count; ++picture) {
      ShallowMemory memory = memory_;
      memory.inputs = inputs_of(picture);
      kernels_.shallow_inputs(shape_, input + picture * input_size(shape_), memory);
      kernels_.shallow_forward(shape_, bias, output + picture * output_size(shape_), memory);
    }
  }

  void backward(PictureRange range, const float*, const float* output_gradient, float*) override {
    for (Index picture = range.first; picture < range.first + range.count; ++picture) {
      ShallowMemory memory = memory_;
      memory.inputs = inputs_of(picture);
      kernels_.shallow_backward(shape_, output_gradient + picture * output_size(shape_), picture == 0, memory);
    }
  }

  void weight_gradient(float* gradient) override { kernels_.shallow_weight_gradient(shape_, memory_, gradient); }

  std::ptrdiff_t pictures_together() const override { return 1; }

 private:
  float* inputs_of(Index picture) {
    const auto place = static_cast<std::size_t>(trains_ ? picture : 0);
    if (place >= inputs_.size()) inputs_.resize(place + 1);
    return inputs_[place].at_least(inputs_of_picture_);
  }

  Convolution shape_;
  const Kernels& kernels_;
  Index inputs_of_picture_;
  bool trains_ = false;
  Floats filters_, gradients_, phases_, weights_;
  std::vector<Floats> inputs_;
  ShallowMemory memory_;
};

class UnfoldedLayer final : public ConvolutionLayer {
 public:
  UnfoldedLayer(const Convolution& shape, const Kernels& kernels, ConvolutionScratch& scratch)
      : shape_(shape), kernels_(kernels), scratch_(scratch) {}

  void prepare(const float* weights, bool trains) override {
    weights_ = weights;
    if (trains) gradient_.at_least(weights_of(shape_) * shape_.out);
  }

  void forward(PictureRange range, const float* input, const float* bias, float* output) override {
    for_parts(range, [&](PictureRange part) {
      Product p = product(part.count * out_pixels(shape_), shape_.out, weights_of(shape_));
      p.a = unfolded(part, input), p.a_row = p.depth;
      p.b = weights_, p.b_row = p.depth;
      p.c = scratch_.outputs.at_least(p.rows * p.columns), p.c_row = p.columns;
      kernels_.multiply_by_transposed(p);
      if (bias) kernels_.add_to_rows(p.rows, p.columns, bias, p.c);
      kernels_.pixels_to_blocks(output_planes(part), p.c, output + part.first * output_size(shape_));
    });
  }

  void backward(PictureRange range, const float* input, const float* output_gradient, float* input_gradient) override {
    for_parts(range, [&](PictureRange part) {
      const Index rows = part.count * out_pixels(shape_);
      float* gradient = scratch_.outputs.at_least(rows * shape_.out);
      kernels_.blocks_to_pixels(output_planes(part), output_gradient + part.first * output_size(shape_), gradient);
      add_weight_gradient(rows, gradient, unfolded(part, input), part.first == 0);
      if (input_gradient) fold_back(part, gradient, input_gradient);
    });
  }

  void weight_gradient(float* gradient) override {
    std::copy_n(gradient_.get(), weights_of(shape_) * shape_.out, gradient);
  }

  std::ptrdiff_t pictures_together() const override { return pictures_with(kPixelsTogether, out_pixels(shape_)); }

 private:
  static Product product(Index rows, Index columns, Index depth) {
    Product p;
    p.rows = rows, p.columns = columns, p.depth = depth;
    return p;
  }

  template <class OnPart>
  void for_parts(PictureRange range, OnPart on_part) const {
    const Index end = range.first + range.count;
    for (Index first = range.first; first < end; first += pictures_together()) {
      on_part(PictureRange{first, std::min(pictures_together(), end - first)});
    }
  }

  Planes output_planes(PictureRange part) const {
    return {part.count, shape_.out, out_height(shape_), out_width(shape_)};
  }

  float* unfolded(PictureRange part, const float* input) {
    const Index of_picture = out_pixels(shape_) * weights_of(shape_);
    float* rows = scratch_.inputs.at_least(part.count * of_picture);
    for (Index i = 0; i < part.count; ++i) {
      kernels_.unfold(shape_, input + (part.first + i) * input_size(shape_), rows + i * of_picture);
    }
    return rows;
  }

  void add_weight_gradient(Index rows, const float* output_gradient, const float* inputs, bool is_first) {
    Product p = product(shape_.out, weights_of(shape_), rows);
    p.a = output_gradient, p.a_row = 1, p.a_depth = shape_.out;
    p.b = inputs, p.b_row = p.columns;
    p.c = gradient_.get(), p.c_row = p.columns;
    p.accumulates = !is_first;
    kernels_.multiply(p);
  }

  /// In the place of the unfolded inputs.
  void fold_back(PictureRange part, const float* output_gradient, float* input_gradient) {
    const Index pixels = out_pixels(shape_);
    Product p = product(part.count * pixels, weights_of(shape_), shape_.out);
    p.a = output_gradient, p.a_row = shape_.out;
    p.b = weights_, p.b_row = p.columns;
    p.c = scratch_.inputs.get(), p.c_row = p.columns;
    kernels_.multiply(p);
    for (Index i = 0; i < part.count; ++i) {
      kernels_.fold(shape_, p.c + i * pixels * p.columns, input_gradient + (part.first + i) * input_size(shape_));
    }
  }

  Convolution shape_;
  const Kernels& kernels_;
  ConvolutionScratch& scratch_;
  const float* weights_ = nullptr;
  Floats gradient_;
};

}  // namespace

std::unique_ptr<ConvolutionLayer> make_convolution_layer(const Convolution& shape, const Kernels& kernels,
                                                         ConvolutionScratch& scratch) {
  if (shape.in <= kMostShallowChannels) return std::make_unique<ShallowLayer>(shape, kernels);
  // A picture of one tile has fewer pixels than a tile has points: transformed, the weights would be the larger part.
  const bool is_small = tiles_of(shape) == 1 && shape.side == 3;
  if (shape.stride > 1 || is_small) return std::make_unique<UnfoldedLayer>(shape, kernels, scratch);
  return std::make_unique<WinogradLayer>(shape, kernels, scratch);
}

}  // namespace tardigrad
