#include "models/cifar10_reader.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "models/learner.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A record whose red, green and blue planes begin with 1, 2, 3 and are 0 elsewhere.
Bytes record(std::uint8_t label) {
  Bytes bytes(3073);
  bytes[0] = label;
  for (std::size_t c = 0; c < 3; ++c) bytes[1 + c * 1024] = static_cast<std::uint8_t>(c + 1);
  return bytes;
}

Bytes records(const Bytes& labels) {
  Bytes bytes;
  for (const std::uint8_t label : labels) {
    const Bytes one = record(label);
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  return bytes;
}

void write_batches(const test::TemporaryFolder& folder, const std::string& prefix = "") {
  for (std::uint8_t batch = 1; batch <= 5; ++batch) {
    folder.write(prefix + "data_batch_" + std::to_string(batch) + ".bin", records({batch, 0}));
  }
  folder.write(prefix + "test_batch.bin", records({9, 8, 7}));
}

TEST_CASE("CIFAR-10 is read from its folder or the one around it, the colours of a pixel side by side") {
  test::TemporaryFolder folder;
  SUBCASE("its folder") { write_batches(folder); }
  SUBCASE("the one around it") {
    std::filesystem::create_directory(folder.path() / "cifar-10-batches-bin");
    write_batches(folder, "cifar-10-batches-bin/");
  }
  const DatasetResult result = read_cifar10(folder.path());
  REQUIRE(result.error == "");
  CHECK(result.dataset->train.labels == Bytes{1, 0, 2, 0, 3, 0, 4, 0, 5, 0});
  CHECK(result.dataset->test.labels == Bytes{9, 8, 7});
  REQUIRE(result.dataset->test.pixels.size() == 3 * 3072);
  const Bytes& pixels = result.dataset->test.pixels;
  CHECK(Bytes(pixels.begin() + 3072, pixels.begin() + 3076) == Bytes{1, 2, 3, 0});
}

TEST_CASE("files that are not CIFAR-10's are named") {
  test::TemporaryFolder folder;
  write_batches(folder);
  const std::string third = folder.path() / "data_batch_3.bin";
  const auto error = [&] { return read_cifar10(folder.path()).error; };
  SUBCASE("missing") {
    std::filesystem::remove(third);
    CHECK(error() == "there is no file " + third);
  }
  SUBCASE("a folder") {
    std::filesystem::remove(third);
    std::filesystem::create_directory(third);
    CHECK(error() == third + " is a folder, not a file");
  }
  SUBCASE("truncated") {
    Bytes bytes = records({1, 2});
    bytes.pop_back();
    folder.write("data_batch_3.bin", bytes);
    CHECK(error() == third + " has 6145 bytes, not a whole number of records of 3073");
  }
  SUBCASE("empty") {
    folder.write("data_batch_3.bin", Bytes{});
    CHECK(error() == third + " has 0 bytes, not a whole number of records of 3073");
  }
  SUBCASE("a label that is no class") {
    folder.write("data_batch_3.bin", records({1, 10}));
    CHECK(error() == third + " has a label 10 where 0 to 9 are expected");
  }
}

TEST_CASE("GN-LeNet learns from CIFAR-10 itself") {
  const char* folder = std::getenv("TARDIGRAD_CIFAR10");
  if (folder == nullptr) {
    MESSAGE("skipped: TARDIGRAD_CIFAR10 does not name the folder of CIFAR-10's binary version");
    return;
  }
  LearnerResult result = make_learner({}, {"cifar10", folder, {"shards", 5, 0}}, {8, 64, 0.05}, {500}, 60, 1, 1);
  REQUIRE(result.error == "");
  CHECK(result.learner->layout().numel() == 89834);
  CHECK(result.learner->shard_size(0) == 830);
  CHECK(result.learner->shard_size(59) == 850);
  prepare_compute_thread();
  const auto state = result.learner->local_state(0);
  Values model = result.learner->initial_model();
  const double first = result.learner->train(0, *state, model);
  CHECK(result.learner->train(0, *state, model) < first);
}

}  // namespace
}  // namespace tardigrad
