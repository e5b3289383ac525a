#include "models/files/torch_file.hpp"

#include <ATen/ATen.h>
#include <caffe2/serialize/inline_container.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <tuple>
#include <utility>

#include "models/files/user_files.hpp"
#include "models/unusable.hpp"
#include "netem/base/csv_lines.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

using Kind = PickleValue::Kind;

constexpr std::uint64_t kLargestPickle = std::uint64_t{1} << 30;
constexpr std::size_t kMostDimensions = 64;
/// A tensor in a parameter in a subclass.
constexpr int kDeepest = 4;
/// The number with which the older format begins.
constexpr std::string_view kMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);

const char* const kExpected = "expected what torch.save((inputs, labels), \"train.pt\") writes";

struct NumberType {
  std::string_view name;
  std::string_view storage;
  at::ScalarType scalar;
  std::size_t bytes;
};

constexpr std::array<NumberType, 15> kTypes = {{
    {"float32", "FloatStorage", at::kFloat, 4},
    {"float64", "DoubleStorage", at::kDouble, 8},
    {"float16", "HalfStorage", at::kHalf, 2},
    {"bfloat16", "BFloat16Storage", at::kBFloat16, 2},
    {"int64", "LongStorage", at::kLong, 8},
    {"int32", "IntStorage", at::kInt, 4},
    {"int16", "ShortStorage", at::kShort, 2},
    {"int8", "CharStorage", at::kChar, 1},
    {"uint8", "ByteStorage", at::kByte, 1},
    {"bool", "BoolStorage", at::kBool, 1},
    {"complex64", "ComplexFloatStorage", at::kComplexFloat, 8},
    {"complex128", "ComplexDoubleStorage", at::kComplexDouble, 16},
    // PyTorch 2 has these types without storages of their own; they are read as a type of the same size.
    {"uint16", "", at::kShort, 2},
    {"uint32", "", at::kInt, 4},
    {"untyped bytes", "UntypedStorage", at::kByte, 1},
}};

[[noreturn]] void damaged() { throw Unusable("it is damaged: its tensors do not fit its pickle"); }

const NumberType& type_of(const PickleValue& global, std::string_view NumberType::*member) {
  const auto type = std::find_if(kTypes.begin(), kTypes.end(), [&](const NumberType& known) {
    return global.is(Kind::global) && !(known.*member).empty() && known.*member == global.text;
  });
  if (type != kTypes.end()) return *type;
  throw Unusable(fmt::format("it has a tensor of {}, which is not read: save it after .float()", quoted(global.text)));
}

/// The parts of ('storage', type, key, location, size, ...), by which tensors refer to their numbers.
const std::vector<const PickleValue*>& parts_of(const PickleValue& persistent) {
  if (!persistent.is(Kind::persistent) || !persistent.items[0]->is(Kind::tuple)) damaged();
  const auto& parts = persistent.items[0]->items;
  if (parts.size() < 5 || !parts[2]->is(Kind::text) || !parts[3]->is(Kind::text)) damaged();
  return parts;
}

std::vector<std::int64_t> whole_numbers(const PickleValue& value) {
  std::vector<std::int64_t> numbers;
  if (!value.is(Kind::tuple) || value.items.size() > kMostDimensions) damaged();
  for (const PickleValue* item : value.items) {
    if (!item->is(Kind::integer)) damaged();
    numbers.push_back(item->integer);
  }
  return numbers;
}

/// Refuses a tensor that reaches beyond the `stored` numbers or repeats them, however large the sizes are.
void check_reach(const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& strides, std::int64_t first,
                 std::int64_t stored) {
  std::int64_t last = first, count = 1;
  if (sizes.size() != strides.size() || first < 0) damaged();
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    if (sizes[d] == 0)
      throw Unusable(fmt::format("it has a tensor without numbers, of {}", c10::str(c10::IntArrayRef(sizes))));
    if (sizes[d] < 0 || strides[d] < 0) damaged();
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(sizes[d] - 1, strides[d], &reach)) damaged();
    if (__builtin_add_overflow(last, reach, &last)) damaged();
    if (__builtin_mul_overflow(count, sizes[d], &count)) damaged();
  }
  if (last >= stored) damaged();
  if (count > stored) {
    throw Unusable("it has a tensor whose numbers share their place in memory (expand): save it after .clone()");
  }
}

/// The kind of tensor that a function of PyTorch makes; empty if it makes none.
std::string_view refused_sort(const PickleValue& callable) {
  constexpr std::pair<std::string_view, std::string_view> kSorts[] = {
      {"_rebuild_sparse_tensor", "a sparse tensor, expected a dense one: save it after .to_dense()"},
      {"_rebuild_sparse_csr_tensor", "a sparse tensor, expected a dense one: save it after .to_dense()"},
      {"_rebuild_qtensor", "a quantized tensor, expected plain numbers: save it after .dequantize()"},
      {"_rebuild_meta_tensor_no_storage", "a tensor of the device \"meta\", which has no numbers"},
      {"_rebuild_nested_tensor", "a nested tensor, expected one of fixed sizes: save it after .to_padded_tensor(0)"},
      {"_rebuild_wrapper_subclass", "a tensor of a class of its own, expected a plain one"},
      {"_rebuild_device_tensor_from_numpy", "a tensor of another device without its numbers: save it after .cpu()"},
      {"_rebuild_xla_tensor", "a tensor of the device \"xla\": save it after .cpu()"},
      {"_rebuild_mlc_tensor", "a tensor of the device \"mlc\": save it after .cpu()"},
      {"_rebuild_ort_tensor", "a tensor of the device \"ort\": save it after .cpu()"},
  };
  if (callable.module != "torch._utils") return {};
  for (const auto& [name, sort] : kSorts) {
    if (callable.text == name) return sort;
  }
  return {};
}

/// True for functions that make a tensor from the tensor that is their first argument.
bool wraps_tensor(const PickleValue& callable) {
  return callable.is_global("torch._utils", "_rebuild_parameter") ||
         callable.is_global("torch._utils", "_rebuild_parameter_with_state") ||
         callable.is_global("torch._utils", "_rebuild_device_tensor_from_cpu_tensor");
}

bool is_strided(const PickleValue& callable) {
  return callable.is_global("torch._utils", "_rebuild_tensor") ||
         callable.is_global("torch._utils", "_rebuild_tensor_v2") ||
         callable.is_global("torch._utils", "_rebuild_tensor_v3");
}

/// True for functions whose arguments are another function and its arguments.
bool is_of_subclass(const PickleValue& callable) {
  return callable.is_global("torch._tensor", "_rebuild_from_type_v2") ||
         callable.is_global("torch._tensor", "_rebuild_from_type") ||
         callable.is_global("torch.tensor", "_rebuild_from_type");
}

/// Files that are found under the names of torch.save's files, by bytes at a known position.
struct OtherFile {
  std::size_t at;
  std::string_view sign;
  const char* what;
};

constexpr OtherFile kOtherFiles[] = {
    {0, "\x93NUMPY", "a NumPy array (.npy): save torch.from_numpy(...) of inputs and labels"},
    {0, "\x89HDF", "an HDF5 file: save tensors of what is in it"},
    {0, "PAR1", "a Parquet file: save tensors of what is in it"},
    {0, "\x1f\x8b", "packed by gzip: unpack it first"},
    {0, "BZh", "packed by bzip2: unpack it first"},
    {0,
     std::string_view("\xfd"
                      "7zXZ",
                      5),
     "packed by xz: unpack it first"},
    {0, "\x28\xb5\x2f\xfd", "packed by zstd: unpack it first"},
    {0, "\x89PNG", "a picture: set = \"image-folder\" reads folders of them"},
    {0, "\xff\xd8\xff", "a picture: set = \"image-folder\" reads folders of them"},
    {0, "version https://git-lfs", "a pointer of Git LFS: git lfs pull gets the file itself"},
    {0, "<", "a text, such as a page of the web: its download went wrong"},
    {257, "ustar", "a tar archive: unpack it first, or save it anew by a PyTorch after 0.1"},
    {8, "{\"", "a safetensors file: save the tensors in it by torch.save"},
};

void refuse_other_files(std::string_view begin) {
  if (begin.empty()) throw Unusable(fmt::format("it is empty: {}", kExpected));
  for (const OtherFile& other : kOtherFiles) {
    if (begin.size() < other.at || begin.substr(other.at, other.sign.size()) != other.sign) continue;
    throw Unusable(fmt::format("it is {}; {}", other.what, kExpected));
  }
}

/// The name of the first file in a zip archive.
std::string_view first_name(std::string_view begin) {
  constexpr std::size_t kHeader = 30;
  if (begin.size() < kHeader) return {};
  const std::size_t size = static_cast<unsigned char>(begin[26]) + 256U * static_cast<unsigned char>(begin[27]);
  return begin.substr(kHeader, size);
}

}  // namespace

TorchFile::TorchFile(const std::filesystem::path& path) {
  const std::string begin = beginning_of(path, 512);
  refuse_other_files(begin);
  const bool is_archive = begin.rfind("PK", 0) == 0;
  if (is_archive && ends_with(first_name(begin), ".npy")) {
    throw Unusable(
        fmt::format("it is a NumPy archive (.npz): save torch.from_numpy(...) of inputs and labels; {}", kExpected));
  }
  is_archive ? open_archive(path) : open_older(path);
}

TorchFile::~TorchFile() = default;

void TorchFile::open_archive(const std::filesystem::path& path) {
  try {
    archive_ = std::make_unique<caffe2::serialize::PyTorchStreamReader>(path.string());
    const auto is_big_endian = [&] {
      if (!archive_->hasRecord("byteorder")) return false;
      const auto order = archive_->getRecord("byteorder");
      return std::string_view(static_cast<const char*>(std::get<0>(order).get()), std::get<1>(order)) == "big";
    };
    if (archive_->hasRecord("constants.pkl")) {
      throw Unusable(
          fmt::format("it is a TorchScript module, as model = {{ torchscript = ... }} takes; {}", kExpected));
    }
    if (is_big_endian()) throw Unusable("it was saved on a big-endian machine, whose tensors are not read");
    const auto pickle = archive_->getRecord("data.pkl");
    if (std::get<1>(pickle) > kLargestPickle) throw Unusable("its pickle is larger than a data set's");
    bytes_.assign(static_cast<const char*>(std::get<0>(pickle).get()), std::get<1>(pickle));
  } catch (const Unusable&) {
    throw;
  } catch (const std::exception&) {
    throw Unusable(fmt::format("it is a zip archive, but damaged, cut off or not of torch.save: {}", kExpected));
  }
  std::string_view left = bytes_;
  value_ = &pickle_.read(left);
}

void TorchFile::open_older(const std::filesystem::path& path) {
  bytes_ = content_of(path);
  std::string_view left = bytes_;
  const PickleValue* magic = nullptr;
  try {
    magic = &pickle_.read(left);
  } catch (const Unusable&) {
    throw Unusable(fmt::format("it is not what torch.save writes, or it is damaged: {}", kExpected));
  }
  if (!magic->is_huge || magic->text != kMagic) {
    throw Unusable(fmt::format("it is a plain pickle, of pickle.dump for example: {}", kExpected));
  }
  pickle_.read(left);  // the version: there has only been one
  const PickleValue& machine = pickle_.read(left);
  const PickleValue* little = machine.entry("little_endian");
  if (little && little->integer == 0) {
    throw Unusable("it was saved on a big-endian machine, whose tensors are not read");
  }
  value_ = &pickle_.read(left);
  read_older_storages(left);
}

/// The keys come first, in a pickle, then for each key its size and its numbers.
void TorchFile::read_older_storages(std::string_view left) {
  std::map<std::string_view, std::size_t> bytes_a_number;
  for (const PickleValue* persistent : pickle_.persistent()) {
    const auto& parts = parts_of(*persistent);
    bytes_a_number[parts[2]->text] = type_of(*parts[1], &NumberType::storage).bytes;
  }
  for (const PickleValue* key : pickle_.read(left).items) {
    std::uint64_t count = 0, size = 0;
    const auto known = key->is(Kind::text) ? bytes_a_number.find(key->text) : bytes_a_number.end();
    if (known == bytes_a_number.end() || left.size() < sizeof count) damaged();
    std::memcpy(&count, left.data(), sizeof count);
    left.remove_prefix(sizeof count);
    if (__builtin_mul_overflow(count, known->second, &size) || size > left.size()) {
      throw Unusable("it is cut off: numbers of its tensors are missing");
    }
    // Allocated memory is aligned for numbers of any type.
    records_.push_back(at::getCPUAllocator()->allocate(size));
    std::copy_n(left.data(), size, static_cast<char*>(records_.back().get()));
    storages_[std::string(key->text)] = {{static_cast<const char*>(records_.back().get()), size}};
    left.remove_prefix(size);
  }
}

TorchFile::Storage TorchFile::storage(const PickleValue& persistent) {
  const auto& parts = parts_of(persistent);
  if (parts[3]->text == "meta") throw Unusable("it has a tensor of the device \"meta\", which has no numbers");
  auto place = storages_.find(parts[2]->text);
  if (place == storages_.end()) {
    if (!archive_) damaged();
    try {
      auto [record, size] = archive_->getRecord("data/" + std::string(parts[2]->text));
      records_.push_back(std::move(record));
      const auto* begin = static_cast<const char*>(records_.back().get());
      place = storages_.emplace(std::string(parts[2]->text), Storage{{begin, size}}).first;
    } catch (const std::exception&) {
      throw Unusable("it is damaged: numbers of its tensors are missing");
    }
  }
  Storage found = place->second;
  const bool is_view = parts.size() > 5 && parts[5]->is(Kind::tuple);
  if (is_view) {
    const auto& view = parts[5]->items;
    if (view.size() != 3 || !view[1]->is(Kind::integer) || view[1]->integer < 0) damaged();
    found.first = view[1]->integer;
  }
  return found;
}

SavedTensor TorchFile::strided(const std::vector<const PickleValue*>& arguments, bool names_type) {
  if (arguments.size() < (names_type ? 7 : 4) || !arguments[1]->is(Kind::integer)) damaged();
  const PickleValue& persistent = *arguments[0];
  const NumberType& type =
      names_type ? type_of(*arguments[6], &NumberType::name) : type_of(*parts_of(persistent)[1], &NumberType::storage);
  const Storage place = storage(persistent);
  for (const char* lazily : {"neg", "conj"}) {
    if (names_type || arguments.size() < 7 || !arguments[6]->entry(lazily)) continue;
    throw Unusable(
        fmt::format("it has a tensor whose numbers are still to be changed: save it after .resolve_{}()", lazily));
  }
  const std::vector<std::int64_t> sizes = whole_numbers(*arguments[2]), strides = whole_numbers(*arguments[3]);
  std::int64_t first = 0;
  if (arguments[1]->integer < 0 || __builtin_add_overflow(arguments[1]->integer, place.first, &first)) damaged();
  check_reach(sizes, strides, first, static_cast<std::int64_t>(place.bytes.size() / type.bytes));
  // Nobody writes here: a caller that changes the numbers copies them.
  char* begin = const_cast<char*>(place.bytes.data()) + static_cast<std::size_t>(first) * type.bytes;
  SavedTensor tensor{at::from_blob(begin, sizes, strides, at::TensorOptions(type.scalar)), std::string(type.name)};
  if (type.name == "uint16") tensor.numbers = tensor.numbers.to(at::kLong).bitwise_and(std::int64_t{0xffff});
  if (type.name == "uint32") tensor.numbers = tensor.numbers.to(at::kLong).bitwise_and(std::int64_t{0xffffffff});
  return tensor;
}

SavedTensor TorchFile::rebuilt(const PickleValue& value, int depth) {
  if (depth == 0 || !is_tensor(value)) damaged();
  const PickleValue& callable = value.callable();
  const std::string_view refused = refused_sort(callable);
  if (!refused.empty()) throw Unusable(fmt::format("it has {}", refused));
  const auto& arguments = value.arguments().items;
  if (is_strided(callable)) return strided(arguments, callable.text == "_rebuild_tensor_v3");
  if (wraps_tensor(callable)) {
    if (arguments.empty()) damaged();
    return rebuilt(*arguments[0], depth - 1);
  }
  if (arguments.size() < 3) damaged();
  PickleValue inner;
  inner.kind = Kind::object;
  inner.items = {arguments[0], arguments[2]};
  return rebuilt(inner, depth - 1);
}

bool TorchFile::is_tensor(const PickleValue& value) {
  if (!value.is(Kind::object) || !value.callable().is(Kind::global) || !value.arguments().is(Kind::tuple)) return false;
  const PickleValue& callable = value.callable();
  return is_strided(callable) || wraps_tensor(callable) || is_of_subclass(callable) || !refused_sort(callable).empty();
}

SavedTensor TorchFile::tensor(const PickleValue& value) { return rebuilt(value, kDeepest); }

}  // namespace tardigrad
