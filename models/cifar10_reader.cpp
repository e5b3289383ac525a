#include "models/cifar10_reader.hpp"

#include <fmt/format.h>

#include <fstream>
#include <utility>

#include "models/regular_file.hpp"

namespace tardigrad {
namespace {

constexpr ImageShape kShape = {3, 32, 32};
constexpr std::int64_t kClasses = 10;
constexpr std::size_t kPixels = 32 * 32;
constexpr std::size_t kRecord = 1 + 3 * kPixels;

/// The file has the red picture, then the green, then the blue one.
void append_channels_last(const std::uint8_t* planes, std::vector<std::uint8_t>& pixels) {
  for (std::size_t p = 0; p < kPixels; ++p) {
    for (std::size_t c = 0; c < kShape.channels; ++c) pixels.push_back(planes[c * kPixels + p]);
  }
}

/// Appends the file's images; empty, or what is wrong.
std::string append_batch(const std::filesystem::path& path, LabelledImages& images) {
  const RegularFile on_disk = regular_file(path);
  if (!on_disk.error.empty()) return on_disk.error;
  if (on_disk.size == 0 || on_disk.size % kRecord != 0) {
    return fmt::format("{} has {} bytes, not a whole number of records of {}", path.string(), on_disk.size, kRecord);
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return fmt::format("cannot open {}", path.string());
  std::vector<std::uint8_t> record(kRecord);
  for (std::uint64_t r = 0; r < on_disk.size / kRecord; ++r) {
    if (!file.read(reinterpret_cast<char*>(record.data()), kRecord))
      return fmt::format("cannot read {}", path.string());
    if (record[0] >= kClasses) {
      return fmt::format("{} has a label {} where 0 to 9 are expected", path.string(), record[0]);
    }
    images.labels.push_back(record[0]);
    append_channels_last(record.data() + 1, images.pixels);
  }
  return "";
}

std::filesystem::path batches_folder(const std::filesystem::path& folder) {
  const std::filesystem::path inside = folder / "cifar-10-batches-bin";
  std::error_code ignored;
  return std::filesystem::is_directory(inside, ignored) ? inside : folder;
}

}  // namespace

DatasetResult read_cifar10(const std::filesystem::path& folder) {
  const std::filesystem::path batches = batches_folder(folder);
  LabelledImages train{kShape, {}, {}};
  LabelledImages test{kShape, {}, {}};
  for (int batch = 1; batch <= 5; ++batch) {
    const std::string error = append_batch(batches / fmt::format("data_batch_{}.bin", batch), train);
    if (!error.empty()) return {nullptr, error};
  }
  if (const std::string error = append_batch(batches / "test_batch.bin", test); !error.empty()) {
    return {nullptr, error};
  }
  return {dataset_of(std::move(train), std::move(test), kClasses), ""};
}

}  // namespace tardigrad
