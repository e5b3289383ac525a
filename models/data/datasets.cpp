#include "models/data/datasets.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "models/data/cifar_reader.hpp"
#include "models/data/idx_reader.hpp"
#include "models/data/image_folder_reader.hpp"
#include "models/data/movielens_reader.hpp"
#include "models/data/tensor_reader.hpp"
#include "models/data/text_reader.hpp"

namespace tardigrad {
namespace {

template <class Result>
struct Source {
  std::string usual_root;
  Result (*read)(const DataSpec& spec);
  std::string remedy = {};  ///< command that fetches the files
};

template <DatasetResult (*read)(const std::filesystem::path&)>
DatasetResult from_root(const DataSpec& spec) {
  return read(spec.root);
}

const std::map<std::string, Source<DatasetResult>>& sources() {
  static const std::map<std::string, Source<DatasetResult>> known = {
      {"cifar10", {"data/cifar-10-batches-bin", from_root<read_cifar10>, "`tardigrad data fetch cifar10` gets it"}},
      {"cifar100", {"data/cifar-100-binary", from_root<read_cifar100>, "`tardigrad data fetch cifar100` gets it"}},
      {"fashion-mnist",
       {"/usr/share/datasets/fashion-mnist", from_root<read_fashion_mnist>,
        "Debian's package dataset-fashion-mnist has it"}},
      {"image-folder", {"", from_root<read_image_folder>}},
      {"leaf-text", {"", from_root<read_leaf_text>}},
      {"text", {"", from_root<read_text>}},
      {"tensors", {"", [](const DataSpec& spec) { return read_tensors(spec.train, spec.test); }}},
  };
  return known;
}

/// All paths in the specification that hold the set's files.
std::vector<std::filesystem::path> places(const DataSpec& spec) {
  std::vector<std::filesystem::path> paths;
  std::error_code ignored;
  for (const std::string& path : {spec.root, spec.train, spec.test}) {
    paths.push_back(std::filesystem::weakly_canonical(path, ignored));
  }
  return paths;
}

/// Sets that have been read, by set and path.
template <class Result>
class Library {
 public:
  /// A set that could not be read is tried again the next time. Thread-safe.
  Result get(DataSpec spec, const Source<Result>& source) {
    if (spec.root.empty()) spec.root = source.usual_root;
    const std::lock_guard lock(mutex_);
    const Key key{spec.set, places(spec)};
    const auto known = results_.find(key);
    if (known != results_.end()) return known->second;
    Result result = source.read(spec);
    if (result.error.empty()) results_.emplace(key, result);
    if (result.is_missing && !source.remedy.empty()) result.error += "; " + source.remedy;
    return result;
  }

 private:
  using Key = std::pair<std::string, std::vector<std::filesystem::path>>;

  std::mutex mutex_;
  std::map<Key, Result> results_;
};

template <class Item>
std::uint32_t add_block(std::uint32_t checksum, const std::vector<Item>& items) {
  const std::uint64_t size = items.size();
  const auto sum = static_cast<std::uint32_t>(crc32_z(checksum, reinterpret_cast<const Bytef*>(&size), sizeof size));
  if (items.empty()) return sum;  // a null pointer would restart the checksum
  const auto* bytes = reinterpret_cast<const Bytef*>(items.data());
  return static_cast<std::uint32_t>(crc32_z(sum, bytes, items.size() * sizeof(Item)));
}

std::uint32_t checksum(const Dataset& dataset) {
  std::uint32_t sum = 0;
  for (const Samples* part : {&dataset.train, &dataset.test}) {
    sum = std::visit([sum](const auto& inputs) { return add_block(sum, inputs); }, part->inputs);
    sum = add_block(add_block(add_block(sum, part->shape), part->labels), part->users);
  }
  return sum;
}

static_assert(sizeof(Rating) == 2 * sizeof(std::uint32_t) + sizeof(float), "a checksum must not depend on padding");

}  // namespace

DatasetResult load_dataset(const DataSpec& spec) {
  static Library<DatasetResult> library;
  const auto source = sources().find(spec.set);
  if (source == sources().end()) return {nullptr, fmt::format("there is no data set {}", spec.set)};
  return library.get(spec, source->second);
}

RatingsResult load_ratings(const DataSpec& spec) {
  static Library<RatingsResult> library;
  return library.get(spec, {"data/ml-latest-small", [](const DataSpec& own) { return read_movielens(own.root); },
                            "`tardigrad data fetch movielens` gets it"});
}

ChecksumResult content_checksum(const DataSpec& spec) {
  if (spec.set == "none") return {};
  if (spec.set == "movielens") {
    const RatingsResult loaded = load_ratings(spec);
    return {loaded.ratings ? add_block(0, loaded.ratings->all) : 0, loaded.error};
  }
  const DatasetResult loaded = load_dataset(spec);
  return {loaded.dataset ? checksum(*loaded.dataset) : 0, loaded.error};
}

}  // namespace tardigrad
