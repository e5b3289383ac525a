#include "models/idx_reader.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "models/regular_file.hpp"

namespace tardigrad {
namespace {

constexpr std::uint32_t kImagesMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr std::uint32_t kLabelsMagic = 0x00000801;  // unsigned bytes, one dimension
constexpr std::uint32_t kSide = 28;
constexpr std::int64_t kClasses = 10;
/// More than deflate can achieve: one bit a match of 258 bytes.
constexpr std::uint64_t kGreatestCompression = 2064;

/// The unpacked content of one file, front to back. zlib passes files that are not packed through.
class UnpackedFile {
 public:
  explicit UnpackedFile(std::filesystem::path path) : path_(std::move(path)), file_(gzopen(path_.c_str(), "rb")) {}
  ~UnpackedFile() {
    if (file_) gzclose(file_);
  }
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;

  bool is_open() const { return file_ != nullptr; }
  const std::filesystem::path& path() const { return path_; }

  /// Exactly `size` bytes; otherwise false, and `error()` says why.
  bool read(std::uint8_t* to, std::size_t size) {
    constexpr std::size_t kMost = 1U << 30;
    while (size > 0) {
      const int got = gzread(file_, to, static_cast<unsigned>(std::min(size, kMost)));
      if (got <= 0) return fail(got);
      to += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  }

  /// Whether nothing is left, and what was read was whole: reading on makes zlib compare checksums.
  bool ends() {
    std::uint8_t more = 0;
    const int got = gzread(file_, &more, 1);
    if (got == 0 && !damaged()) return true;
    if (got <= 0) return fail(got);
    error_ = fmt::format("{} has more bytes than its header says", path_.string());
    return false;
  }

  const std::string& error() const { return error_; }

 private:
  bool damaged() const {
    int code = Z_OK;
    gzerror(file_, &code);
    return code != Z_OK && code != Z_STREAM_END;
  }

  bool fail(int got) {
    int code = Z_OK;
    gzerror(file_, &code);
    const bool truncated = code == Z_BUF_ERROR || (got == 0 && !damaged());
    error_ = truncated         ? fmt::format("{} is truncated", path_.string())
             : code == Z_ERRNO ? fmt::format("cannot read {}", path_.string())
                               : fmt::format("{} is not a whole gzip file", path_.string());
    return false;
  }

  std::filesystem::path path_;
  gzFile file_;
  std::string error_;
};

struct Bytes1D {
  std::filesystem::path path;
  std::uint32_t count = 0;  ///< what the header says, the first dimension
  std::vector<std::uint8_t> bytes;
  std::string error;
};

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

std::filesystem::path packed_or_plain(const std::filesystem::path& plain) {
  std::filesystem::path packed = plain;
  packed += ".gz";
  std::error_code ignored;
  return !std::filesystem::exists(packed, ignored) && std::filesystem::exists(plain, ignored) ? plain : packed;
}

/// Empty, or what is wrong with an IDX header of this many dimensions.
std::string header_error(const std::vector<std::uint8_t>& header, std::uint32_t magic) {
  if (big_endian(header.data()) != magic) {
    return fmt::format("does not begin as an IDX file of {}", magic == kImagesMagic ? "images" : "labels");
  }
  if (big_endian(header.data() + 4) == 0) return "has no samples";
  if (magic == kLabelsMagic) return "";
  const std::uint32_t rows = big_endian(header.data() + 8);
  const std::uint32_t columns = big_endian(header.data() + 12);
  if (rows == kSide && columns == kSide) return "";
  return fmt::format("has images of {}x{} pixels where {}x{} are expected", rows, columns, kSide, kSide);
}

Bytes1D read_idx(const std::filesystem::path& plain, std::uint32_t magic) {
  Bytes1D result;
  result.path = packed_or_plain(plain);
  const RegularFile on_disk = regular_file(result.path);
  result.error = on_disk.error;
  if (!result.error.empty()) return result;
  UnpackedFile file(result.path);
  if (!file.is_open()) {
    result.error = fmt::format("cannot open {}", result.path.string());
    return result;
  }
  std::vector<std::uint8_t> header(magic == kImagesMagic ? 16 : 8);
  if (!file.read(header.data(), header.size())) {
    result.error = file.error();
    return result;
  }
  if (const std::string wrong = header_error(header, magic); !wrong.empty()) {
    result.error = fmt::format("{} {}", result.path.string(), wrong);
    return result;
  }
  result.count = big_endian(header.data() + 4);
  const std::uint64_t size = std::uint64_t{result.count} * (magic == kImagesMagic ? kSide * kSide : 1);
  if (size > on_disk.size * kGreatestCompression) {
    result.error = fmt::format("{} is too small for the {} samples of its header", result.path.string(), result.count);
    return result;
  }
  result.bytes.resize(size);
  if (!file.read(result.bytes.data(), result.bytes.size()) || !file.ends()) result.error = file.error();
  return result;
}

}  // namespace

LabelledImagesResult read_idx_images(const std::filesystem::path& folder, const std::string& stem) {
  LabelledImagesResult result;
  Bytes1D images = read_idx(folder / (stem + "-images-idx3-ubyte"), kImagesMagic);
  result.error = images.error;
  if (!result.error.empty()) return result;
  Bytes1D labels = read_idx(folder / (stem + "-labels-idx1-ubyte"), kLabelsMagic);
  result.error = labels.error;
  if (!result.error.empty()) return result;
  if (labels.count != images.count) {
    result.error = fmt::format("{} has {} labels for the {} images of {}", labels.path.string(), labels.count,
                               images.count, images.path.string());
    return result;
  }
  const std::uint8_t largest = *std::max_element(labels.bytes.begin(), labels.bytes.end());
  if (largest >= kClasses) {
    result.error = fmt::format("{} has a label {} where 0 to 9 are expected", labels.path.string(), largest);
    return result;
  }
  result.images = {{1, kSide, kSide}, std::move(images.bytes), {labels.bytes.begin(), labels.bytes.end()}};
  return result;
}

DatasetResult read_fashion_mnist(const std::filesystem::path& folder) {
  LabelledImagesResult train = read_idx_images(folder, "train");
  if (!train.error.empty()) return {nullptr, train.error};
  LabelledImagesResult test = read_idx_images(folder, "t10k");
  if (!test.error.empty()) return {nullptr, test.error};
  return {dataset_of(std::move(train.images), std::move(test.images), kClasses), ""};
}

}  // namespace tardigrad
