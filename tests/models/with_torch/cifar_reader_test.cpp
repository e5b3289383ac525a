#include "models/data/cifar_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "models/data/datasets.hpp"
#include "models/learners/learner.hpp"
#include "tests/models/real_data.hpp"
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
  CHECK(result.dataset->train.labels == std::vector<Label>{1, 0, 2, 0, 3, 0, 4, 0, 5, 0});
  CHECK(result.dataset->test.labels == std::vector<Label>{9, 8, 7});
  const Bytes& pixels = std::get<Pixels>(result.dataset->test.inputs);
  REQUIRE(pixels.size() == 3 * 3072);
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

TEST_CASE("files are found in capital letters, too") {
  const test::TemporaryFolder folder;
  for (const char* name : {"DATA_BATCH_1.BIN", "DATA_BATCH_2.BIN", "data_batch_3.bin", "data_batch_4.bin",
                           "data_batch_5.bin", "Test_Batch.bin"}) {
    folder.write(name, records({1}));
  }
  CHECK(read_cifar10(folder.path()).error == "");
}

TEST_CASE("CIFAR-10's Python version is named") {
  const test::TemporaryFolder folder;
  const std::string python = folder / "cifar-10-batches-py";
  std::filesystem::create_directory(python);
  folder.write("cifar-10-batches-py/data_batch_1", "");
  const DatasetResult around = read_cifar10(folder.path());
  CHECK(around.error == python + " is of CIFAR-10's Python version, expected the binary one");
  CHECK(around.is_missing);
  CHECK(read_cifar10(python).error ==
        python + "/data_batch_1 is of CIFAR-10's Python version, expected the binary one");
}

TEST_CASE("of CIFAR-100 the fine label is the class") {
  const test::TemporaryFolder folder;
  const auto labelled = [](std::uint8_t coarse, std::uint8_t fine) {
    Bytes bytes = record(fine);
    bytes.insert(bytes.begin(), coarse);
    return bytes;
  };
  SUBCASE("its folder") {
    folder.write("train.bin", labelled(3, 99));
    folder.write("test.bin", labelled(0, 42));
  }
  SUBCASE("the one around it") {
    std::filesystem::create_directory(folder / "cifar-100-binary");
    folder.write("cifar-100-binary/train.bin", labelled(3, 99));
    folder.write("cifar-100-binary/test.bin", labelled(0, 42));
  }
  const DatasetResult result = read_cifar100(folder.path());
  REQUIRE(result.error == "");
  CHECK(result.dataset->classes == 100);
  CHECK(result.dataset->train.labels == std::vector<Label>{99});
  CHECK(result.dataset->test.labels == std::vector<Label>{42});
  const Bytes& pixels = std::get<Pixels>(result.dataset->test.inputs);
  CHECK(Bytes(pixels.begin(), pixels.begin() + 4) == Bytes{1, 2, 3, 0});
  LearnerResult learner = make_learner({"logistic-regression"}, {"cifar100", folder.path(), {"iid"}}, {}, {}, 1, 1, 1);
  CHECK(learner.error == "");
  CHECK(learner.learner->layout().numel() == 3072 * 100 + 100);
}

TEST_CASE("files that are not CIFAR-100's are named") {
  const test::TemporaryFolder folder;
  const auto error = [&] { return read_cifar100(folder.path()).error; };
  CHECK(error() == "there is no file " + (folder / "train.bin").string());
  folder.write("train.bin", records({1}));
  CHECK(error() == (folder / "train.bin").string() + " has 3073 bytes, not a whole number of records of 3074");
  Bytes bytes(3074);
  bytes[1] = 100;
  folder.write("train.bin", bytes);
  CHECK(error() == (folder / "train.bin").string() + " has a label 100 where 0 to 99 are expected");
  std::filesystem::remove(folder / "train.bin");
  folder.write("train", "");
  CHECK(error() == (folder / "train").string() + " is of CIFAR-100's Python version, expected the binary one");
}

TEST_CASE("CIFAR-10 itself: all of it, ten equal classes, the shards of the paper, and a network that learns" *
          doctest::test_suite("optional")) {
  const auto folder = test::real_data("cifar-10-batches-bin");
  if (folder.empty()) return;
  const auto dataset = load_dataset({"cifar10", folder}).dataset;
  REQUIRE(dataset);
  for (const auto& [images, a_class] : {std::pair(&dataset->train, 5000), std::pair(&dataset->test, 1000)}) {
    CHECK(std::get<Pixels>(images->inputs).size() == 10 * static_cast<std::size_t>(a_class) * 3072);
    for (int label = 0; label < 10; ++label) {
      CHECK(std::count(images->labels.begin(), images->labels.end(), label) == a_class);
    }
  }
  LearnerResult result = make_learner({}, {"cifar10", folder, {"shards", 5, 0}}, {8, 128, 0.05}, {1000}, 60, 1, 1);
  REQUIRE(result.error == "");
  CHECK(result.learner->layout().numel() == 89834);
  CHECK(result.learner->shard_size(0) == 830);
  CHECK(result.learner->shard_size(59) == 850);
  prepare_compute_thread();
  // All images at one node: without stragglers' and shards' troubles it must be well above one in ten.
  LearnerResult whole = make_learner({}, {"cifar10", folder, {"iid", 0, 0}}, {8, 600, 0.05}, {1000}, 1, 1, 1);
  const auto state = whole.learner->local_state(0);
  Values model = whole.learner->initial_model();
  const double first = whole.learner->train(0, *state, model).loss;
  CHECK(whole.learner->train(0, *state, model).loss < first);
  CHECK(whole.learner->evaluate(0, model, std::nullopt).accuracy > 0.3);
}

}  // namespace
}  // namespace tardigrad
