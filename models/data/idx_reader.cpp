#include "models/data/idx_reader.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "models/files/regular_file.hpp"
#include "models/files/user_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kImagesMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr std::uint32_t kLabelsMagic = 0x00000801;  // unsigned bytes, one dimension
constexpr std::uint32_t kSide = 28;
constexpr std::int64_t kClasses = 10;
/// Greater than deflate can achieve: one bit for a match of 258 bytes.
constexpr std::uint64_t kGreatestCompression = 2064;

/// The unpacked content of one file, front to back. zlib also reads files that are not packed.
class UnpackedFile {
 public:
  explicit UnpackedFile(fs::path path) : path_(std::move(path)), file_(gzopen(path_.c_str(), "rb")) {
    if (!file_) throw Unusable(fmt::format("cannot open {}: {}", path_.string(), reason_of_system()));
  }
  ~UnpackedFile() { gzclose(file_); }
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;

  /// The greatest size of the content by the file's; after the first `read`.
  std::uint64_t greatest_factor() const { return gzdirect(file_) != 0 ? 1 : kGreatestCompression; }

  /// Reads exactly `size` bytes.
  void read(std::uint8_t* to, std::size_t size) {
    constexpr std::size_t kMost = 1U << 30;
    while (size > 0) {
      const int got = gzread(file_, to, static_cast<unsigned>(std::min(size, kMost)));
      if (got <= 0) fail(got);
      to += got;
      size -= static_cast<std::size_t>(got);
    }
  }

  /// Checks that no bytes are left and that all were intact: reading on makes zlib compare checksums.
  void expect_end() {
    std::uint8_t more = 0;
    const int got = gzread(file_, &more, 1);
    if (got > 0) throw Unusable(fmt::format("{} has more bytes than its header says", path_.string()));
    if (got < 0 || damaged()) fail(got);
  }

 private:
  bool damaged() const {
    int code = Z_OK;
    gzerror(file_, &code);
    return code != Z_OK && code != Z_STREAM_END;
  }

  [[noreturn]] void fail(int got) {
    int code = Z_OK;
    gzerror(file_, &code);
    const bool truncated = code == Z_BUF_ERROR || (got == 0 && !damaged());
    const std::string path = path_.string();
    throw Unusable(truncated         ? fmt::format("{} is truncated", path)
                   : code == Z_ERRNO ? fmt::format("cannot read {}: {}", path, reason_of_system())
                                     : fmt::format("{} is not a whole gzip file", path));
  }

  fs::path path_;
  gzFile file_;
};

struct Bytes1D {
  fs::path path;
  std::uint32_t count = 0;  ///< first dimension in the header
  std::vector<std::uint8_t> bytes;
};

std::uint32_t big_endian(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

/// The names that the files of a part have by themselves, packed and unpacked, and those that some unpackers
/// give them.
std::vector<std::string> names_of(const std::string& part, const std::string& kind) {
  std::vector<std::string> names;
  for (const char* sign : {"-", "."}) {
    for (const char* end : {".gz", ""}) names.push_back(fmt::format("{}{}{}{}", part, sign, kind, end));
  }
  return names;
}

/// Some unpackers put every file into a folder of its name.
fs::path file_in(const fs::path& folder, const std::vector<std::string>& names) {
  const fs::path found = first_in(folder, names);
  if (found.empty()) throw Missing(fmt::format("there is no file {}", (folder / names.front()).string()));
  std::error_code ignored;
  const fs::path inside = fs::is_directory(found, ignored) ? first_in(found, names) : fs::path();
  return inside.empty() ? found : inside;
}

/// The mistake in an IDX header of this many dimensions; empty if there is none.
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

Bytes1D read_idx(const fs::path& path, std::uint32_t magic) {
  const std::uint64_t on_disk = size_of_file(path);
  UnpackedFile file(path);
  std::vector<std::uint8_t> header(magic == kImagesMagic ? 16 : 8);
  file.read(header.data(), header.size());
  if (const std::string wrong = header_error(header, magic); !wrong.empty()) {
    throw Unusable(fmt::format("{} {}", path.string(), wrong));
  }
  const std::uint32_t count = big_endian(header.data() + 4);
  const std::uint64_t size = std::uint64_t{count} * (magic == kImagesMagic ? kSide * kSide : 1);
  if (size > on_disk * file.greatest_factor()) {
    throw Unusable(fmt::format("{} is too small for the {} samples of its header", path.string(), count));
  }
  Bytes1D content{path, count, std::vector<std::uint8_t>(size)};
  file.read(content.bytes.data(), content.bytes.size());
  file.expect_end();
  return content;
}

LabelledImages read_part(const fs::path& folder, const std::string& stem) {
  Bytes1D images = read_idx(file_in(folder, names_of(stem + "-images", "idx3-ubyte")), kImagesMagic);
  const Bytes1D labels = read_idx(file_in(folder, names_of(stem + "-labels", "idx1-ubyte")), kLabelsMagic);
  if (labels.count != images.count) {
    throw Unusable(fmt::format("{} has {} labels for the {} images of {}", labels.path.string(), labels.count,
                               images.count, images.path.string()));
  }
  const std::uint8_t largest = *std::max_element(labels.bytes.begin(), labels.bytes.end());
  if (largest >= kClasses) {
    throw Unusable(fmt::format("{} has a label {} where 0 to 9 are expected", labels.path.string(), largest));
  }
  return {{1, kSide, kSide}, std::move(images.bytes), {labels.bytes.begin(), labels.bytes.end()}};
}

/// The folder itself, or the folder below it in which torchvision puts the files.
fs::path folder_of_files(const fs::path& folder) {
  for (const char* below : {"FashionMNIST/raw", "MNIST/raw", "raw"}) {
    std::error_code ignored;
    if (fs::is_directory(folder / below, ignored)) return folder / below;
  }
  return folder;
}

}  // namespace

LabelledImagesResult read_idx_images(const fs::path& folder, const std::string& stem) {
  try {
    return {read_part(folder_of_files(folder), stem), ""};
  } catch (const Unusable& problem) {
    return {{}, problem.what(), dynamic_cast<const Missing*>(&problem) != nullptr};
  }
}

DatasetResult read_mnist(const fs::path& folder) {
  LabelledImagesResult train = read_idx_images(folder, "train");
  if (!train.error.empty()) return {nullptr, train.error, train.is_missing};
  LabelledImagesResult test = read_idx_images(folder, "t10k");
  if (!test.error.empty()) return {nullptr, test.error, test.is_missing};
  return {dataset_of(std::move(train.images), std::move(test.images), kClasses), ""};
}

}  // namespace tardigrad
