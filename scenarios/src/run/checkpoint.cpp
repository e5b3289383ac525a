#include "scenarios/src/run/checkpoint.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "scenarios/src/scenario/travelling_scenario.hpp"
#include "scenarios/src/system/open_file.hpp"

namespace tardigrad {

namespace fs = std::filesystem;

namespace {

constexpr std::array<char, 8> kMagic = {'t', 'a', 'r', 'd', 'i', 'g', 'c', 'k'};
/// To be increased with every change of the saved state.
constexpr std::uint32_t kFormat = 13;
constexpr std::size_t kBlock = std::size_t{1} << 16;

struct Preamble {
  std::array<char, 8> magic = kMagic;
  std::uint32_t format = kFormat;
  std::uint32_t checksum = 0;
  std::uint64_t size = 0;
};
static_assert(sizeof(Preamble) == 24);

std::uint32_t checksum(std::uint32_t before, const void* bytes, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(before, static_cast<const Bytef*>(bytes), size));
}

/// Writes behind a preamble that is filled in at the end.
class FileSink final : public ByteSink {
 public:
  explicit FileSink(const fs::path& path) : file_(std::fopen(path.c_str(), "wb")) { put(&preamble_, sizeof preamble_); }

  void write(const void* bytes, std::size_t size) override {
    const auto* first = static_cast<const char*>(bytes);
    block_.insert(block_.end(), first, first + size);
    if (block_.size() >= kBlock) flush();
  }

  /// True if everything is on disk.
  bool finish() {
    flush();
    if (!failed_) failed_ = std::fseek(file_.get(), 0, SEEK_SET) != 0;
    put(&preamble_, sizeof preamble_);
    if (!failed_) failed_ = std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0;
    if (file_) failed_ = std::fclose(file_.release()) != 0 || failed_;
    return !failed_;
  }

 private:
  void flush() {
    preamble_.checksum = checksum(preamble_.checksum, block_.data(), block_.size());
    preamble_.size += block_.size();
    put(block_.data(), block_.size());
    block_.clear();
  }
  void put(const void* bytes, std::size_t size) {
    if (!failed_) failed_ = !file_ || std::fwrite(bytes, 1, size, file_.get()) != size;
  }

  OpenFile file_;
  Preamble preamble_;
  std::vector<char> block_;
  bool failed_ = false;
};

class FileSource final : public ByteSource {
 public:
  FileSource(OpenFile file, std::uint64_t size) : file_(std::move(file)), left_(size) {}

  bool read(void* bytes, std::size_t size) override {
    if (size > left_ || std::fread(bytes, 1, size, file_.get()) != size) return false;
    left_ -= size;
    return true;
  }
  std::uint64_t left() const override { return left_; }

 private:
  OpenFile file_;
  std::uint64_t left_;
};

/// The reason why a file with this beginning cannot be read; empty if it can. Leaves the file position behind
/// the preamble.
std::string objection_to(std::FILE* file, const Preamble& preamble) {
  if (preamble.magic != kMagic) return "is no checkpoint";
  if (preamble.format != kFormat) {
    return fmt::format("has format {}, this tardigrad reads format {}", preamble.format, kFormat);
  }
  std::vector<char> block(kBlock);
  std::uint32_t sum = 0;
  std::uint64_t size = 0;
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), file)) {
    sum = checksum(sum, block.data(), got);
    size += got;
  }
  if (size < preamble.size) return "is cut off";
  if (size > preamble.size || sum != preamble.checksum) return "is damaged: its checksum is not that of its content";
  if (std::fseek(file, sizeof preamble, SEEK_SET) != 0) return fmt::format("cannot be read: {}", std::strerror(errno));
  return {};
}

}  // namespace

ChecksumResult scenario_checksum(const Scenario& scenario) {
  const TravellingScenario packed = pack(scenario).scenario;
  std::uint32_t sum = checksum(0, packed.text.data(), packed.text.size());
  for (const std::string& file : packed.files) sum = checksum(sum, file.data(), file.size());
  const ChecksumResult data = content_checksum(scenario.data);
  if (!data.error.empty()) return {0, fmt::format("{}: {}", scenario.data_at, data.error)};
  return {checksum(sum, &data.checksum, sizeof data.checksum), {}};
}

Checkpoint::Checkpoint(const fs::path& folder, std::shared_ptr<const HeldFolder> held, std::uint32_t scenario,
                       Time every)
    : folder_(folder), held_(std::move(held)), scenario_(scenario), every_(every) {}

CheckpointResult Checkpoint::open(const fs::path& folder, std::uint32_t scenario) {
  const fs::path path = folder / kCheckpointName;
  const auto refused = [&](const std::string& why) {
    return CheckpointResult{std::nullopt, fmt::format("{}: {}", path.string(), why)};
  };
  std::error_code none;
  if (!fs::exists(path, none)) return refused("there is none: nothing to go on from (--checkpoint-every saves a run)");
  if (!fs::is_regular_file(path, none)) return refused("is no checkpoint");
  Checkpoint checkpoint(folder, std::make_shared<const HeldFolder>(folder), scenario, {});
  if (checkpoint.held_->is_taken()) return refused("another process is at work on it");
  OpenFile file(std::fopen(path.c_str(), "rb"));
  if (!file) return refused(fmt::format("cannot be read: {}", std::strerror(errno)));
  Preamble preamble;
  if (std::fread(&preamble, 1, sizeof preamble, file.get()) != sizeof preamble) return refused("is no checkpoint");
  const std::string objection = objection_to(file.get(), preamble);
  if (!objection.empty()) return refused(objection);

  auto saved = std::make_unique<Saved>(std::make_unique<FileSource>(std::move(file), preamble.size));
  std::vector<char> version;
  std::uint32_t of_scenario = 0;
  bool has_state = false;
  saved->archive(version, of_scenario);
  const std::string version_text(version.begin(), version.end());
  if (version_text != TARDIGRAD_VERSION) {
    return refused(fmt::format("was written by another version of tardigrad, this is {}", TARDIGRAD_VERSION));
  }
  if (of_scenario != scenario) {
    return refused(
        "belongs to another scenario than scenario.toml beside it, or a file named there has changed, or the data");
  }
  checkpoint.head(saved->archive, has_state);
  if (!saved->archive.ok() || checkpoint.every_ <= Time{} || checkpoint.curves_length_ < 0)
    return refused("is damaged");
  if (has_state) checkpoint.saved_ = std::move(saved);
  return {std::move(checkpoint), {}};
}

void Checkpoint::head(StateArchive& archive, bool& has_state) { archive(every_, finished_, curves_length_, has_state); }

std::string Checkpoint::save(const std::function<void(StateArchive&)>& state) { return write(&state); }

std::string Checkpoint::finish_run(std::int64_t curves_length) {
  ++finished_;
  curves_length_ = curves_length;
  saved_.reset();
  return write(nullptr);
}

std::string Checkpoint::write(const std::function<void(StateArchive&)>* state) {
  const fs::path path = folder_ / kCheckpointName;
  const fs::path unfinished = folder_ / kUnfinishedCheckpointName;
  errno = 0;
  FileSink sink(unfinished);
  StateArchive archive(sink);
  const std::string_view version_text = TARDIGRAD_VERSION;
  std::vector<char> version(version_text.begin(), version_text.end());
  bool has_state = state != nullptr;
  archive(version, scenario_);
  head(archive, has_state);
  if (state) (*state)(archive);
  const bool replaced = sink.finish() && std::rename(unfinished.c_str(), path.c_str()) == 0 && held_->sync();
  return replaced ? std::string() : fmt::format("{}: cannot write: {}", path.string(), std::strerror(errno));
}

std::string Checkpoint::remove() {
  std::error_code failed;
  fs::remove(folder_ / kCheckpointName, failed);
  if (!failed) return {};
  return fmt::format("{}: cannot remove: {}", (folder_ / kCheckpointName).string(), failed.message());
}

}  // namespace tardigrad
