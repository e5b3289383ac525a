#include "models/labelled_images.hpp"

namespace tardigrad {

void LabelledImages::normalise(std::size_t index, float* out) const {
  const std::size_t numel = shape.numel();
  const std::uint8_t* image = pixels.data() + index * numel;
  for (std::size_t i = 0; i < numel; ++i) out[i] = (static_cast<float>(image[i]) / 255.0F - 0.5F) / 0.5F;
}

}  // namespace tardigrad
