/// The file that a checkpoint is: written whole or not at all, and refused in one line if it is not as it was written.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "netem/base/random_stream.hpp"
#include "scenarios/src/run/checkpoint.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::TemporaryFolder;

constexpr std::uint32_t kScenario = 77;

/// A checkpoint that is saved while the third run is in progress.
struct Written : TemporaryFolder {
  Written() {
    Checkpoint checkpoint(path(), std::make_shared<HeldFolder>(path()), kScenario, Time(5));
    REQUIRE(checkpoint.finish_run(100) == "");
    REQUIRE(checkpoint.finish_run(100) == "");
    REQUIRE(checkpoint.save([&](StateArchive& archive) { archive(values); }) == "");
  }
  fs::path file() const { return *this / kCheckpointName; }
  std::string error() const { return Checkpoint::open(path(), kScenario).error; }
  /// The file's name left out.
  std::string reason() const {
    const std::string text = error();
    CHECK(text.rfind(file().string() + ": ", 0) == 0);
    CHECK(text.find('\n') == std::string::npos);
    return text.substr(std::min(text.size(), file().string().size() + 2));
  }

  std::vector<double> values = std::vector<double>(50000, 0.25);
};

TEST_CASE("a checkpoint is found as it was written") {
  Written folder;
  const CheckpointResult read = Checkpoint::open(folder.path(), kScenario);
  REQUIRE(read.error == "");
  CHECK(read.checkpoint->every() == Time(5));
  CHECK(read.checkpoint->finished() == 2);
  CHECK(read.checkpoint->curves_length() == 100);
  std::vector<double> values;
  REQUIRE(read.checkpoint->saved() != nullptr);
  (*read.checkpoint->saved())(values);
  CHECK(read.checkpoint->saved()->ok());
  CHECK(values == folder.values);
}

TEST_CASE("a checkpoint between two runs has no state") {
  Written folder;
  CheckpointResult read = Checkpoint::open(folder.path(), kScenario);
  REQUIRE(read.checkpoint->finish_run(100) == "");
  read = {};
  const CheckpointResult again = Checkpoint::open(folder.path(), kScenario);
  CHECK(again.checkpoint->finished() == 3);
  CHECK(again.checkpoint->saved() == nullptr);
}

TEST_CASE("two cannot go on from one checkpoint at a time") {
  Written folder;
  CheckpointResult one = Checkpoint::open(folder.path(), kScenario);
  REQUIRE(one.error == "");
  CHECK(folder.reason() == "another process is at work on it");
  one = {};
  CHECK(folder.error() == "");
}

TEST_CASE("a checkpoint that is being written does not touch the one before") {
  Written folder;
  const std::string before = content_of(folder.file());
  Checkpoint checkpoint(folder.path(), std::make_shared<HeldFolder>(folder.path()), kScenario, Time(5));
  std::string meanwhile;
  REQUIRE(checkpoint.save([&](StateArchive& archive) {
    archive(folder.values, folder.values);
    meanwhile = content_of(folder.file());
  }) == "");
  CHECK((meanwhile == before));
  CHECK(content_of(folder.file()).size() > before.size());
}

TEST_CASE("a checkpoint that cannot be written says so") {
  const TemporaryFolder folder;
  Checkpoint checkpoint(folder / "nowhere", std::make_shared<HeldFolder>(folder / "nowhere"), kScenario, Time(5));
  CHECK(checkpoint.finish_run(100) ==
        (folder / "nowhere/checkpoint").string() + ": cannot write: No such file or directory");
}

TEST_CASE("where there is no checkpoint there is nothing to go on from") {
  const TemporaryFolder folder;
  CHECK(Checkpoint::open(folder.path(), kScenario).error ==
        (folder / "checkpoint").string() + ": there is none: nothing to go on from (--checkpoint-every saves a run)");
}

TEST_CASE("another scenario's checkpoint is refused") {
  Written folder;
  CHECK(
      Checkpoint::open(folder.path(), kScenario + 1).error ==
      folder.file().string() +
          ": belongs to another scenario than scenario.toml beside it, or a file named there has changed, or the data");
}

TEST_CASE("a checkpoint of another format, and what is none, are refused") {
  Written folder;
  std::string content = content_of(folder.file());
  const int own = content[8];
  content[8] = static_cast<char>(own + 1);
  folder.write(kCheckpointName, content);
  CHECK(folder.reason() == fmt::format("has format {}, this tardigrad reads format {}", own + 1, own));
  folder.write(kCheckpointName, std::string("time_s,node,round\n0,0,0,0.1,2.3\n"));
  CHECK(folder.reason() == "is no checkpoint");
  folder.write(kCheckpointName, std::string());
  CHECK(folder.reason() == "is no checkpoint");
  fs::remove(folder.file());
  fs::create_directory(folder.file());
  CHECK(folder.reason() == "is no checkpoint");
}

TEST_CASE("a checkpoint that is cut off or has a flipped bit is refused, wherever that is") {
  Written folder;
  const std::string whole = content_of(folder.file());
  RandomStream draw(1, Purpose::test);
  for (int i = 0; i < 60; ++i) {
    const std::uint64_t size = i < 30 ? static_cast<std::uint64_t>(i) : draw.below(whole.size());
    folder.write(kCheckpointName, whole.substr(0, size));
    INFO(size << " bytes of " << whole.size());
    CHECK(folder.reason() == (size < 24 ? "is no checkpoint" : "is cut off"));
  }
  for (int i = 0; i < 200; ++i) {
    std::string damaged = whole;
    const std::size_t place = i < 120 ? static_cast<std::size_t>(i) : draw.below(whole.size());
    damaged[place] = static_cast<char>(damaged[place] ^ (1 << draw.below(8)));
    folder.write(kCheckpointName, damaged);
    INFO("byte " << place);
    CHECK(folder.reason() != "");
  }
  folder.write(kCheckpointName, whole + "x");
  CHECK(folder.reason() == "is damaged: its checksum is not that of its content");
}

}  // namespace
}  // namespace tardigrad
