#include "models/data/image_folder_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/data/image_reader.hpp"
#include "models/files/user_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

struct File {
  fs::path path;
  Label label;
};

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

std::vector<std::string> folders_in(const fs::path& folder) {
  std::vector<std::string> names = names_in(folder, is_folder);
  if (names.empty()) throw Unusable(fmt::format("{} has no folders: expected one for each class", folder.string()));
  return names;
}

std::vector<File> files_of(const fs::path& part, const std::vector<std::string>& classes) {
  std::vector<File> files;
  for (const std::string& name : folders_in(part)) {
    const auto place = std::lower_bound(classes.begin(), classes.end(), name);
    if (place == classes.end() || *place != name) {
      throw Unusable(fmt::format("{} is of a class that the training set does not have", (part / name).string()));
    }
    const auto images =
        names_in(part / name, [](const fs::directory_entry& entry) { return is_image_name(entry.path()); });
    if (images.empty()) {
      throw Unusable(fmt::format("{} has no pictures: expected .png or .jpg files", (part / name).string()));
    }
    for (const std::string& image : images) {
      files.push_back({part / name / image, static_cast<Label>(place - classes.begin())});
    }
  }
  return files;
}

/// The common size, with colour if any picture has it.
ImageHeader common_header(const std::vector<File>& train, const std::vector<File>& test) {
  ImageHeader common;
  for (const std::vector<File>* part : {&train, &test}) {
    for (const File& file : *part) {
      const ImageHeader header = read_image_header(file.path);
      if (common.height == 0) common = header;
      if (header.height != common.height || header.width != common.width) {
        throw Unusable(fmt::format("{} has {}x{} pixels where {} has {}x{}: expected pictures of one size",
                                   file.path.string(), header.height, header.width, train.front().path.string(),
                                   common.height, common.width));
      }
      common.is_coloured = common.is_coloured || header.is_coloured;
    }
  }
  return common;
}

LabelledImages read(const std::vector<File>& files, const ImageHeader& header) {
  LabelledImages images;
  images.shape = {header.is_coloured ? std::size_t{3} : std::size_t{1}, header.height, header.width};
  images.pixels.reserve(files.size() * images.shape.numel());
  for (const File& file : files) {
    append_image(file.path, header, images.shape.channels, images.pixels);
    images.labels.push_back(file.label);
  }
  return images;
}

/// Unpackers often put everything in an archive into one folder.
fs::path folder_of_parts(const fs::path& root) {
  const std::vector<std::string> names = names_in(root, is_folder);
  std::error_code ignored;
  const bool is_around = names.size() == 1 && fs::is_directory(root / names.front() / "train", ignored);
  return is_around ? root / names.front() : root;
}

}  // namespace

DatasetResult read_image_folder(const fs::path& root) {
  try {
    const fs::path folder = folder_of_parts(root);
    const std::vector<std::string> classes = folders_in(folder / "train");
    if (classes.size() > kMostClasses) {
      throw Unusable(fmt::format("{} has {} folders, expected at most {} classes", (folder / "train").string(),
                                 classes.size(), kMostClasses));
    }
    const std::vector<File> train = files_of(folder / "train", classes);
    const std::vector<File> test = files_of(folder / "test", classes);
    const ImageHeader header = common_header(train, test);
    return {dataset_of(read(train, header), read(test, header), static_cast<std::int64_t>(classes.size())), ""};
  } catch (const Unusable& problem) {
    return refusal<DatasetResult>(problem);
  }
}

}  // namespace tardigrad
