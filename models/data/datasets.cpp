#include "models/data/datasets.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <filesystem>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

#include "models/data/cifar_reader.hpp"
#include "models/data/femnist_reader.hpp"
#include "models/data/idx_reader.hpp"
#include "models/data/image_folder_reader.hpp"
#include "models/data/movielens_reader.hpp"
#include "models/data/tensor_reader.hpp"
#include "models/data/text_reader.hpp"

namespace tardigrad {
namespace {

template <DatasetResult (*read)(const std::filesystem::path&)>
DatasetResult from_root(const DataSpec& spec) {
  return read(spec.root);
}

using Option = KindOption<DataSpec>;

Option root() { return Option("root", &DataSpec::root, "where its files are").path().brief(); }

/// Of a set that the reader `read` makes of files, which are usually in `usual_root`.
DatasetKind set_of_files(const std::string& name, const std::string& summary, Task task,
                         DatasetResult (*read)(const DataSpec& spec), const std::string& usual_root,
                         const std::string& remedy) {
  Option own = root();
  own.summary += "; usually " + usual_root;
  return {{name, summary, {std::move(own)}}, task, read, usual_root, remedy};
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

/// Sets that have been read, by set, path and options.
template <class Result>
class Library {
 public:
  /// A set that could not be read is tried again the next time. Thread-safe.
  Result get(DataSpec spec, const DatasetKind& kind, Result (*read)(const DataSpec& spec)) {
    if (spec.root.empty()) spec.root = kind.usual_root;
    const std::lock_guard lock(mutex_);
    const Key key{spec.kind, places(spec), spec.context, spec.tokens};
    const auto known = results_.find(key);
    if (known != results_.end()) return known->second;
    Result result = read(spec);
    if (result.error.empty()) results_.emplace(key, result);
    if (result.is_missing && !kind.remedy.empty()) result.error += "; " + kind.remedy;
    return result;
  }

 private:
  using Key = std::tuple<std::string, std::vector<std::filesystem::path>, std::int64_t, std::string>;

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

const std::vector<DatasetKind>& dataset_kinds() {
  static const std::vector<DatasetKind> kinds = {
      set_of_files("fashion-mnist", "60,000 grey 28x28 images of clothes, 10 classes", Task::labels,
                   from_root<read_mnist>, "/usr/share/datasets/fashion-mnist",
                   "Debian's package dataset-fashion-mnist has it"),
      set_of_files("mnist", "60,000 grey 28x28 images of handwritten digits, 10 classes", Task::labels,
                   from_root<read_mnist>, "data/mnist",
                   "root names the folder of its four files, or the one that torchvision has made"),
      set_of_files("cifar10", "50,000 coloured 32x32 images, 10 classes (binary version)", Task::labels,
                   from_root<read_cifar10>, "data/cifar-10-batches-bin", "`tardigrad data fetch cifar10` gets it"),
      set_of_files("cifar100", "50,000 coloured 32x32 images, 100 classes (binary version)", Task::labels,
                   from_root<read_cifar100>, "data/cifar-100-binary", "`tardigrad data fetch cifar100` gets it"),
      {{"image-folder",
        "PNG or JPEG pictures of one size, root/train/<class>/* and root/test/<class>/*",
        {root().required("root = \"pictures\"")}},
       Task::labels,
       from_root<read_image_folder>},
      {{"femnist",
        "handwritten characters by writer as LEAF leaves them: root/train/*.json and root/test/*.json, 62 classes",
        {root().required("root = \"femnist/data\"")}},
       Task::labels,
       from_root<read_femnist>},
      {{"leaf-text",
        "texts by user as LEAF leaves its Shakespeare: root/train/*.json and root/test/*.json",
        {root().required("root = \"shakespeare/data\"")}},
       Task::labels,
       from_root<read_leaf_text>},
      set_of_files("movielens",
                   "users' ratings of films, GroupLens' ratings.csv, ratings.dat or u.data, for matrix factorization",
                   Task::ratings, nullptr, "data/ml-latest-small", "`tardigrad data fetch movielens` gets it"),
      {{"text",
        "any text file: what sign follows others; its last tenth is for testing",
        {root().required("root = \"book.txt\""),
         Option("context", &DataSpec::context, "signs in a sample, before the last one to predict").within(1, 65'536),
         Option("tokens", &DataSpec::tokens, "what a sign is; characters need a file in UTF-8")
             .one_of({"characters", "bytes"})}},
       Task::labels,
       [](const DataSpec& spec) {
         return read_text(spec.root, {static_cast<std::size_t>(spec.context), spec.tokens == "bytes"});
       }},
      {{"tensors",
        "what torch.save((inputs, labels), \"train.pt\") has written",
        {Option("train", &DataSpec::train, "the file to train on").path().required("train = \"train.pt\""),
         Option("test", &DataSpec::test, "the file to test on").path().required("test = \"test.pt\"")}},
       Task::labels,
       [](const DataSpec& spec) { return read_tensors(spec.train, spec.test); }},
      {{"none", "no data, for models that need none"}, Task::nothing},
  };
  return kinds;
}

DatasetResult load_dataset(const DataSpec& spec) {
  static Library<DatasetResult> library;
  const DatasetKind* kind = find_kind(dataset_kinds(), spec);
  if (!kind || !kind->read) return {nullptr, fmt::format("there is no data set {}", spec.kind)};
  return library.get(spec, *kind, kind->read);
}

RatingsResult load_ratings(const DataSpec& spec) {
  static Library<RatingsResult> library;
  return library.get(
      spec, *find_kind(dataset_kinds(), spec), +[](const DataSpec& own) { return read_movielens(own.root); });
}

Task task_of(const DataSpec& data) {
  const DatasetKind* kind = find_kind(dataset_kinds(), data);
  return kind ? kind->task : Task::labels;
}

ChecksumResult content_checksum(const DataSpec& spec) {
  const Task task = task_of(spec);
  if (task == Task::nothing) return {};
  if (task == Task::ratings) {
    const RatingsResult loaded = load_ratings(spec);
    return {loaded.ratings ? add_block(0, loaded.ratings->all) : 0, loaded.error};
  }
  const DatasetResult loaded = load_dataset(spec);
  return {loaded.dataset ? checksum(*loaded.dataset) : 0, loaded.error};
}

}  // namespace tardigrad
