#include "models/data/cifar_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "models/files/regular_file.hpp"
#include "models/files/user_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr ImageShape kShape = {3, 32, 32};
constexpr std::size_t kPixels = 32 * 32;

/// The differences between the two sets.
struct Form {
  std::string name;
  std::string folder;
  std::vector<std::string> train;
  std::string test;
  std::string python_folder;
  std::string python_file;  ///< a file that only the Python version has
  std::size_t labels;       ///< bytes of a record before its pixels; the last of them is the class
  std::int64_t classes;

  std::size_t record() const { return labels + 3 * kPixels; }
};

const Form kCifar10 = {
    "CIFAR-10",
    "cifar-10-batches-bin",
    {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"},
    "test_batch.bin",
    "cifar-10-batches-py",
    "data_batch_1",
    1,
    10};
const Form kCifar100 = {"CIFAR-100", "cifar-100-binary", {"train.bin"}, "test.bin", "cifar-100-python", "train", 2,
                        100};

/// The file stores the red plane, then the green, then the blue one.
void append_channels_last(const std::uint8_t* planes, std::vector<std::uint8_t>& pixels) {
  for (std::size_t p = 0; p < kPixels; ++p) {
    for (std::size_t c = 0; c < kShape.channels; ++c) pixels.push_back(planes[c * kPixels + p]);
  }
}

void append_batch(const fs::path& path, const Form& form, LabelledImages& images) {
  const std::uint64_t size = size_of_file(path);
  if (size == 0 || size % form.record() != 0) {
    throw Unusable(
        fmt::format("{} has {} bytes, not a whole number of records of {}", path.string(), size, form.record()));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::vector<std::uint8_t> record(form.record());
  for (std::uint64_t r = 0; r < size / form.record(); ++r) {
    if (!file.read(reinterpret_cast<char*>(record.data()), static_cast<std::streamsize>(record.size()))) {
      throw Unusable(fmt::format("cannot read {}: {}", path.string(), reason_of_system()));
    }
    const std::uint8_t label = record[form.labels - 1];
    if (label >= form.classes) {
      throw Unusable(
          fmt::format("{} has a label {} where 0 to {} are expected", path.string(), label, form.classes - 1));
    }
    images.labels.push_back(label);
    append_channels_last(record.data() + form.labels, images.pixels);
  }
}

/// The path of a file that the folder must have. If the file is missing, the error names what the folder has
/// instead.
fs::path file_in(const fs::path& folder, const std::string& name, const Form& form) {
  const fs::path file = first_in(folder, {name});
  if (!file.empty()) return file;
  for (const std::string& sign : {form.python_folder, form.python_file}) {
    const fs::path python = first_in(folder, {sign});
    if (python.empty()) continue;
    throw Missing(fmt::format("{} is of {}'s Python version, expected the binary one", python.string(), form.name));
  }
  throw Missing(fmt::format("there is no file {}", (folder / name).string()));
}

fs::path batches_folder(const fs::path& folder, const Form& form) {
  const fs::path inside = first_in(folder, {form.folder});
  std::error_code ignored;
  return fs::is_directory(inside, ignored) ? inside : folder;
}

DatasetResult read(const fs::path& folder, const Form& form) {
  try {
    const fs::path batches = batches_folder(folder, form);
    LabelledImages train{kShape, {}, {}};
    LabelledImages test{kShape, {}, {}};
    for (const std::string& name : form.train) append_batch(file_in(batches, name, form), form, train);
    append_batch(file_in(batches, form.test, form), form, test);
    return {dataset_of(std::move(train), std::move(test), form.classes), ""};
  } catch (const Unusable& problem) {
    return refusal<DatasetResult>(problem);
  }
}

}  // namespace

DatasetResult read_cifar10(const fs::path& folder) { return read(folder, kCifar10); }

DatasetResult read_cifar100(const fs::path& folder) { return read(folder, kCifar100); }

}  // namespace tardigrad
