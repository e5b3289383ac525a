/// Opens files that Python's torch.save has written.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/files/pickle.hpp"

namespace caffe2::serialize {
class PyTorchStreamReader;
}

namespace tardigrad {

/// A tensor in a file: its numbers, in the file's memory and order, which the file must outlive, and its type
/// as PyTorch calls it ("float32").
struct SavedTensor {
  at::Tensor numbers;
  std::string type;
};

/// A file of either format, PyTorch 1.6's archive or the older one, and of any pickle protocol. Tensors of all
/// devices that have values are read onto the CPU; sizes, strides and offsets are only believed as far as the
/// file has values.
///
/// All functions throw Unusable with one clear sentence that does not name the file.
class TorchFile {
 public:
  /// Also throws if the file is one of other tools or of other functions of PyTorch, and names the kind.
  explicit TorchFile(const std::filesystem::path& path);
  ~TorchFile();
  TorchFile(const TorchFile&) = delete;
  TorchFile& operator=(const TorchFile&) = delete;

  /// The saved value.
  const PickleValue& value() const { return *value_; }

  /// True if the value is a tensor, including those that cannot be read.
  static bool is_tensor(const PickleValue& value);
  SavedTensor tensor(const PickleValue& value);

 private:
  struct Storage {
    std::string_view bytes;
    std::int64_t first = 0;  ///< first element of a view on another storage
  };

  void open_archive(const std::filesystem::path& path);
  void open_older(const std::filesystem::path& path);
  void read_older_storages(std::string_view left);
  Storage storage(const PickleValue& persistent);
  SavedTensor rebuilt(const PickleValue& value, int depth);
  SavedTensor strided(const std::vector<const PickleValue*>& arguments, bool names_type);

  Pickle pickle_;
  const PickleValue* value_ = nullptr;
  std::string bytes_;  ///< the older format: the whole file; the archive: its pickle
  std::unique_ptr<caffe2::serialize::PyTorchStreamReader> archive_;
  std::vector<at::DataPtr> records_;
  std::map<std::string, Storage, std::less<>> storages_;
};

}  // namespace tardigrad
