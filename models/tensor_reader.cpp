#include "models/tensor_reader.hpp"

#include <ATen/ATen.h>
#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/unpickler.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "models/regular_file.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kMostSizes = 8;
constexpr std::int64_t kMostTokens = std::int64_t{std::numeric_limits<Tokens::value_type>::max()} + 1;

struct Saved {
  at::Tensor inputs;
  at::Tensor labels;
};

/// What a file holds, and of each storage in it, by its address, how many bytes the file has for it: what the values
/// themselves say of sizes is nothing to rely on.
struct Unpickled {
  c10::IValue value;
  std::map<const void*, std::size_t> stored;
};

Unpickled unpickled(const std::filesystem::path& path) {
  const RegularFile on_disk = regular_file(path);
  if (!on_disk.error.empty()) throw Unusable(on_disk.error);
  try {
    Unpickled content;
    caffe2::serialize::PyTorchStreamReader archive(path.string());
    const auto pickle = archive.getRecord("data.pkl");
    const char* left = static_cast<const char*>(std::get<0>(pickle).get());
    const char* const end = left + std::get<1>(pickle);
    const auto read = [&](char* to, std::size_t most) {
      const std::size_t count = std::min(most, static_cast<std::size_t>(end - left));
      std::copy(left, left + count, to);
      left += count;
      return count;
    };
    const auto read_storage = [&](const std::string& name) {
      auto [bytes, size] = archive.getRecord("data/" + name);
      content.stored[bytes.get()] = size;
      return std::move(bytes);
    };
    torch::jit::Unpickler unpickler(read, nullptr, nullptr, read_storage, c10::nullopt);
    unpickler.set_version(archive.version());
    content.value = unpickler.parse_ivalue();
    return content;
  } catch (const std::exception&) {
    throw Unusable("it is not what torch.save writes: expected a tuple or dict of tensors, and nothing else in it");
  }
}

bool lies_in_its_storage(const at::Tensor& tensor, const Unpickled& content) {
  const auto storage = content.stored.find(tensor.storage().data());
  if (storage == content.stored.end()) return false;
  const auto values = static_cast<std::int64_t>(storage->second / tensor.element_size());
  std::int64_t last = tensor.storage_offset(), count = 1;
  if (last < 0) return false;
  for (std::int64_t d = 0; d < tensor.dim(); ++d) {
    if (tensor.size(d) < 1 || tensor.stride(d) < 0) return false;
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(tensor.size(d) - 1, tensor.stride(d), &reach)) return false;
    if (__builtin_add_overflow(last, reach, &last)) return false;
    if (__builtin_mul_overflow(count, tensor.size(d), &count)) return false;
  }
  return last < values && count <= values;
}

at::Tensor usable(const c10::IValue& value, const char* name, const Unpickled& content) {
  if (!value.isTensor()) throw Unusable(fmt::format("its {} are no tensor", name));
  const at::Tensor& tensor = value.toTensor();
  const bool is_plain = tensor.defined() && tensor.layout() == at::kStrided && tensor.device().is_cpu();
  if (!is_plain) throw Unusable(fmt::format("its {} are expected to be a dense tensor on the CPU", name));
  if (tensor.numel() == 0) throw Unusable(fmt::format("its {} are empty", name));
  if (!lies_in_its_storage(tensor, content)) {
    throw Unusable(fmt::format("its {} are damaged, or some of them share their place in memory", name));
  }
  return tensor.detach();
}

Saved saved_in(const std::filesystem::path& path) {
  const Unpickled content = unpickled(path);
  const c10::IValue& value = content.value;
  const auto saved = [&](const c10::IValue& inputs, const c10::IValue& labels) {
    return Saved{usable(inputs, "inputs", content), usable(labels, "labels", content)};
  };
  if (value.isTuple() || value.isList()) {
    const auto elements = value.isTuple() ? value.toTupleRef().elements().vec() : value.toListRef().vec();
    if (elements.size() == 2) return saved(elements[0], elements[1]);
  } else if (value.isGenericDict()) {
    const auto dict = value.toGenericDict();
    if (dict.contains("inputs") && dict.contains("labels")) return saved(dict.at("inputs"), dict.at("labels"));
  }
  throw Unusable("it is expected to hold (inputs, labels) or {\"inputs\": ..., \"labels\": ...}");
}

std::vector<Label> labels_of(const Saved& saved) {
  const at::Tensor& labels = saved.labels;
  if (!at::isIntegralType(labels.scalar_type(), false)) {
    throw Unusable(
        fmt::format("its labels are of type {}, expected whole numbers", c10::toString(labels.scalar_type())));
  }
  if (labels.dim() != 1 || labels.size(0) != saved.inputs.size(0)) {
    throw Unusable(fmt::format("its labels have the sizes {}, expected one label for each of {} inputs",
                               c10::str(labels.sizes()), saved.inputs.size(0)));
  }
  const at::Tensor numbers = labels.to(at::kLong).contiguous();
  const std::int64_t least = numbers.min().item<std::int64_t>(), greatest = numbers.max().item<std::int64_t>();
  if (least < 0 || greatest >= static_cast<std::int64_t>(kMostClasses)) {
    throw Unusable(fmt::format("it has a label {}, expected 0 to {}", least < 0 ? least : greatest, kMostClasses - 1));
  }
  const auto* begin = numbers.data_ptr<std::int64_t>();
  return {begin, begin + numbers.numel()};
}

template <class Value>
std::vector<Value> values_of(const at::Tensor& tensor) {
  const auto* begin = tensor.data_ptr<Value>();
  return {begin, begin + tensor.numel()};
}

Tokens tokens_of(const at::Tensor& tensor) {
  const std::int64_t least = tensor.min().item<std::int64_t>(), greatest = tensor.max().item<std::int64_t>();
  if (least < 0 || greatest >= kMostTokens) {
    throw Unusable(fmt::format("it has a token {}, expected 0 to {}", least < 0 ? least : greatest, kMostTokens - 1));
  }
  const auto* begin = tensor.data_ptr<std::int64_t>();
  return {begin, begin + tensor.numel()};
}

Samples samples_of(const Saved& saved) {
  const at::Tensor& inputs = saved.inputs;
  if (inputs.dim() < 2 || inputs.dim() > kMostSizes) {
    throw Unusable(
        fmt::format("its inputs have the sizes {}, expected samples x at least one number", c10::str(inputs.sizes())));
  }
  Samples samples;
  samples.labels = labels_of(saved);
  samples.shape = {inputs.sizes().begin() + 1, inputs.sizes().end()};
  samples.stride = static_cast<std::size_t>(inputs.numel() / inputs.size(0));
  const bool is_picture = samples.shape.size() == 3;
  const at::Tensor in_order = (is_picture ? inputs.permute({0, 2, 3, 1}) : inputs).contiguous();
  if (inputs.scalar_type() == at::kByte) {
    samples.inputs = values_of<std::uint8_t>(in_order);
  } else if (inputs.scalar_type() == at::kFloat) {
    if (!in_order.isfinite().all().item<bool>()) throw Unusable("its inputs are not all finite");
    samples.inputs = values_of<float>(in_order);
  } else if (inputs.scalar_type() == at::kLong && !is_picture) {
    samples.inputs = tokens_of(in_order);
  } else {
    throw Unusable(fmt::format("its inputs are of type {}, expected Byte or Float, or Long of one text a sample",
                               c10::toString(inputs.scalar_type())));
  }
  return samples;
}

Samples read(const std::filesystem::path& path) {
  try {
    return samples_of(saved_in(path));
  } catch (const std::exception& problem) {
    throw Unusable(fmt::format("{}: {}", path.string(), problem.what()));
  }
}

template <class Numbers>
std::int64_t count_of(const Numbers& numbers) {
  return std::int64_t{*std::max_element(numbers.begin(), numbers.end())} + 1;
}

std::int64_t vocabulary_of(const Samples& samples) {
  const auto* tokens = std::get_if<Tokens>(&samples.inputs);
  return tokens ? count_of(*tokens) : 0;
}

}  // namespace

DatasetResult read_tensors(const std::filesystem::path& train, const std::filesystem::path& test) {
  try {
    Dataset dataset{read(train), read(test)};
    if (dataset.train.shape != dataset.test.shape || dataset.train.inputs.index() != dataset.test.inputs.index()) {
      return {nullptr,
              fmt::format("{} has inputs of other sizes or another type than {}", test.string(), train.string())};
    }
    dataset.classes = std::max(count_of(dataset.train.labels), count_of(dataset.test.labels));
    dataset.vocabulary = std::max(vocabulary_of(dataset.train), vocabulary_of(dataset.test));
    return {std::make_shared<const Dataset>(std::move(dataset)), ""};
  } catch (const Unusable& problem) {
    return {nullptr, problem.what()};
  }
}

}  // namespace tardigrad
