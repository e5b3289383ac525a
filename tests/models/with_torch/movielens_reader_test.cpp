#include "models/data/movielens_reader.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "models/data/datasets.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

const std::string kHeader = "userId,movieId,rating,timestamp\n";

std::vector<std::vector<float>> rows_of(const Ratings& ratings) {
  std::vector<std::vector<float>> rows;
  for (const Rating& r : ratings.all) {
    rows.push_back({static_cast<float>(r.user), static_cast<float>(r.film), r.stars});
  }
  return rows;
}

TEST_CASE("users and films are numbered in ascending order of their ids, whatever the order of the lines") {
  const test::TemporaryFolder folder;
  const std::vector<std::vector<float>> expected = {{0, 1, 4}, {1, 0, 0.5}, {1, 2, 5}};
  SUBCASE("in ratings.csv") {
    folder.write("ratings.csv", kHeader + "9,193609,5.0,1\n9,3,0.5,2\r\n1,47,4.0,964982703\n");
  }
  SUBCASE("in the u.data of ml-100k") { folder.write("u.data", "9\t193609\t5\t1\n9\t3\t0.5\t2\n1\t47\t4\t9649827"); }
  SUBCASE("in the ratings.dat of ml-1m and ml-10m") {
    folder.write("ratings.dat", "9::193609::5::1\n9::3::0.5::2\r\n1::47::4::9649827");
  }
  SUBCASE("in capital letters") { folder.write("RATINGS.DAT", "9::193609::5::1\n9::3::0.5::2\n1::47::4::9649827\n"); }
  SUBCASE("in a folder of whatever set inside") {
    std::filesystem::create_directory(folder / "ml-10M100K");
    folder.write("ml-10M100K/ratings.dat", "9::193609::5::1\n9::3::0.5::2\n1::47::4::9649827\n");
  }
  SUBCASE("in a folder inside") {
    std::filesystem::create_directory(folder / "ml-latest-small");
    folder.write("ml-latest-small/ratings.csv", kHeader + "9,193609,5.0,1\n9,3,0.5,2\n1,47,4.0,964982703\n");
  }
  const RatingsResult result = read_movielens(folder.path());
  REQUIRE(result.error == "");
  CHECK(result.ratings->users == 2);
  CHECK(result.ratings->films == 3);
  CHECK(rows_of(*result.ratings) == expected);
}

TEST_CASE("a line that is no rating is named with its file and place") {
  const test::TemporaryFolder folder;
  const auto error = [&](const std::string& lines) {
    const std::string file = folder.write("ratings.csv", kHeader + "1,1,4.0,964982703\n" + lines);
    const RatingsResult result = read_movielens(folder.path());
    CHECK(result.ratings == nullptr);
    CHECK(result.error.find('\n') == std::string::npos);
    return result.error.rfind(file, 0) == 0 ? result.error.substr(file.size()) : result.error;
  };
  CHECK(error("2,1,3.0\n") == ":3: 3 fields, expected 4");
  CHECK(error("2,1,3.0,1,\n") == ":3: 5 fields, expected 4");
  CHECK(error("2,1,nan,1\n") == ":3: rating is \"nan\", expected a number from 0.5 to 5");
  CHECK(error("2,1,inf,1\n") == ":3: rating is \"inf\", expected a number from 0.5 to 5");
  CHECK(error("2,1,0,1\n") == ":3: rating is \"0\", expected a number from 0.5 to 5");
  CHECK(error("2,1,3.3,1\n") == ":3: rating is 3.3, expected halves of a star");
  CHECK(error("2,1,,1\n") == ":3: rating is \"\", expected a number from 0.5 to 5");
  CHECK(error("-2,1,3,1\n") == ":3: user is \"-2\", expected a whole number from 0 to 999999999");
  CHECK(error("2,4294967297,3,1\n") == ":3: film is \"4294967297\", expected a whole number from 0 to 999999999");
  CHECK(error("2,1.5,3,1\n") == ":3: film is \"1.5\", expected a whole number from 0 to 999999999");
  CHECK(error("2,1,3,1\n1,1,3.0,1\n") == ":4: user 1 has rated film 1 before, in line 2");
  CHECK(error("2,1,3," + std::string(400, '1') + "\n") == ":3: expected a line of at most 200 characters");
  CHECK(error(std::string("\0\x01\xff,1,1,1\n", 9)).rfind(":3: user is ", 0) == 0);
}

TEST_CASE("a file without ratings, or none, is named") {
  const test::TemporaryFolder folder;
  const std::string place = folder.path();
  const auto error = [&] { return read_movielens(place).error; };
  CHECK(error() == "there is neither ratings.csv, ratings.dat nor u.data in " + place);
  CHECK(read_movielens(place).is_missing);
  CHECK(read_movielens(place + "/nowhere").error == "there is no folder " + place + "/nowhere");
  folder.write("ratings.csv", "");
  CHECK(error() == place + "/ratings.csv: there are no ratings in it");
  folder.write("ratings.csv", "user,film\n1,1\n");
  CHECK(error() == place + "/ratings.csv:1: expected the line \"userId,movieId,rating,timestamp\"");
  std::filesystem::remove(folder / "ratings.csv");
  std::filesystem::create_directory(folder / "ratings.csv");
  CHECK(error() == place + "/ratings.csv is a folder, not a file");
}

TEST_CASE("ratings are also read by the name of their file, and of several sets none is chosen") {
  const test::TemporaryFolder folder;
  for (const char* set : {"ml-1m", "ml-20m"}) std::filesystem::create_directory(folder / set);
  const std::string file = folder.write("ml-1m/ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n");
  CHECK(read_movielens(folder.path()).error == "");
  CHECK(read_movielens(file).ratings->all.size() == 2);
  folder.write("ml-20m/ratings.csv", kHeader + "1,1,4.0,1\n");
  CHECK(read_movielens(folder.path()).error == folder.path().string() +
                                                   " has several sets, ml-1m and ml-20m: expected a root that names "
                                                   "one of them");
  CHECK(read_movielens(folder / "ml-1m/ratings.csv").error ==
        "there is no file " + (folder / "ml-1m/ratings.csv").string());
  folder.write("ml-1m/ratings.dat", "1:1193:5:978300760\n");
  CHECK(read_movielens(file).error == file + ":1: 1 fields, expected 4");
  folder.write("ml-1m/ratings.dat", "1::1193::5.5::978300760\n");
  CHECK(read_movielens(file).error == file + ":1: rating is \"5.5\", expected a number from 0.5 to 5");
}

TEST_CASE("data that is missing comes with what gets it") {
  const test::TemporaryFolder folder;
  const std::string place = folder.path();
  CHECK(load_ratings({"movielens", place}).error == "there is neither ratings.csv, ratings.dat nor u.data in " + place +
                                                        "; `tardigrad data fetch movielens` gets it");
  for (const char* set : {"cifar10", "cifar100"}) {
    const std::string error = load_dataset({set, place}).error;
    CHECK(error.find(std::string("; `tardigrad data fetch ") + set + "` gets it") != std::string::npos);
  }
  CHECK(load_dataset({"cifar10", place + "/no"}).error ==
        "there is no folder " + place + "/no; `tardigrad data fetch cifar10` gets it");
  CHECK(load_dataset({"fashion-mnist", place}).error == "there is no file " + place +
                                                            "/train-images-idx3-ubyte.gz; Debian's package "
                                                            "dataset-fashion-mnist has it");
  folder.write("data_batch_1.bin", "damaged");
  CHECK(load_dataset({"cifar10", place}).error ==
        place + "/data_batch_1.bin has 7 bytes, not a whole number of records of 3073");
}

TEST_CASE("a checksum tells other ratings apart, and not the order of the lines") {
  const test::TemporaryFolder folder;
  const auto checksum = [&](const std::string& name, const std::string& lines) {
    std::filesystem::create_directory(folder / name);
    folder.write(name + "/ratings.csv", kHeader + lines);
    const ChecksumResult result = content_checksum({"movielens", folder / name, {"by-user"}});
    CHECK(result.error == "");
    return result.checksum;
  };
  const auto first = checksum("a", "1,1,4.0,1\n2,1,3.0,1\n");
  CHECK(checksum("b", "2,1,3.0,1\n1,1,4.0,1\n") == first);
  CHECK(checksum("c", "1,1,4.0,1\n2,1,3.5,1\n") != first);
  CHECK(content_checksum({"movielens", folder / "d", {"by-user"}}).error != "");
}

}  // namespace
}  // namespace tardigrad
