#include "models/datasets.hpp"

#include <fmt/format.h>

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

}  // namespace

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
