#include "models/data/idx_reader.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include "models/data/datasets.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using Bytes = std::vector<std::uint8_t>;

void append_big_endian(Bytes& bytes, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

Bytes images(std::uint32_t count, std::uint32_t rows = 28, std::uint32_t columns = 28, std::uint32_t magic = 0x803) {
  Bytes bytes;
  for (const std::uint32_t number : {magic, count, rows, columns}) append_big_endian(bytes, number);
  for (std::uint32_t i = 0; i < count * rows * columns; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 251));
  return bytes;
}

Bytes labels(const Bytes& values, std::uint32_t magic = 0x801) {
  Bytes bytes;
  append_big_endian(bytes, magic);
  append_big_endian(bytes, static_cast<std::uint32_t>(values.size()));
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

Bytes packed(const Bytes& bytes) {
  const test::TemporaryFolder folder;
  const std::string path = folder.path() / "packed.gz";
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  std::ifstream stream(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(stream), {});
}

Bytes first(Bytes bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

const char* const kImages = "train-images-idx3-ubyte";
const char* const kLabels = "train-labels-idx1-ubyte";

struct Files {
  Files() {
    folder.write(std::string(kImages) + ".gz", packed(images(3)));
    folder.write(std::string(kLabels) + ".gz", packed(labels({4, 0, 9})));
  }
  std::string path(const char* name) const { return (folder.path() / name).string() + ".gz"; }
  void write(const char* name, const Bytes& bytes) const { folder.write(std::string(name) + ".gz", bytes); }
  LabelledImagesResult read() const { return read_idx_images(folder.path(), "train"); }
  std::string error() const { return read().error; }

  test::TemporaryFolder folder;
};

TEST_CASE("pictures and labels are read, packed or not") {
  Files files;
  SUBCASE("packed") {}
  SUBCASE("not packed") {
    for (const char* name : {kImages, kLabels}) std::filesystem::remove(files.path(name));
    files.folder.write(kImages, images(3));
    files.folder.write(kLabels, labels({4, 0, 9}));
  }
  const LabelledImagesResult result = files.read();
  REQUIRE(result.error == "");
  CHECK(result.images.labels == std::vector<Label>{4, 0, 9});
  CHECK(result.images.shape.numel() == 784);
  REQUIRE(result.images.pixels.size() == 3 * 784);
  CHECK(result.images.pixels[2000] == 2000 % 251);
}

TEST_CASE("files are found as unpackers and copies leave them") {
  const test::TemporaryFolder folder;
  const auto write = [&](const std::string& image_file, const std::string& label_file) {
    for (const std::string& name : {image_file, label_file}) {
      std::filesystem::create_directories((folder / name).parent_path());
    }
    folder.write(image_file, images(3));
    folder.write(label_file, labels({4, 0, 9}));
  };
  SUBCASE("a dot before idx") { write("train-images.idx3-ubyte", "train-labels.idx1-ubyte"); }
  SUBCASE("capital letters") { write("TRAIN-IMAGES-IDX3-UBYTE", "Train-Labels-idx1-ubyte"); }
  SUBCASE("each in a folder of its name") {
    write("train-images-idx3-ubyte/train-images-idx3-ubyte", "train-labels-idx1-ubyte/train-labels-idx1-ubyte");
  }
  SUBCASE("where torchvision puts them") {
    write("FashionMNIST/raw/train-images-idx3-ubyte", "FashionMNIST/raw/train-labels-idx1-ubyte");
  }
  const LabelledImagesResult result = read_idx_images(folder.path(), "train");
  CHECK(result.error == "");
  CHECK(result.images.labels == std::vector<Label>{4, 0, 9});
}

TEST_CASE("MNIST is read under its own name") {
  const test::TemporaryFolder folder;
  const std::string place = folder.path().string();
  const std::string missing = load_dataset({"mnist", place}).error;
  CHECK(missing.find("; root names the folder of its four files, or the one that torchvision has made") !=
        std::string::npos);
  std::filesystem::create_directories(folder / "MNIST/raw");
  for (const char* stem : {"train", "t10k"}) {
    folder.write(std::string("MNIST/raw/") + stem + "-images-idx3-ubyte", images(3));
    folder.write(std::string("MNIST/raw/") + stem + "-labels-idx1-ubyte", labels({4, 0, 9}));
  }
  const DatasetResult read = load_dataset({"mnist", place});
  REQUIRE(read.error == "");
  CHECK(read.dataset->train.labels == std::vector<Label>{4, 0, 9});
  CHECK(read.dataset->test.shape == std::vector<std::int64_t>{1, 28, 28});
}

TEST_CASE("a file that is missing or no file is named") {
  Files files;
  std::filesystem::remove(files.path(kLabels));
  CHECK(files.error() == "there is no file " + files.path(kLabels));
  std::filesystem::create_directory(files.path(kLabels));
  CHECK(files.error() == files.path(kLabels) + " is a folder, not a file");
  CHECK(read_idx_images("/dev/null", "train").error == "/dev/null is not a folder");
}

TEST_CASE("a file that ends too early is truncated, whatever its header promises") {
  Files files;
  const Bytes whole = packed(images(3));
  SUBCASE("the packed file") { files.write(kImages, first(whole, whole.size() / 2)); }
  SUBCASE("its checksum") { files.write(kImages, first(whole, whole.size() - 4)); }
  SUBCASE("its content") { files.write(kImages, packed(first(images(3), 16 + 784 * 3 - 1))); }
  SUBCASE("its header") { files.write(kImages, packed(first(images(3), 15))); }
  SUBCASE("an empty file") { files.write(kImages, {}); }
  CHECK(files.error() == files.path(kImages) + " is truncated");
}

TEST_CASE("a promise of more samples than the file can hold reserves no memory") {
  Files files;
  Bytes bytes = images(3);
  for (std::size_t i = 4; i < 8; ++i) bytes[i] = 0xff;
  files.write(kImages, packed(bytes));
  CHECK(files.error() == files.path(kImages) + " is too small for the 4294967295 samples of its header");
}

TEST_CASE("damaged gzip files are refused") {
  Files files;
  Bytes bytes = packed(images(3));
  SUBCASE("the checksum") { bytes[bytes.size() - 6] ^= 1U; }
  SUBCASE("the content") {
    for (std::size_t i = 12; i < 60; ++i) bytes[i] = 0xff;
  }
  files.write(kImages, bytes);
  CHECK(files.error() == files.path(kImages) + " is not a whole gzip file");
}

TEST_CASE("headers that do not fit are refused") {
  Files files;
  SUBCASE("labels in place of images") {
    files.write(kImages, packed(labels(Bytes(20, 1))));
    CHECK(files.error() == files.path(kImages) + " does not begin as an IDX file of images");
  }
  SUBCASE("images in place of labels") {
    files.write(kLabels, packed(images(3)));
    CHECK(files.error() == files.path(kLabels) + " does not begin as an IDX file of labels");
  }
  SUBCASE("another size of images") {
    files.write(kImages, packed(images(3, 32, 28)));
    CHECK(files.error() == files.path(kImages) + " has images of 32x28 pixels where 28x28 are expected");
  }
  SUBCASE("no images") {
    files.write(kImages, packed(images(0)));
    CHECK(files.error() == files.path(kImages) + " has no samples");
  }
  SUBCASE("more bytes than promised") {
    Bytes bytes = images(3);
    bytes.push_back(0);
    files.write(kImages, packed(bytes));
    CHECK(files.error() == files.path(kImages) + " has more bytes than its header says");
  }
}

TEST_CASE("labels must be as many as the images and at most 9") {
  Files files;
  files.write(kLabels, packed(labels({4, 0})));
  CHECK(files.error() == files.path(kLabels) + " has 2 labels for the 3 images of " + files.path(kImages));
  files.write(kLabels, packed(labels({4, 10, 1})));
  CHECK(files.error() == files.path(kLabels) + " has a label 10 where 0 to 9 are expected");
}

}  // namespace
}  // namespace tardigrad
