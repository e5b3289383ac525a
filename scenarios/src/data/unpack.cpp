#include "scenarios/src/data/unpack.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <system_error>
#include <vector>

#include "models/printable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 64 << 10;

bool leads_out(const fs::path& path) {
  return path.empty() || path.is_absolute() ||
         std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

class Unpacking {
 public:
  Unpacking(const fs::path& folder, std::uint64_t most_bytes) : folder_(folder), left_(most_bytes) {
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip(archive_.get());
  }

  std::string unpack(const fs::path& file) {
    if (archive_read_open_filename(archive_.get(), file.c_str(), kBlock) != ARCHIVE_OK) return reason();
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) return {};
      if (code != ARCHIVE_OK) return reason();
      if (std::string problem = take(entry); !problem.empty()) return problem;
    }
  }

 private:
  std::string reason() const {
    const char* text = archive_error_string(archive_.get());
    return text ? printable(text) : "it is not a whole archive";
  }

  std::string take(archive_entry* entry) {
    const char* const name = archive_entry_pathname(entry);
    const fs::path path(name ? name : "");
    const std::string shown = printable(path.string());
    if (leads_out(path)) return fmt::format("\"{}\" in it leads out of the archive", shown);
    const bool is_folder = archive_entry_filetype(entry) == AE_IFDIR;
    if (!is_folder && (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry))) {
      return fmt::format("\"{}\" in it is neither a file nor a folder", shown);
    }
    std::error_code failed;
    fs::create_directories(folder_ / (is_folder ? path : path.parent_path()), failed);
    if (failed) return fmt::format("{}: {}", (folder_ / path).string(), failed.message());
    return is_folder ? std::string() : write(folder_ / path);
  }

  std::string write(const fs::path& path) {
    std::ofstream file(path, std::ios::binary);
    for (;;) {
      const la_ssize_t count = archive_read_data(archive_.get(), block_.data(), block_.size());
      if (count < 0) return reason();
      if (count == 0) break;
      if (static_cast<std::uint64_t>(count) > left_) return "unpacked it is larger than expected";
      left_ -= static_cast<std::uint64_t>(count);
      file.write(block_.data(), count);
    }
    return file.flush() ? std::string() : fmt::format("{}: cannot write", path.string());
  }

  fs::path folder_;
  std::uint64_t left_;
  std::vector<char> block_ = std::vector<char>(kBlock);
  std::unique_ptr<archive, int (*)(archive*)> archive_{archive_read_new(), archive_read_free};
};

}  // namespace

std::string unpack(const fs::path& archive, const fs::path& folder, std::uint64_t most_bytes) {
  return Unpacking(folder, most_bytes).unpack(archive);
}

}  // namespace tardigrad
