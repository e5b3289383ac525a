#include "models/networks/module_archive.hpp"

#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "models/files/pickle.hpp"
#include "models/files/user_files.hpp"
#include "models/printable.hpp"
#include "models/unusable.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

using Kind = PickleValue::Kind;

constexpr const char* kExpected = "expected a module, saved from Python by torch.jit.script(model).save(\"model.pt\")";
constexpr std::size_t kMostNames = 4;
/// Before it wrote archives, torch.save wrote a number, a version and sizes in front of the value.
constexpr int kPicklesBefore = 3;

class LentBytes final : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit LentBytes(const std::string& content) : content_(content) {}

  std::size_t size() const override { return content_.size(); }
  std::size_t read(std::uint64_t position, void* to, std::size_t count, const char*) const override {
    const std::size_t begin = std::min<std::uint64_t>(position, content_.size());
    const std::size_t length = std::min(count, content_.size() - begin);
    std::memcpy(to, content_.data() + begin, length);
    return length;
  }

 private:
  const std::string& content_;
};

/// The number of bytes of a value in a storage of this type; 0 for an unknown type.
std::int64_t bytes_a_value(std::string_view storage) {
  static const std::map<std::string_view, std::int64_t> known = {
      {"ByteStorage", 1},     {"CharStorage", 1},    {"BoolStorage", 1},         {"QInt8Storage", 1},
      {"QUInt8Storage", 1},   {"UntypedStorage", 1}, {"ShortStorage", 2},        {"HalfStorage", 2},
      {"BFloat16Storage", 2}, {"IntStorage", 4},     {"FloatStorage", 4},        {"QInt32Storage", 4},
      {"LongStorage", 8},     {"DoubleStorage", 8},  {"ComplexFloatStorage", 8}, {"ComplexDoubleStorage", 16}};
  const auto found = known.find(storage);
  return found == known.end() ? 0 : found->second;
}

std::string text_record(caffe2::serialize::PyTorchStreamReader& archive, const std::string& name) {
  const auto record = archive.getRecord(name);
  return {static_cast<const char*>(std::get<0>(record).get()), std::get<1>(record)};
}

/// ('storage', type, key, location, size).
struct Storage {
  std::string_view type;
  std::string key;
  std::int64_t values = 0;
};

std::optional<Storage> storage_of(const PickleValue& value) {
  if (!value.is(Kind::persistent) || !value.items[0]->is(Kind::tuple)) return std::nullopt;
  const auto& parts = value.items[0]->items;
  if (parts.size() < 5 || !parts[1]->is(Kind::global) || !parts[2]->is(Kind::text) || !parts[4]->is(Kind::integer)) {
    return std::nullopt;
  }
  return Storage{parts[1]->text, std::string(parts[2]->text), parts[4]->integer};
}

bool is_tensor(const PickleValue& value) {
  return value.is(Kind::object) && value.callable().is(Kind::global) && value.callable().module == "torch._utils" &&
         (value.callable().text == "_rebuild_tensor_v2" || value.callable().text == "_rebuild_qtensor");
}

bool is_sizes(const PickleValue& value) {
  return value.is(Kind::tuple) && std::all_of(value.items.begin(), value.items.end(),
                                              [](const PickleValue* item) { return item->is(Kind::integer); });
}

/// True if all values of a tensor, (storage, offset, sizes, strides, ...), are within its storage.
bool lies_in_its_storage(const PickleValue& tensor) {
  const auto& parts = tensor.arguments().items;
  if (parts.size() < 4 || !parts[1]->is(Kind::integer) || !is_sizes(*parts[2]) || !is_sizes(*parts[3])) return false;
  const auto storage = storage_of(*parts[0]);
  const auto &sizes = parts[2]->items, &strides = parts[3]->items;
  std::int64_t last = parts[1]->integer, count = 1;
  if (!storage || sizes.size() != strides.size() || last < 0) return false;
  bool is_empty = false;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    const std::int64_t size = sizes[d]->integer, stride = strides[d]->integer;
    if (size < 0 || stride < 0) return false;
    is_empty = is_empty || size == 0;
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(std::max<std::int64_t>(size, 1) - 1, stride, &reach)) return false;
    if (__builtin_add_overflow(last, reach, &last) || __builtin_mul_overflow(count, size, &count)) return false;
  }
  return is_empty || last < storage->values;
}

/// All values that a value contains, each once.
std::vector<const PickleValue*> parts_within(const PickleValue& value) {
  std::vector<const PickleValue*> all = {&value};
  std::set<const PickleValue*> known = {&value};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const PickleValue& part = *all[i];
    for (const auto* some : {&part.items, &part.entries, &part.appended}) {
      for (const PickleValue* inner : *some) {
        if (known.insert(inner).second) all.push_back(inner);
      }
    }
    if (part.state && known.insert(part.state).second) all.push_back(part.state);
  }
  return all;
}

/// A damage in the tensors of one part of a module: its pickle is `name`.pkl, and their bytes are in the
/// folder.
std::string damage(caffe2::serialize::PyTorchStreamReader& archive, const std::string& name) {
  const std::string bytes = text_record(archive, name + ".pkl");
  std::string_view left = bytes;
  Pickle pickle;
  const PickleValue& value = pickle.read(left);
  for (const PickleValue* persistent : pickle.persistent()) {
    const auto storage = storage_of(*persistent);
    if (!storage) return fmt::format("it is damaged: nobody can read its {}.pkl", name);
    const std::string record = name + "/" + storage->key;
    if (!archive.hasRecord(record)) return printable(fmt::format("it is damaged: it has no {}", record));
    const auto stored = static_cast<std::int64_t>(std::get<1>(archive.getRecord(record)));
    std::int64_t expected = 0;
    const bool overflows = __builtin_mul_overflow(storage->values, bytes_a_value(storage->type), &expected);
    if (storage->values >= 0 && !overflows && expected <= stored) continue;
    return printable(fmt::format("it is damaged: {} has {} bytes, too few for its tensor of {} values", record, stored,
                                 storage->values));
  }
  for (const PickleValue* part : parts_within(value)) {
    if (!is_tensor(*part) || lies_in_its_storage(*part)) continue;
    return printable(fmt::format("it is damaged: a tensor in {}.pkl reaches beyond its values", name));
  }
  return {};
}

bool is_dict_of_tensors(const PickleValue& dict) {
  for (std::size_t i = 1; i < dict.entries.size(); i += 2) {
    if (!is_tensor(*dict.entries[i])) return false;
  }
  return !dict.entries.empty();
}

std::string names_in_dict(const PickleValue& dict) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < dict.entries.size() && names.size() < kMostNames; i += 2) {
    names.push_back(printable(dict.entries[i]->text, 30));
  }
  if (dict.entries.size() > 2 * names.size()) names.emplace_back("...");
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Describes a value that torch.save has written, without running any of it.
std::string description(const PickleValue& value) {
  const bool is_wrapped = value.is(Kind::object) && value.callable().is_global("torch.jit._pickle", "restore_type_tag");
  if (is_wrapped && !value.arguments().items.empty()) return description(*value.arguments().items.front());
  if (is_tensor(value)) return "a tensor";
  if (value.is_dict() && is_dict_of_tensors(value)) {
    return fmt::format("a state_dict, {} tensors by name without the code of a module", value.entries.size() / 2);
  }
  if (value.is_dict()) {
    return fmt::format("a dict ({}): a checkpoint without the code of a module", names_in_dict(value));
  }
  if (value.is(Kind::object) && value.callable().is(Kind::global)) {
    return fmt::format("a Python object of the class {}, without its code",
                       printable(fmt::format("{}.{}", value.callable().module, value.callable().text), 60));
  }
  return "values without the code of a module";
}

/// `before` is the number of pickles in front of the value's own.
std::string saved_value(std::string_view bytes, int before) {
  Pickle pickle;
  try {
    for (; before > 0; --before) pickle.read(bytes);
    return fmt::format("it holds {}; {}", description(pickle.read(bytes)), kExpected);
  } catch (const Unusable&) {
    return fmt::format("it was written by torch.save and has no code; {}", kExpected);
  }
}

/// The kind of file that begins with these bytes; empty if it is unknown.
std::string foreign_kind(const std::string& content) {
  constexpr std::size_t kHead = 64;
  const std::string head = content.substr(0, kHead);
  // A message whose first field is the version, followed by the producer's name.
  const bool is_message =
      head.size() > 4 && head[0] == '\x08' && (head[2] == '\x12' || head[2] == '\x1a' || head[2] == ':');
  if (is_message) return "an ONNX file";
  if (begins_with(content, "\x89HDF")) return "an HDF5 file, as Keras writes them";
  if (begins_with(content, "\x93NUMPY")) return "a NumPy array";
  if (head.size() > 9 && head[8] == '{' && head[9] == '"') return "a file of safetensors, parameters without code";
  if (begins_with(content, "PK") && content.find("serialized_exported_program") != std::string::npos) {
    return "a program of torch.export";
  }
  return {};
}

}  // namespace

std::shared_ptr<const std::string> module_content(const std::filesystem::path& file) {
  return std::make_shared<const std::string>(content_of(file));
}

std::shared_ptr<caffe2::serialize::ReadAdapterInterface> reader_of(const std::string& content) {
  return std::make_shared<LentBytes>(content);
}

std::string objection_to_archive(const std::string& content) {
  if (content.empty()) return fmt::format("it is empty; {}", kExpected);
  const std::string foreign = foreign_kind(content);
  if (!foreign.empty()) return fmt::format("it is {}; {}", foreign, kExpected);
  if (begins_with(content,
                  "\x80\x02\x8a\nl\xfc\x9c"
                  "F\xf9 j\xa8P\x19."))
    return saved_value(content, kPicklesBefore);
  caffe2::serialize::PyTorchStreamReader archive(reader_of(content));
  if (!archive.hasRecord("data.pkl")) return {};
  if (!archive.hasRecord("constants.pkl")) return saved_value(text_record(archive, "data.pkl"), 0);
  try {
    const std::string wrong = damage(archive, "data");
    return wrong.empty() ? damage(archive, "constants") : wrong;
  } catch (const Unusable& unreadable) {
    return fmt::format("it is damaged: {}", unreadable.what());
  }
}

}  // namespace tardigrad
