#include "models/data/samples.hpp"

#include <utility>

namespace tardigrad {

Samples samples_of(LabelledImages images) {
  const ImageShape& shape = images.shape;
  const std::vector<std::int64_t> sizes = {static_cast<std::int64_t>(shape.channels),
                                           static_cast<std::int64_t>(shape.height),
                                           static_cast<std::int64_t>(shape.width)};
  return {sizes, std::move(images.pixels), shape.numel(), std::move(images.labels)};
}

std::shared_ptr<const Dataset> dataset_of(LabelledImages train, LabelledImages test, std::int64_t classes) {
  return std::make_shared<const Dataset>(Dataset{samples_of(std::move(train)), samples_of(std::move(test)), classes});
}

}  // namespace tardigrad
