#include "models/data/femnist_reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using Json = nlohmann::json;

/// A writer with a picture of one grey value for each class.
Json writer(double grey, const std::vector<int>& classes) {
  Json own = {{"x", Json::array()}, {"y", classes}};
  for (std::size_t i = 0; i < classes.size(); ++i) own["x"].push_back(std::vector<double>(784, grey));
  return own;
}

struct FemnistFolder {
  test::TemporaryFolder folder;

  FemnistFolder() {
    for (const char* part : {"train", "test"}) std::filesystem::create_directory(folder / part);
    write("train/all_data_0.json", {{"f0002_41", writer(1, {61, 3})}});
    write("train/all_data_1.json", {{"f0001_08", writer(0.2, {0})}, {"f0003_00", writer(0, {})}});
    write("test/all_data_0.json", {{"f0001_08", writer(128.0 / 255, {7})}});
  }
  void write(const std::string& name, const Json& users) const {
    folder.write(name, Json{{"users", Json::array()}, {"num_samples", Json::array()}, {"user_data", users}}.dump());
  }
};

TEST_CASE("FEMNIST's samples are grey pictures, and each belongs to its writer") {
  const FemnistFolder files;
  const DatasetResult result = read_femnist(files.folder.path());
  REQUIRE_MESSAGE(result.dataset, result.error);
  const Samples& train = result.dataset->train;
  CHECK(result.dataset->classes == 62);
  CHECK(train.shape == std::vector<std::int64_t>{1, 28, 28});
  CHECK(train.labels == std::vector<Label>{0, 61, 3});
  CHECK(train.users == std::vector<std::uint32_t>{0, 1, 1});
  const Pixels& pixels = std::get<Pixels>(train.inputs);
  CHECK(pixels.size() == 3 * 784);
  CHECK(pixels[783] == 51);
  CHECK(pixels[784] == 255);
  CHECK(std::get<Pixels>(result.dataset->test.inputs).front() == 128);
}

TEST_CASE("pictures, pixels and classes of other kinds are refused in one sentence") {
  const FemnistFolder files;
  const std::string path = files.folder / "train/b.json";
  const auto error_with = [&](const Json& x, const Json& y) {
    files.write("train/b.json", {{"u", {{"x", {x}}, {"y", {y}}}}});
    return read_femnist(files.folder.path()).error;
  };
  const std::vector<double> picture(784, 0.5);
  CHECK(error_with(picture, 61) == "");
  CHECK(error_with(picture, 62) == path + " has something else where a class from 0 to 61 is expected");
  CHECK(error_with(picture, -1) == path + " has something else where a class from 0 to 61 is expected");
  CHECK(error_with(std::vector<double>(783, 0.5), 1) ==
        path + " has something else where a picture of 784 numbers is expected");
  CHECK(error_with(std::vector<double>(784, 1.5), 1) ==
        path + " has something else where a pixel from 0 to 1 is expected");
  CHECK(error_with(std::vector<std::string>(784, "1"), 1) ==
        path + " has something else where a pixel from 0 to 1 is expected");
}

}  // namespace
}  // namespace tardigrad
