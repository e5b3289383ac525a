#include "models/image_folder_reader.hpp"

#include <doctest/doctest.h>
#include <png.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <variant>
#include <vector>

// Needs <cstdio> before it.
#include <jpeglib.h>

#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

struct Picture {
  std::uint32_t height;
  std::uint32_t width;
  bool is_coloured;
  std::vector<std::uint8_t> pixels;
};

Picture flat(std::uint8_t value, bool is_coloured = false, std::uint32_t height = 8, std::uint32_t width = 6) {
  return {height, width, is_coloured, std::vector<std::uint8_t>(height * width * (is_coloured ? 3 : 1), value)};
}

class Folder {
 public:
  void png(const std::string& name, const Picture& picture) const {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = picture.is_coloured ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    REQUIRE(png_image_write_to_file(&image, place(name).c_str(), 0, picture.pixels.data(), 0, nullptr) != 0);
  }

  void jpeg(const std::string& name, const Picture& picture) const {
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    std::FILE* file = std::fopen(place(name).c_str(), "wb");
    jpeg_stdio_dest(&jpeg, file);
    jpeg.image_width = picture.width;
    jpeg.image_height = picture.height;
    jpeg.input_components = picture.is_coloured ? 3 : 1;
    jpeg.in_color_space = picture.is_coloured ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    for (std::uint32_t row = 0; row < picture.height; ++row) {
      auto* begin = const_cast<JSAMPROW>(picture.pixels.data() + row * picture.width * jpeg.input_components);
      jpeg_write_scanlines(&jpeg, &begin, 1);
    }
    jpeg_finish_compress(&jpeg);
    std::fclose(file);
    jpeg_destroy_compress(&jpeg);
  }

  void text(const std::string& name, const std::string& content) const {
    place(name);
    folder_.write(name, content);
  }

  fs::path place(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    return folder_ / name;
  }

  DatasetResult read() const { return read_image_folder(folder_.path()); }
  /// Without the folder's name.
  std::string error() const {
    const DatasetResult result = read();
    CHECK(!result.dataset);
    std::string error = result.error;
    const std::string prefix = folder_.path().string() + "/";
    for (auto at = error.find(prefix); at != std::string::npos; at = error.find(prefix)) error.erase(at, prefix.size());
    return error;
  }
  const test::TemporaryFolder& folder() const { return folder_; }

 private:
  test::TemporaryFolder folder_;
};

/// Two classes of grey pictures.
void fill(const Folder& folder) {
  folder.png("train/cat/b.png", flat(20));
  folder.png("train/cat/a.png", flat(10));
  folder.png("train/dog/a.PNG", flat(30));
  folder.png("test/dog/a.png", flat(40));
}

TEST_CASE("classes are the training set's folders by name, samples its files by name") {
  const Folder folder;
  fill(folder);
  folder.text("train/cat/notes.txt", "not a picture");
  folder.text("train/cat/.hidden.png", "nor this");
  const DatasetResult result = folder.read();
  REQUIRE_MESSAGE(result.dataset, result.error);
  const Dataset& dataset = *result.dataset;
  CHECK(dataset.classes == 2);
  CHECK(dataset.train.shape == std::vector<std::int64_t>{1, 8, 6});
  CHECK(dataset.train.labels == std::vector<Label>{0, 0, 1});
  CHECK(dataset.test.labels == std::vector<Label>{1});
  const Pixels& pixels = std::get<Pixels>(dataset.train.inputs);
  REQUIRE(pixels.size() == 3 * 48);
  CHECK(pixels[0] == 10);
  CHECK(pixels[48] == 20);
  CHECK(pixels[143] == 30);
}

TEST_CASE("one coloured picture makes all of them coloured; JPEG is read as well") {
  const Folder folder;
  fill(folder);
  Picture red = flat(0, true);
  for (std::size_t p = 0; p < red.pixels.size(); p += 3) red.pixels[p] = 250;
  folder.jpeg("test/cat/red.jpeg", red);
  folder.jpeg("train/dog/grey.jpg", flat(77));
  const DatasetResult result = folder.read();
  REQUIRE_MESSAGE(result.dataset, result.error);
  CHECK(result.dataset->train.shape == std::vector<std::int64_t>{3, 8, 6});
  const Pixels& train = std::get<Pixels>(result.dataset->train.inputs);
  CHECK(std::vector<std::uint8_t>(train.begin(), train.begin() + 3) == std::vector<std::uint8_t>{10, 10, 10});
  CHECK(std::abs(train.back() - 77) <= 1);
  const Pixels& test = std::get<Pixels>(result.dataset->test.inputs);
  CHECK(std::abs(test[0] - 250) <= 3);
  CHECK(test[1] <= 3);
}

TEST_CASE("a folder that is no data set is refused in one sentence") {
  const Folder folder;
  CHECK(folder.error() == "there is no folder train");
  fs::create_directories(folder.folder() / "train");
  CHECK(folder.error() == "train has no folders: expected one for each class");
  fill(folder);
  SUBCASE("sizes") {
    folder.png("test/dog/b.png", flat(1, false, 8, 7));
    CHECK(folder.error() ==
          "test/dog/b.png has 8x7 pixels where train/cat/a.png has 8x6: expected pictures of one size");
  }
  SUBCASE("an unknown class") {
    folder.png("test/cow/a.png", flat(1));
    CHECK(folder.error() == "test/cow is of a class that the training set does not have");
  }
  SUBCASE("an empty class") {
    fs::create_directories(folder.folder() / "train/cow");
    CHECK(folder.error() == "train/cow has no pictures: expected .png or .jpg files");
  }
  SUBCASE("no picture at all") {
    folder.text("test/dog/b.png", "hello");
    CHECK(folder.error().find("test/dog/b.png is no picture that can be decoded: ") == 0);
  }
  SUBCASE("an empty file") {
    folder.text("test/dog/b.png", "");
    CHECK(folder.error().find("test/dog/b.png is no picture that can be decoded: ") == 0);
  }
}

TEST_CASE("a picture that is cut off is refused, PNG or JPEG") {
  for (const char* name : {"test/dog/b.png", "test/dog/b.jpg"}) {
    CAPTURE(name);
    const Folder folder;
    fill(folder);
    Picture noisy = flat(0, false, 8, 6);
    for (std::size_t p = 0; p < noisy.pixels.size(); ++p) noisy.pixels[p] = static_cast<std::uint8_t>(p * 97);
    if (std::string(name).back() == 'g' && std::string(name).find("png") != std::string::npos) {
      folder.png(name, noisy);
    } else {
      folder.jpeg(name, noisy);
    }
    REQUIRE(folder.read().error == "");
    const std::string whole = test::content_of(folder.folder() / name);
    for (std::size_t size = 1; size + 20 < whole.size(); size += 7) {
      folder.text(name, whole.substr(0, size));
      CHECK(folder.error().find(std::string(name) + " is no picture that can be decoded: ") == 0);
    }
  }
}

}  // namespace
}  // namespace tardigrad
