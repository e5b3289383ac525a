#include "models/data/image_folder_reader.hpp"

#include <doctest/doctest.h>
#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
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

using Bytes = std::vector<std::uint8_t>;

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& content, std::uint32_t checksum_error = 0) {
  const std::string sum = type + content;
  const auto checksum = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(sum.data()), sum.size()));
  return big_endian(static_cast<std::uint32_t>(content.size())) + sum + big_endian(checksum ^ checksum_error);
}

std::string deflated(const std::string& text) {
  std::string packed(compressBound(text.size()), '\0');
  uLongf size = packed.size();
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  return packed.substr(0, size);
}

/// A PNG written by hand: libpng's own writer is too orderly.
struct PngFile {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  char depth = 8;
  char colour_type = 0;
  std::string rows;   ///< each after its filter, 0
  std::string extra;  ///< chunks before the picture's
  std::uint32_t checksum_error = 0;
  bool is_split = false;  ///< the picture over two chunks, of which the first has the wrong checksum

  std::string bytes() const {
    const std::string packed = deflated(rows);
    const std::size_t first = is_split ? packed.size() / 2 : packed.size();
    return "\x89PNG\r\n\x1a\n" +
           chunk("IHDR", big_endian(width) + big_endian(height) + depth + colour_type + std::string(3, '\0')) + extra +
           chunk("IDAT", packed.substr(0, first), checksum_error) +
           (is_split ? chunk("IDAT", packed.substr(first)) : "") + chunk("IEND", "");
  }
};

/// The pixels of a folder in which this is the picture of the only class; the test set has another one of its size.
Bytes pixels_of(const std::string& bytes, const std::string& name = "a.png") {
  const Folder folder;
  folder.text("train/all/" + name, bytes);
  folder.text("test/all/" + name, bytes);
  const DatasetResult result = folder.read();
  REQUIRE_MESSAGE(result.dataset, result.error);
  return std::get<Pixels>(result.dataset->train.inputs);
}

TEST_CASE("16 bits are read as their upper 8, whatever the file says of gamma and profiles") {
  const Bytes values = {0, 1, 3, 0x74, 0xfe, 0xff};
  std::string row8(1, '\0'), row16(1, '\0'), coloured(1, '\0');
  for (const std::uint8_t value : values) {
    row8 += static_cast<char>(value);
    row16 += std::string(2, static_cast<char>(value));
    for (int c = 0; c < 3; ++c) coloured += std::string(2, static_cast<char>(value + c));
  }
  const std::string linear = chunk("gAMA", big_endian(100000)), usual = chunk("gAMA", big_endian(45455));
  const std::string profile = chunk("iCCP", std::string("x\0\0", 3) + deflated("no profile"));
  for (const std::string& extra : {std::string(), linear, usual, chunk("sRGB", std::string(1, '\0')), profile}) {
    CHECK(pixels_of(PngFile{6, 1, 8, 0, row8, extra}.bytes()) == values);
    CHECK(pixels_of(PngFile{6, 1, 16, 0, row16, extra}.bytes()) == values);
    const Bytes three = pixels_of(PngFile{6, 1, 16, 2, coloured, extra}.bytes());
    REQUIRE(three.size() == 18);
    CHECK(Bytes(three.begin() + 9, three.begin() + 12) == Bytes{0x74, 0x75, 0x76});
  }
  row16[2 * 3 + 2] = static_cast<char>(0xff);  // 0x74ff
  CHECK(pixels_of(PngFile{6, 1, 16, 0, row16, ""}.bytes()) == values);
}

TEST_CASE("alpha is left out, palettes are their colours, few bits are spread over eight") {
  CHECK(pixels_of(PngFile{2, 1, 8, 6, std::string("\0\x0a\x14\x1e\0\x28\x32\x3c\x80", 9), ""}.bytes()) ==
        Bytes{10, 20, 30, 40, 50, 60});
  CHECK(pixels_of(PngFile{2, 1, 8, 4, std::string("\0\x0a\0\x14\x80", 5), ""}.bytes()) == Bytes{10, 20});
  const std::string palette = chunk("PLTE", "\x01\x02\x03\x04\x05\x06") + chunk("tRNS", std::string(1, '\0'));
  CHECK(pixels_of(PngFile{2, 1, 1, 3, std::string("\0\x40", 2), palette}.bytes()) == Bytes{1, 2, 3, 4, 5, 6});
  CHECK(pixels_of(PngFile{2, 1, 1, 0, std::string("\0\x40", 2), ""}.bytes()) == Bytes{0, 255});
  CHECK(pixels_of(PngFile{4, 1, 2, 0, std::string("\0\x1b", 2), ""}.bytes()) == Bytes{0, 85, 170, 255});
}

TEST_CASE("small irregularities of a PNG are forgiven, as by others") {
  const PngFile file{3, 2, 8, 0, std::string("\0\x01\x02\x03\0\x04\x05\x06", 8), ""};
  const Bytes expected = {1, 2, 3, 4, 5, 6};
  const std::string whole = file.bytes();
  CHECK(pixels_of(whole + "something else") == expected);
  CHECK(pixels_of(whole.substr(0, whole.size() - 12)) == expected);  // no IEND
  CHECK(pixels_of(whole.substr(0, whole.size() - 16)) == expected);  // nor the picture's checksum
  PngFile wrong = file;
  wrong.checksum_error = 1;
  wrong.is_split = true;
  CHECK(pixels_of(wrong.bytes()) == expected);
  wrong = file;
  wrong.extra = chunk("tEXt", "a comment", 1);
  CHECK(pixels_of(wrong.bytes()) == expected);
  CHECK(pixels_of(whole, "a.jpg") == expected);
  CHECK(pixels_of(whole, "a.JPEG") == expected);
}

TEST_CASE("small irregularities of a JPEG are forgiven, its end must be there") {
  const Folder folder;
  Picture noisy = flat(0, true, 16, 16);
  for (std::size_t p = 0; p < noisy.pixels.size(); ++p) noisy.pixels[p] = static_cast<std::uint8_t>(p * 97);
  folder.jpeg("a.jpg", noisy);
  const std::string whole = test::content_of(folder.folder() / "a.jpg");
  const Bytes expected = pixels_of(whole, "a.jpg");
  CHECK(pixels_of(whole + "something else", "a.jpg") == expected);
  CHECK(pixels_of(whole.substr(0, whole.size() - 2) + std::string(100, 'e') + whole.substr(whole.size() - 2),
                  "a.JPG") == expected);
  for (const std::size_t missing : {1, 2, 3, 40}) {
    Folder cut;
    cut.text("train/all/a.jpg", whole.substr(0, whole.size() - missing));
    cut.text("test/all/a.jpg", whole);
    CHECK(cut.error().find("train/all/a.jpg is no picture that can be decoded: ") == 0);
  }
}

TEST_CASE("four inks become three colours") {
  const Folder folder;
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  std::FILE* file = std::fopen(folder.place("inks.jpg").c_str(), "wb");
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = jpeg.image_height = 8;
  jpeg.input_components = 4;
  jpeg.in_color_space = JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  // Complements, as everybody writes them: no cyan, some magenta and yellow, a fifth of black.
  Bytes row;
  for (int x = 0; x < 8; ++x) row.insert(row.end(), {255, 155, 55, 204});
  for (int y = 0; y < 8; ++y) {
    JSAMPROW begin = row.data();
    jpeg_write_scanlines(&jpeg, &begin, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::fclose(file);
  jpeg_destroy_compress(&jpeg);
  const Bytes pixels = pixels_of(test::content_of(folder.folder() / "inks.jpg"), "inks.jpg");
  REQUIRE(pixels.size() == 3 * 64);
  CHECK(Bytes(pixels.begin(), pixels.begin() + 3) == Bytes{204, 124, 44});
}

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

TEST_CASE("one coloured picture makes all of them coloured, JPEG is read as well") {
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
    CHECK(folder.error() == "test/dog/b.png is empty: expected PNG or JPEG");
  }
}

TEST_CASE("what file managers and unpackers leave is passed over") {
  const Folder folder;
  fill(folder);
  for (const char* left : {"train/.DS_Store", "train/cat/Thumbs.db", "train/cat/desktop.ini", "train/cat/._a.png",
                           "train/__MACOSX/cat/a.png", "train/dog/__MACOSX/a.png"}) {
    folder.text(left, "not a picture");
  }
  const DatasetResult result = folder.read();
  REQUIRE_MESSAGE(result.dataset, result.error);
  CHECK(result.dataset->classes == 2);
  CHECK(read_image_folder(folder.folder().path().parent_path() / "nowhere").is_missing);
}

TEST_CASE("a folder around the only folder will do") {
  const Folder folder;
  for (const char* name : {"pets/train/cat/a.png", "pets/test/cat/a.png"}) folder.png(name, flat(10));
  folder.text("__MACOSX/pets/train/a.png", "");
  CHECK(folder.read().error == "");
}

TEST_CASE("pictures of other formats are named, by content and not by name") {
  const std::pair<std::string, std::string> others[] = {
      {"GIF89a...", "a GIF picture, expected PNG or JPEG: convert it first, with PIL for example"},
      {"BM......", "a BMP picture, expected PNG or JPEG: convert it first, with PIL for example"},
      {"RIFF....WEBPVP8 ", "a WebP picture, expected PNG or JPEG: convert it first, with PIL for example"},
      {std::string("II*\0....", 8), "a TIFF picture, expected PNG or JPEG: convert it first, with PIL for example"},
      {"<!DOCTYPE html>", "a text, such as a page of the web, expected PNG or JPEG: its download went wrong"},
      {"version https://git-lfs.github.com/spec/v1\n",
       "a pointer of Git LFS, expected PNG or JPEG: git lfs pull gets the picture itself"}};
  for (const auto& [content, what] : others) {
    for (const char* name : {"train/cat/x.webp", "train/cat/x.jpg", "train/cat/x.GIF"}) {
      const Folder folder;
      fill(folder);
      folder.text(name, content);
      CHECK(folder.error() == std::string(name) + " is " + what);
    }
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
