#include "models/training/minibatch.hpp"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

namespace tardigrad {
namespace {

float learned_from(std::uint8_t pixel) { return (static_cast<float>(pixel) / 255.0F - 0.5F) / 0.5F; }
float learned_from(float number) { return number; }
std::int64_t learned_from(std::uint16_t token) { return token; }

at::Tensor empty_inputs(const std::vector<std::int64_t>& shape, std::int64_t count, at::ScalarType type) {
  std::vector<std::int64_t> sizes = {count};
  sizes.insert(sizes.end(), shape.begin(), shape.end());
  if (shape.size() != 3) return at::empty(sizes, type);
  const std::int64_t channels = shape[0], height = shape[1], width = shape[2];
  return at::empty_strided(sizes, {channels * height * width, 1, channels * width, channels}, type);
}

template <class Value>
at::Tensor gather_inputs(const std::vector<Value>& values, const Samples& samples, const std::uint32_t* positions,
                         std::size_t count) {
  using Learned = decltype(learned_from(Value{}));
  const at::Tensor inputs =
      empty_inputs(samples.shape, static_cast<std::int64_t>(count), c10::CppTypeToScalarType<Learned>::value);
  const std::size_t numel = static_cast<std::size_t>(inputs.numel()) / count;
  Learned* to = inputs.data_ptr<Learned>();
  for (std::size_t i = 0; i < count; ++i) {
    const Value* from = values.data() + positions[i] * samples.stride;
    for (std::size_t p = 0; p < numel; ++p) *to++ = learned_from(from[p]);
  }
  return inputs;
}

}  // namespace

at::Tensor next_tokens(const Minibatch& texts) {
  const std::int64_t places = texts.inputs.size(1);
  return at::cat({texts.inputs.narrow(1, 1, places - 1), texts.labels.unsqueeze(1)}, 1).flatten();
}

Minibatch gather(const Samples& samples, const std::uint32_t* positions, std::size_t count) {
  const at::Tensor labels = at::empty({static_cast<std::int64_t>(count)}, at::kLong);
  for (std::size_t i = 0; i < count; ++i) labels.data_ptr<std::int64_t>()[i] = samples.labels[positions[i]];
  const auto inputs = [&](const auto& values) { return gather_inputs(values, samples, positions, count); };
  return {std::visit(inputs, samples.inputs), labels};
}

}  // namespace tardigrad
