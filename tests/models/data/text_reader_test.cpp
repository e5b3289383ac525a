#include "models/data/text_reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using Json = nlohmann::json;

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

TEST_CASE("every place of a text is a sample: eighty signs and the next one") {
  const test::TemporaryFolder folder;
  // Seven signs, 1,750 in all; one of them has two bytes, one three, one four.
  const std::string path = folder.write("book.txt", repeated("ab\xc3\xa4\n\xe2\x82\xac\xf0\x9f\x98\x80 ", 250));
  const DatasetResult result = read_text(path);
  REQUIRE_MESSAGE(result.dataset, result.error);
  const Dataset& dataset = *result.dataset;
  CHECK(dataset.vocabulary == 7);
  CHECK(dataset.classes == 7);
  CHECK(dataset.train.shape == std::vector<std::int64_t>{80});
  CHECK(dataset.train.size() == 1575 - 80);
  CHECK(dataset.test.size() == 175 - 80);
  const Tokens& tokens = std::get<Tokens>(dataset.train.inputs);
  // In the order of code points: newline, space, a, b, a umlaut, euro, smile.
  CHECK(std::vector<std::uint16_t>(tokens.begin(), tokens.begin() + 7) ==
        std::vector<std::uint16_t>{2, 3, 4, 0, 5, 6, 1});
  for (std::size_t i : {std::size_t{0}, std::size_t{5}, dataset.train.size() - 1}) {
    CHECK(dataset.train.labels[i] == tokens[i * dataset.train.stride + 80]);
  }
}

TEST_CASE("a text's samples can have another length, and its tokens can be bytes") {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("book.txt", repeated("ab\xc3\xff", 100));
  const DatasetResult result = read_text(path, {6, true});
  REQUIRE_MESSAGE(result.dataset, result.error);
  const Samples& train = result.dataset->train;
  CHECK(result.dataset->vocabulary == 256);
  CHECK(train.shape == std::vector<std::int64_t>{6});
  CHECK(train.size() == 360 - 6);
  CHECK(result.dataset->test.size() == 40 - 6);
  const Tokens& tokens = std::get<Tokens>(train.inputs);
  CHECK(Tokens(tokens.begin(), tokens.begin() + 4) == Tokens{'a', 'b', 0xc3, 0xff});
  CHECK(train.labels.front() == 0xc3);
  CHECK(read_text(path, {40, true}).error ==
        path + " has 400 bytes, expected at least 410: a tenth of them is for testing");
}

TEST_CASE("what is not UTF-8 or too short is refused in one sentence") {
  const test::TemporaryFolder folder;
  const auto error = [&](const std::string& text) { return read_text(folder.write("t.txt", text)).error; };
  const std::string path = folder / "t.txt";
  const std::string good = repeated("ab", 600);
  CHECK(error(repeated("a", 809)) == path + " has 809 signs, expected at least 810: a tenth of them is for testing");
  CHECK(error(repeated("a", 810)) == "");
  CHECK(error("") == path + " has 0 signs, expected at least 810: a tenth of them is for testing");
  for (const char* wrong :
       {"\xff", "\x80", "\xc3", "\xc3(", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    CHECK(error(good + wrong) == path + " is not in UTF-8: see its byte 1200");
    CHECK(error(good + wrong + good) == path + " is not in UTF-8: see its byte 1200");
  }
  CHECK(read_text(folder.path()).error == folder.path().string() + " is a folder, not a file");
}

/// A user with so many samples of one sign over and over.
Json user(const std::string& sign, std::size_t samples) {
  Json own;
  for (std::size_t i = 0; i < samples; ++i) {
    own["x"].push_back(repeated(sign, 80));
    own["y"].push_back(sign);
  }
  return own;
}

struct LeafFolder {
  test::TemporaryFolder folder;

  LeafFolder() {
    for (const char* part : {"train", "test"}) std::filesystem::create_directory(folder / part);
    write("train/all_data_0_train.json", {{"PUCK", user("p", 2)}, {"ARIEL", user("a", 3)}});
    write("train/all_data_1_train.json", {{"BOTTOM", user("\xc3\xa4", 1)}});
    write("test/all_data_0_test.json", {{"PUCK", user("q", 1)}});
  }
  void write(const std::string& name, const Json& users) const {
    Json content;
    content["users"] = Json::array();
    content["user_data"] = users;
    folder.write(name, content.dump());
  }
  std::string error() const { return read_leaf_text(folder.path()).error; }
};

TEST_CASE("LEAF's users keep their samples, in the order of their names") {
  const LeafFolder leaf;
  const DatasetResult result = read_leaf_text(leaf.folder.path());
  REQUIRE_MESSAGE(result.dataset, result.error);
  const Samples& train = result.dataset->train;
  CHECK(result.dataset->vocabulary == 4);
  CHECK(train.users == std::vector<std::uint32_t>{0, 0, 0, 1, 2, 2});
  CHECK(train.labels == std::vector<Label>{0, 0, 0, 3, 1, 1});
  CHECK(std::get<Tokens>(train.inputs)[3 * train.stride] == 3);
  CHECK(result.dataset->test.labels == std::vector<Label>{2});
}

TEST_CASE("files in another layout than LEAF's are refused in one sentence") {
  const LeafFolder leaf;
  const std::string path = leaf.folder / "train/b.json";
  const auto error_with = [&](const std::string& content) {
    leaf.folder.write("train/b.json", content);
    return leaf.error();
  };
  CHECK(error_with("{") == path + " is not JSON");
  CHECK(error_with("[]") == path + " is not in LEAF's layout: expected \"user_data\"");
  CHECK(error_with("{\"user_data\": []}") == path + " has no users");
  CHECK(error_with("{\"user_data\": {\"u\": {\"x\": []}}}") == path + " is not in LEAF's layout: expected \"y\"");
  CHECK(error_with("{\"user_data\": {\"u\": {\"x\": [\"a\"], \"y\": []}}}") ==
        path + " does not have as many \"y\" as \"x\" of every user");
  CHECK(error_with("{\"user_data\": {\"u\": {\"x\": [\"abc\"], \"y\": [\"d\"]}}}") ==
        path + " has a text of 3 signs where 80 are expected");
  CHECK(error_with("{\"user_data\": {\"u\": {\"x\": [1], \"y\": [\"d\"]}}}") ==
        path + " has something else where a text is expected");
  CHECK(read_leaf_text(leaf.folder / "train").error == "there is no folder " + (leaf.folder / "train/train").string());
}

}  // namespace
}  // namespace tardigrad
