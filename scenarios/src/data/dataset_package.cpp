#include "scenarios/src/data/dataset_package.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <system_error>

#include "models/files/regular_file.hpp"
#include "scenarios/src/data/download.hpp"
#include "scenarios/src/data/sha256.hpp"
#include "scenarios/src/data/unpack.hpp"
#include "scenarios/src/system/held_folder.hpp"
#include "scenarios/src/system/interrupt.hpp"
#include "scenarios/src/system/standard_streams.hpp"
#include "scenarios/src/text/units_text.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

/// An upper bound of the ratio of unpacked and packed size.
constexpr std::uint64_t kMostExpansion = 20;

/// The progress of a download: a line that is overwritten on a terminal, else one every ten seconds.
class DownloadLine {
 public:
  DownloadLine(std::FILE* stream, std::string name)
      : stream_(stream), terminal_(isatty(fileno(stream)) != 0), name_(std::move(name)) {}
  ~DownloadLine() {
    if (shown_ > 0 && terminal_) say_on(stream_, "\n");
  }
  DownloadLine(const DownloadLine&) = delete;
  DownloadLine& operator=(const DownloadLine&) = delete;

  void update(std::uint64_t there, std::uint64_t all) {
    const auto now = Clock::now();
    if (there == shown_ || (now < next_ && there < all)) return;
    shown_ = there;
    next_ = now + (terminal_ ? Clock::duration(std::chrono::milliseconds(200)) : std::chrono::seconds(10));
    const double share = static_cast<double>(there) / static_cast<double>(all);
    say_on(stream_, fmt::format("{}{}: {} of {}, {:.0f} %{}", terminal_ ? "\r" : "", name_,
                                size_text(static_cast<double>(there)), size_text(static_cast<double>(all)), 100 * share,
                                terminal_ ? "\x1b[K" : "\n"));
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::FILE* stream_;
  bool terminal_;
  std::string name_;
  std::uint64_t shown_ = 0;  ///< bytes
  Clock::time_point next_{};
};

/// One package being fetched.
class Fetching {
 public:
  Fetching(const FetchRequest& request, std::FILE* progress)
      : package_(request.package),
        from_(request.from),
        place_(request.data / package_.folder),
        work_(request.data / (".fetch-" + package_.name)),
        progress_(progress) {}

  FetchOutcome fetch() {
    std::error_code failed;
    if (fs::exists(place_, failed)) return {exit_done, fmt::format("{} is there already", place_.string())};
    const fs::path given = given_archive();
    if (!given.empty()) {
      const std::string objection = objection_to(given);
      if (!objection.empty()) return {exit_wrong_use, objection};
    }
    fs::create_directories(work_, failed);
    if (failed) return {exit_failed, fmt::format("{}: {}", work_.string(), failed.message())};
    const HeldFolder held(work_);
    if (held.is_taken()) return {exit_failed, fmt::format("{}: another fetch is at work there", work_.string())};
    FetchOutcome outcome = given.empty() ? from_address() : take(given, given.string());
    if (outcome.code != exit_done) fs::remove(work_, failed);  // unless it contains the beginning of a download
    return outcome;
  }

 private:
  std::string archive_name() const { return package_.url.substr(package_.url.rfind('/') + 1); }

  /// Empty if the archive comes from its address.
  fs::path given_archive() const {
    std::error_code ignored;
    return fs::is_directory(from_, ignored) ? from_ / archive_name() : from_;
  }

  FetchOutcome from_address() {
    const fs::path archive = work_ / archive_name();
    std::error_code ignored;
    if (!fs::exists(archive, ignored) || fs::file_size(archive, ignored) < package_.size) {
      DownloadLine line(progress_, archive_name());
      const DownloadResult result = download(package_.url, archive, package_.size, [&](auto there, auto all) {
        line.update(there, all);
        return !interrupted();
      });
      const char* const rest = "; the same command goes on from there";
      if (result.stopped) return {exit_interrupted, "interrupted" + std::string(rest)};
      if (!result.error.empty())
        return {exit_failed, fmt::format("{}: {}{}", package_.url, result.error, kept(archive) ? rest : "")};
    }
    const std::string objection = objection_to(archive);
    if (objection.empty()) return take(archive, package_.url);
    fs::remove(archive, ignored);
    return {exit_failed, fmt::format("{}: {}; it is not kept", package_.url, objection)};
  }

  /// True if the beginning of a download exists; an empty file does not count.
  static bool kept(const fs::path& archive) {
    std::error_code failed;
    const auto size = fs::file_size(archive, failed);
    if (failed || size > 0) return !failed;
    fs::remove(archive, failed);
    return false;
  }

  /// The reason why this is not the package's archive; empty if it is.
  std::string objection_to(const fs::path& archive) const {
    const RegularFile file = regular_file(archive);
    if (!file.error.empty()) return file.error;
    if (file.size != package_.size) {
      return fmt::format("{} has {} bytes, expected {}", archive.string(), file.size, package_.size);
    }
    const std::string sha256 = sha256_of(archive);
    if (sha256 == package_.sha256) return {};
    return fmt::format("{} has the SHA-256 {}, expected {}", archive.string(), sha256, package_.sha256);
  }

  FetchOutcome take(const fs::path& archive, const std::string& source) {
    const fs::path unpacked = work_ / "unpacked";
    std::error_code failed;
    fs::remove_all(unpacked, failed);
    fs::create_directories(unpacked, failed);
    std::string problem = unpack(archive, unpacked, kMostExpansion * package_.size);
    for (const std::string& file : package_.files) {
      if (problem.empty()) problem = regular_file(unpacked / package_.folder / file).error;
    }
    if (problem.empty()) {
      fs::rename(unpacked / package_.folder, place_, failed);
      if (failed) problem = fmt::format("cannot be moved to {}: {}", place_.string(), failed.message());
    }
    std::error_code ignored;
    fs::remove_all(problem.empty() ? work_ : unpacked, ignored);
    if (!problem.empty()) return {exit_failed, fmt::format("{}: {}", source, problem)};
    return {exit_done, fmt::format("{} is there", place_.string())};
  }

  const DatasetPackage& package_;
  const fs::path& from_;
  fs::path place_;
  fs::path work_;  ///< in the same file system, so that moving is one step
  std::FILE* progress_;
};

}  // namespace

const std::vector<DatasetPackage>& dataset_packages() {
  static const std::vector<DatasetPackage> packages = {
      {"cifar10",
       "60,000 images in 10 classes, binary version",
       "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
       170'052'171,
       "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
       "cifar-10-batches-bin",
       {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin",
        "test_batch.bin"}},
      {"cifar100",
       "60,000 images in 100 classes, binary version",
       "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
       168'513'733,
       "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
       "cifar-100-binary",
       {"train.bin", "test.bin"}},
      {"movielens",
       "100,836 ratings of 610 users, latest-small of September 2018",
       "https://files.grouplens.org/datasets/movielens/ml-latest-small.zip",
       978'202,
       "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
       "ml-latest-small",
       {"ratings.csv"}},
      {"ml-100k",
       "100,000 ratings of 943 users, 1998",
       "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
       4'924'029,
       "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
       "ml-100k",
       {"u.data"}},
      {"ml-1m",
       "1,000,209 ratings of 6,040 users, 2003",
       "https://files.grouplens.org/datasets/movielens/ml-1m.zip",
       5'917'549,
       "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
       "ml-1m",
       {"ratings.dat"}},
  };
  return packages;
}

FetchOutcome fetch(const FetchRequest& request, std::FILE* progress) { return Fetching(request, progress).fetch(); }

}  // namespace tardigrad
