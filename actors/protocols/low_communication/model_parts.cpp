#include "actors/protocols/low_communication/model_parts.hpp"

#include <algorithm>

namespace tardigrad {

namespace {

bool is_embedding(const ParameterTensor& tensor) {
  return tensor.shape.size() == 2 && tensor.name.find("embed") != std::string::npos;
}

ModelPart shared_tensors(const ParameterLayout* layout, std::uint64_t parameters) {
  if (!layout) return {{0, parameters, false}};
  ModelPart tensors;
  std::uint64_t begin = 0;
  for (const ParameterTensor& tensor : layout->tensors) {
    const auto count = static_cast<std::uint64_t>(tensor.numel());
    if (tensor.is_shared && count > 0) tensors.push_back({begin, count, is_embedding(tensor)});
    begin += count;
  }
  return tensors;
}

auto at(std::uint64_t place) { return static_cast<std::ptrdiff_t>(place); }

}  // namespace

std::vector<ModelPart> strided_parts(const ParameterLayout* layout, std::uint64_t parameters, std::uint64_t parts) {
  const ModelPart tensors = shared_tensors(layout, parameters);
  if (tensors.empty()) return {ModelPart{}};
  std::vector<ModelPart> all(std::min<std::uint64_t>(parts, tensors.size()));
  for (std::size_t t = 0; t < tensors.size(); ++t) all[t % all.size()].push_back(tensors[t]);
  return all;
}

std::uint64_t size_of(const ModelPart& part) {
  std::uint64_t size = 0;
  for (const TensorRange& range : part) size += range.count;
  return size;
}

Values gather(const Values& model, const ModelPart& part) {
  Values values;
  if (model.empty()) return values;
  values.reserve(size_of(part));
  for (const TensorRange& range : part) {
    values.insert(values.end(), model.begin() + at(range.begin), model.begin() + at(range.begin + range.count));
  }
  return values;
}

void scatter(const Values& values, const ModelPart& part, Values& model) {
  if (model.empty()) return;
  std::uint64_t from = 0;
  for (const TensorRange& range : part) {
    std::copy_n(values.begin() + at(from), range.count, model.begin() + at(range.begin));
    from += range.count;
  }
}

}  // namespace tardigrad
