/// Pickles as Python writes them, put together by hand, and the files that torch.save makes of them.
#pragma once

#include <caffe2/serialize/inline_container.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tardigrad::test {

/// Every function gives the instructions that leave one value on the stack.
namespace pickled {

template <class Number>
std::string little_endian(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

inline std::string number(std::int32_t value) { return "J" + little_endian(value); }
inline std::string huge_number(std::int64_t value) { return "\x8a\x08" + little_endian(value); }
inline std::string boolean(bool value) { return value ? "\x88" : "\x89"; }
inline std::string none() { return "N"; }
inline std::string text(const std::string& text) {
  return "X" + little_endian(static_cast<std::uint32_t>(text.size())) + text;
}
inline std::string joined(const std::vector<std::string>& items) {
  std::string all;
  for (const std::string& item : items) all += item;
  return all;
}
inline std::string tuple(const std::vector<std::string>& items) { return "(" + joined(items) + "t"; }
inline std::string list(const std::vector<std::string>& items) { return "](" + joined(items) + "e"; }
/// Key, value, key, value ...
inline std::string dict(const std::vector<std::string>& items) { return "}(" + joined(items) + "u"; }
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string call(const std::string& callable, const std::vector<std::string>& arguments) {
  return callable + tuple(arguments) + "R";
}
inline std::string ordered_dict(const std::vector<std::string>& items) {
  return call(global("collections", "OrderedDict"), {}) + "(" + joined(items) + "u";
}
inline std::string with_state(const std::string& object, const std::string& state) { return object + state + "b"; }
inline std::string an_object(const std::string& module, const std::string& name) {
  return global(module, name) + ")\x81";
}
inline std::string sizes(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> items;
  for (const std::int64_t n : numbers) items.push_back(huge_number(n));
  return tuple(items);
}

/// A tensor's storage, as a pickle names it.
struct Storage {
  std::string key;
  std::string type = "FloatStorage";
  std::string location = "cpu";
  bool is_older = false;
  std::string module = "torch";

  std::string pickled() const {
    std::vector<std::string> parts = {text("storage"), global(module, type), text(key), text(location), number(1)};
    if (is_older) parts.push_back(none());
    return tuple(parts) + "Q";
  }
};

inline std::string tensor(const Storage& storage, const std::vector<std::int64_t>& size,
                          const std::vector<std::int64_t>& stride, std::int64_t offset = 0) {
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              {storage.pickled(), huge_number(offset), sizes(size), sizes(stride), boolean(false), ordered_dict({})});
}

}  // namespace pickled

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
}

using Storages = std::map<std::string, std::string>;  ///< bytes by key

/// The archive that PyTorch writes since 1.6.
inline std::string archive(const std::string& value, const Storages& storages, const std::string& protocol = "\x02",
                           const std::vector<std::pair<std::string, std::string>>& more = {}) {
  std::string bytes;
  caffe2::serialize::PyTorchStreamWriter writer([&](const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  });
  const std::string pickle = "\x80" + protocol + value + ".";
  writer.writeRecord("data.pkl", pickle.data(), pickle.size());
  for (const auto& [key, content] : storages) writer.writeRecord("data/" + key, content.data(), content.size());
  for (const auto& [name, content] : more) writer.writeRecord(name, content.data(), content.size());
  writer.writeEndOfFile();
  return bytes;
}

/// The older format. `number_bytes`: the bytes of every storage's numbers, by key.
inline std::string older_file(const std::string& value, const Storages& storages,
                              const std::map<std::string, std::size_t>& number_bytes) {
  using namespace pickled;
  const std::string magic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12);
  std::string bytes;
  std::vector<std::string> keys;
  for (const auto& storage : storages) keys.push_back(text(storage.first));
  for (const std::string& pickle :
       {magic, number(1001), dict({text("little_endian"), boolean(true)}), value, list(keys)}) {
    bytes += "\x80\x02" + pickle + ".";
  }
  for (const auto& [key, content] : storages) {
    bytes += little_endian(std::uint64_t{content.size() / number_bytes.at(key)}) + content;
  }
  return bytes;
}

}  // namespace tardigrad::test
