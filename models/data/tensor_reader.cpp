#include "models/data/tensor_reader.hpp"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include "models/files/torch_file.hpp"
#include "models/files/user_files.hpp"
#include "models/unusable.hpp"
#include "netem/base/csv_lines.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

using Kind = PickleValue::Kind;
using Values = std::vector<const PickleValue*>;

constexpr std::int64_t kMostSizes = 8;
constexpr std::int64_t kMostTokens = std::int64_t{std::numeric_limits<Tokens::value_type>::max()} + 1;
/// The greatest depth of nesting around inputs and labels, such as a dict around a data set around a tuple.
constexpr int kMostWrappings = 8;
constexpr std::int64_t kMostIndices = 10'000'000;

const char* const kExpected = "expected (inputs, labels) or {\"inputs\": ..., \"labels\": ...}";

/// Python code that makes inputs and labels of any object with samples.
const char* const kOfDataset =
    ", as torch.utils.data.default_collate([d[i] for i in range(len(d))]) makes them of a data set d";

struct Saved {
  SavedTensor inputs;
  SavedTensor labels;
};

/// Inputs and labels before they are tensors: values of the file, and the selected samples.
struct Columns {
  Values inputs;  ///< one value: a tensor or a list; more: one value for each sample
  Values labels;
  std::vector<std::int64_t> chosen;  ///< samples of a part of a data set
  bool is_part = false;
};

bool is_object(const PickleValue& value, std::string_view name) {
  return value.is(Kind::object) && value.callable().is(Kind::global) && value.callable().text == name;
}

bool is_array(const PickleValue& value) {
  return value.is(Kind::object) && value.callable().is(Kind::global) && value.callable().module.rfind("numpy", 0) == 0;
}

bool is_row(const PickleValue& value) { return value.is(Kind::tuple) || value.is(Kind::list); }

/// Describes a value to the user.
std::string described(const PickleValue& value) {
  if (TorchFile::is_tensor(value)) return "a tensor";
  if (is_array(value)) return "a NumPy array, save torch.from_numpy(...) of it";
  if (value.is(Kind::tuple)) return fmt::format("a tuple of {}", value.items.size());
  if (value.is(Kind::list)) return fmt::format("a list of {}", value.items.size());
  if (value.is_dict()) return fmt::format("a dict of {}", value.entries.size() / 2);
  if (value.is(Kind::text)) return "the text " + quoted(value.text);
  if (value.is(Kind::none)) return "None";
  if (value.is(Kind::integer) || value.is(Kind::boolean)) return "a number";
  if (value.is(Kind::real)) return "a number that need not be whole";
  const PickleValue& named = value.is(Kind::object) ? value.callable() : value;
  if (!named.is(Kind::global)) return "something else";
  return fmt::format("{} {}", value.is(Kind::object) ? "an object of class" : "the class", quoted(named.text));
}

/// Common names of the two in other programs, in small letters.
constexpr std::array<std::string_view, 9> kInputNames = {"inputs", "input",    "x",         "data",        "images",
                                                         "image",  "features", "input_ids", "pixel_values"};
constexpr std::array<std::string_view, 5> kLabelNames = {"labels", "label", "y", "targets", "target"};

/// The only entry with one of these names; nothing if there is none, or more.
template <std::size_t count>
const PickleValue* entry_of(const PickleValue& dict, const std::array<std::string_view, count>& names) {
  if (const PickleValue* exact = dict.entry(names.front())) return exact;
  const PickleValue* found = nullptr;
  for (std::size_t i = 0; i + 1 < dict.entries.size(); i += 2) {
    if (!dict.entries[i]->is(Kind::text)) continue;
    const std::string name = lower(std::string_view(dict.entries[i]->text).substr(0, 20));
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    if (found) return nullptr;
    found = dict.entries[i + 1];
  }
  return found;
}

std::string keys_of(const PickleValue& dict) {
  constexpr std::size_t most = 4;
  std::string text;
  for (std::size_t i = 0; i + 1 < dict.entries.size(); i += 2) {
    if (i / 2 == most) return text + ", ...";
    const PickleValue& key = *dict.entries[i];
    text += (i == 0 ? "" : ", ") + (key.is(Kind::text) ? quoted(key.text) : described(key));
  }
  return text;
}

[[noreturn]] void refuse_dict(const PickleValue& dict) {
  bool are_parameters = !dict.entries.empty();
  for (std::size_t i = 0; i + 1 < dict.entries.size(); i += 2) {
    const PickleValue& key = *dict.entries[i];
    const bool is_parameter =
        key.is(Kind::text) && TorchFile::is_tensor(*dict.entries[i + 1]) &&
        (key.text.find('.') != std::string_view::npos || key.text == "weight" || key.text == "bias");
    are_parameters = are_parameters && is_parameter;
  }
  if (are_parameters) {
    throw Unusable(fmt::format("it holds a model's state_dict ({}), not samples: {}", keys_of(dict), kExpected));
  }
  const std::string kind = dict.entries.empty() ? "an empty dict" : "a dict of " + keys_of(dict);
  throw Unusable(fmt::format("it holds {}: {}", kind, kExpected));
}

/// Removes the typed wrapper that torch::pickle_save and JIT put around lists and dicts; other values stay as
/// they are.
const PickleValue& without_type(const PickleValue& value) {
  const bool is_typed = value.is(Kind::object) && value.callable().is(Kind::global) &&
                        value.callable().module == "torch.jit._pickle" && value.arguments().is(Kind::tuple) &&
                        !value.arguments().items.empty();
  return is_typed ? *value.arguments().items[0] : value;
}

/// The values of a tuple or list.
const Values* row_of(const PickleValue& value) {
  const PickleValue& plain = without_type(value);
  return is_row(plain) ? &plain.items : nullptr;
}

/// True for (input, label) of a single sample.
bool is_sample(const PickleValue& value) {
  const Values* pair = row_of(value);
  return pair && pair->size() == 2 && TorchFile::is_tensor(*(*pair)[0]) &&
         ((*pair)[1]->is(Kind::integer) || (*pair)[1]->is(Kind::boolean) || TorchFile::is_tensor(*(*pair)[1]));
}

/// True for a sample with a single label, not a row of them.
bool is_sample_with_number(const PickleValue& value) {
  return is_sample(value) && !TorchFile::is_tensor(*(*row_of(value))[1]);
}

[[noreturn]] void refuse_indices() {
  throw Unusable(fmt::format(
      "it holds a Subset whose indices are no list of numbers, such as indices.tolist() gives: {}", kExpected));
}

[[noreturn]] void refuse_missing_samples() {
  throw Unusable("it holds a Subset of samples that its data set does not have");
}

Columns columns_of(const PickleValue& wrapped, int wrappings);

/// Python's range(start, stop, step).
std::vector<std::int64_t> range_of(const PickleValue& range) {
  const auto& bounds = range.arguments().is(Kind::tuple) ? range.arguments().items : Values{};
  const auto is_number = [](const PickleValue* bound) { return bound->is(Kind::integer); };
  const bool are_numbers = bounds.size() == 3 && std::all_of(bounds.begin(), bounds.end(), is_number);
  const auto fits = [](const PickleValue* n) { return n->integer >= -kMostIndices && n->integer <= kMostIndices; };
  if (!are_numbers || !std::all_of(bounds.begin(), bounds.end(), fits) || bounds[2]->integer == 0) refuse_indices();
  const std::int64_t stop = bounds[1]->integer, step = bounds[2]->integer;
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = bounds[0]->integer; step > 0 ? n < stop : n > stop; n += step) numbers.push_back(n);
  return numbers;
}

/// The samples of a Subset, in its order.
std::vector<std::int64_t> indices_of(const PickleValue& indices) {
  if (is_object(indices, "range") || is_object(indices, "xrange")) return range_of(indices);
  const Values* const row = row_of(indices);
  if (!row) refuse_indices();
  std::vector<std::int64_t> numbers;
  for (const PickleValue* number : *row) {
    if (!number->is(Kind::integer)) refuse_indices();
    numbers.push_back(number->integer);
  }
  return numbers;
}

/// The part of a data set, or of another part, that random_split has drawn or Subset has chosen.
Columns part_of(const PickleValue& subset, int wrappings) {
  const PickleValue* dataset = subset.state ? subset.state->entry("dataset") : nullptr;
  const PickleValue* indices = subset.state ? subset.state->entry("indices") : nullptr;
  if (!dataset || !indices) refuse_indices();
  Columns columns = columns_of(*dataset, wrappings);
  std::vector<std::int64_t> chosen = indices_of(*indices);
  if (columns.is_part) {
    for (std::int64_t& index : chosen) {
      if (index < 0 || index >= static_cast<std::int64_t>(columns.chosen.size())) refuse_missing_samples();
      index = columns.chosen[static_cast<std::size_t>(index)];
    }
  }
  columns.chosen = std::move(chosen);
  columns.is_part = true;
  return columns;
}

Columns columns_of_row(const Values& row, int wrappings) {
  if (row.size() == 1) return columns_of(*row[0], wrappings);
  const bool are_samples = row.size() == 2 ? is_sample_with_number(*row[0]) && is_sample_with_number(*row[1])
                                           : !row.empty() && is_sample(*row[0]);
  if (!are_samples && row.size() == 2) return {{row[0]}, {row[1]}, {}};
  Columns columns;
  for (const PickleValue* sample : row) {
    if (!are_samples || !is_sample(*sample)) {
      throw Unusable(fmt::format("it holds {} values in a row, the first {}: {}{}", row.size(), described(*row[0]),
                                 kExpected, row[0]->is_dict() ? kOfDataset : ""));
    }
    columns.inputs.push_back((*row_of(*sample))[0]);
    columns.labels.push_back((*row_of(*sample))[1]);
  }
  return columns;
}

Columns columns_of(const PickleValue& wrapped, int wrappings) {
  const PickleValue& value = without_type(wrapped);
  if (wrappings == 0) throw Unusable(fmt::format("it holds too many things within each other: {}", kExpected));
  if (is_row(value) && !value.items.empty()) return columns_of_row(value.items, wrappings - 1);
  if (value.is_dict()) {
    const PickleValue* const inputs = entry_of(value, kInputNames);
    const PickleValue* const labels = entry_of(value, kLabelNames);
    if (inputs && labels) return {{inputs}, {labels}, {}};
    if (value.entries.size() == 2 && !TorchFile::is_tensor(*value.entries[1])) {
      return columns_of(*value.entries[1], wrappings - 1);
    }
    refuse_dict(value);
  }
  if (is_object(value, "Subset")) return part_of(value, wrappings - 1);
  const PickleValue* const tensors =
      is_object(value, "TensorDataset") && value.state ? value.state->entry("tensors") : nullptr;
  if (tensors) return columns_of(*tensors, wrappings - 1);
  const bool is_dataset =
      value.is(Kind::object) && value.callable().is(Kind::global) &&
      (ends_with(value.callable().text, "Dataset") || value.callable().module == "torch.utils.data.dataset");
  throw Unusable(fmt::format("it holds {}: {}{}", described(value), kExpected, is_dataset ? kOfDataset : ""));
}

/// A tensor of the numbers of a list, or of the tensors in it, one for each sample.
SavedTensor stacked(const Values& items, const char* name, TorchFile& file) {
  std::vector<at::Tensor> tensors;
  std::vector<std::int64_t> numbers;
  std::string type = "int64";
  for (const PickleValue* item : items) {
    if (item->is(Kind::integer) || item->is(Kind::boolean)) {
      numbers.push_back(item->integer);
    } else if (TorchFile::is_tensor(*item)) {
      SavedTensor one = file.tensor(*item);
      if (!tensors.empty() && (one.numbers.sizes() != tensors[0].sizes() || one.type != type)) {
        throw Unusable(fmt::format("its {} are tensors of several sizes or types, expected the same of all", name));
      }
      type = one.type;
      tensors.push_back(std::move(one.numbers));
    }
    if (tensors.size() + numbers.size() == 0 || (!tensors.empty() && !numbers.empty())) {
      throw Unusable(fmt::format("its {} are {} in a list, expected a tensor", name, described(*item)));
    }
  }
  if (items.empty()) throw Unusable(fmt::format("its {} are empty", name));
  if (!tensors.empty()) return {at::stack(tensors), type};
  return {at::tensor(numbers, at::kLong), type};
}

SavedTensor column(const Values& values, const char* name, TorchFile& file) {
  if (values.size() > 1) return stacked(values, name, file);
  const PickleValue& value = *values[0];
  if (TorchFile::is_tensor(value)) return file.tensor(value);
  if (const Values* row = row_of(value)) return stacked(*row, name, file);
  throw Unusable(fmt::format("its {} are no tensor, but {}", name, described(value)));
}

at::Tensor chosen_of(const at::Tensor& tensor, const std::vector<std::int64_t>& chosen) {
  const std::int64_t samples = tensor.dim() == 0 ? 0 : tensor.size(0);
  const auto is_there = [&](std::int64_t index) { return index >= 0 && index < samples; };
  if (chosen.empty() || !std::all_of(chosen.begin(), chosen.end(), is_there)) {
    refuse_missing_samples();
  }
  return tensor.index_select(0, at::tensor(chosen, at::kLong));
}

Saved saved_in(TorchFile& file) {
  const Columns columns = columns_of(file.value(), kMostWrappings);
  Saved saved{column(columns.inputs, "inputs", file), column(columns.labels, "labels", file)};
  if (!columns.is_part) return saved;
  for (SavedTensor* part : {&saved.inputs, &saved.labels}) part->numbers = chosen_of(part->numbers, columns.chosen);
  return saved;
}

/// One label for each sample; a column of labels is accepted as well.
at::Tensor plain_labels(const Saved& saved) {
  const at::Tensor& labels = saved.labels.numbers;
  const std::int64_t samples = saved.inputs.numbers.size(0);
  const bool is_column = labels.dim() == 2 && labels.size(1) == 1;
  if ((labels.dim() == 1 || is_column) && labels.size(0) == samples) return labels.reshape({samples});
  const bool may_be_one_hot = labels.dim() == 2 && labels.size(0) == samples;
  throw Unusable(fmt::format("its labels have the sizes {}, expected one label for each of {} inputs{}",
                             c10::str(labels.sizes()), samples,
                             may_be_one_hot ? ": of one-hot rows save .argmax(1)" : ""));
}

std::vector<Label> labels_of(const Saved& saved) {
  const at::Tensor labels = plain_labels(saved);
  if (!at::isIntegralType(labels.scalar_type(), true)) {
    throw Unusable(
        fmt::format("its labels are {}, expected whole numbers: save them after .long()", saved.labels.type));
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

/// Converts inputs to one of the types that samples have; throws if that would change the numbers, or if their
/// meaning is not clear.
decltype(Samples::inputs) inputs_of(const SavedTensor& saved, const at::Tensor& in_order, bool is_picture) {
  const at::ScalarType type = in_order.scalar_type();
  if (type == at::kByte) return values_of<std::uint8_t>(in_order);
  if (type == at::kFloat || type == at::kHalf || type == at::kBFloat16 || type == at::kBool) {
    const at::Tensor reals = in_order.to(at::kFloat);
    if (!reals.isfinite().all().item<bool>()) throw Unusable("its inputs are not all finite");
    return values_of<float>(reals);
  }
  if (at::isIntegralType(type, false) && !is_picture) return tokens_of(in_order.to(at::kLong));
  const char* const remedy = at::isComplexType(type) ? "torch.view_as_real(...) of them"
                             : at::isIntegralType(type, false)
                                 ? "pixels of 0 to 255 after .to(torch.uint8), others after .float()"
                                 : "them after .float()";
  throw Unusable(fmt::format("its inputs are {}, expected float32 or uint8, or int64 of one text a sample: save {}",
                             saved.type, remedy));
}

Samples samples_of(const Saved& saved) {
  const at::Tensor& inputs = saved.inputs.numbers;
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
  samples.inputs = inputs_of(saved.inputs, in_order, is_picture);
  return samples;
}

Samples read(const std::filesystem::path& path) {
  size_of_file(path);  // throws if the file cannot be read, and names it
  try {
    TorchFile file(path);
    return samples_of(saved_in(file));
  } catch (const Unusable& problem) {
    throw Unusable(fmt::format("{}: {}", path.string(), problem.what()));
  } catch (const std::bad_alloc&) {
    throw Unusable(fmt::format("{}: there is no memory for it", path.string()));
  } catch (const std::exception&) {
    throw Unusable(fmt::format("{}: it holds tensors that LibTorch cannot take", path.string()));
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
    return refusal<DatasetResult>(problem);
  }
}

}  // namespace tardigrad
