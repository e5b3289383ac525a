#include "models/datasets.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "models/cifar10_reader.hpp"
#include "models/idx_reader.hpp"

namespace tardigrad {
namespace {

struct Source {
  std::filesystem::path usual_place;
  DatasetResult (*read)(const std::filesystem::path& folder);
};

const std::map<std::string, Source>& sources() {
  static const std::map<std::string, Source> known = {
      {"cifar10", {"data/cifar-10-batches-bin", read_cifar10}},
      {"fashion-mnist", {"/usr/share/datasets/fashion-mnist", read_fashion_mnist}},
  };
  return known;
}

std::uint32_t add_block(std::uint32_t checksum, const std::vector<std::uint8_t>& bytes) {
  const std::uint64_t size = bytes.size();
  const auto sum = crc32_z(checksum, reinterpret_cast<const Bytef*>(&size), sizeof size);
  return static_cast<std::uint32_t>(crc32_z(sum, bytes.data(), bytes.size()));
}

}  // namespace

std::uint32_t checksum(const Dataset& dataset) {
  std::uint32_t sum = 0;
  for (const LabelledImages* part : {&dataset.train, &dataset.test}) {
    sum = add_block(add_block(sum, part->pixels), part->labels);
  }
  return sum;
}

DatasetResult load_dataset(const std::string& set, const std::string& root) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::filesystem::path>, std::shared_ptr<const Dataset>> loaded;

  const auto source = sources().find(set);
  if (source == sources().end()) return {nullptr, fmt::format("there is no data set {}", set)};
  const std::filesystem::path named = root.empty() ? source->second.usual_place : std::filesystem::path(root);
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::weakly_canonical(named, ignored);

  const std::lock_guard lock(mutex);
  std::shared_ptr<const Dataset>& dataset = loaded[{set, folder}];
  if (dataset) return {dataset, ""};
  DatasetResult result = source->second.read(named);
  dataset = result.dataset;
  return result;
}

}  // namespace tardigrad
