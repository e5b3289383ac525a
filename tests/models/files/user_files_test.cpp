#include "models/files/user_files.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "models/files/regular_file.hpp"
#include "models/unusable.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

std::string error_of(const std::function<void()>& read) {
  try {
    read();
  } catch (const Unusable& problem) {
    return problem.what();
  }
  return {};
}

/// During its lifetime the tests run as the user nobody, even if root runs them.
class AsNobody {
 public:
  AsNobody() { REQUIRE((before_ != 0 || seteuid(65534) == 0)); }
  ~AsNobody() {
    if (before_ == 0 && seteuid(0) != 0) std::abort();
  }

 private:
  uid_t before_ = geteuid();
};

/// During its lifetime no more files can be opened.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_CASE("what keeps a file from being read is said") {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  CHECK(regular_file(file).error == "");
  CHECK(regular_file(file).size == 7);

  const std::string missing = folder / "missing";
  CHECK(regular_file(missing).error == "there is no file " + missing);
  CHECK(regular_file(missing).is_missing);
  const std::string below = file + "/below";
  CHECK(regular_file(below).error == "there is no file " + below);
  CHECK(regular_file(folder.path()).error == folder.path().string() + " is a folder, not a file");
  CHECK(regular_file("/dev/null").error == "/dev/null is not a regular file");

  const std::string loop = folder / "loop";
  fs::create_symlink("loop", loop);
  CHECK(regular_file(loop).error == "cannot open " + loop + ": Too many levels of symbolic links");
  const std::string broken = folder / "broken";
  fs::create_symlink("elsewhere/data.pt", broken);
  CHECK(regular_file(broken).error == broken + " is a link to elsewhere/data.pt, which is not there");
  const std::string endless = folder / std::string(300, 'x');
  CHECK(regular_file(endless).error == "cannot open " + endless + ": File name too long");
}

TEST_CASE("a file that is nobody's to read says so, and so does a folder") {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  fs::create_directory(folder / "shut");
  chmod(folder.path().c_str(), 0755);
  chmod(file.c_str(), 0);
  chmod((folder / "shut").c_str(), 0);
  const std::string shut = folder / "shut";
  {
    const AsNobody nobody;
    CHECK(regular_file(file).error == "cannot open " + file + ": Permission denied");
    CHECK(error_of([&] { content_of(file); }) == "cannot open " + file + ": Permission denied");
    CHECK(regular_file(shut + "/file").error == "cannot open " + shut + "/file: Permission denied");
    CHECK(error_of([&] { first_in(shut, {"file"}); }) == "cannot read the folder " + shut + ": Permission denied");
    CHECK(error_of([&] { first_in(shut + "/folder", {"file"}); }) ==
          "cannot read the folder " + shut + "/folder: Permission denied");
  }
  chmod(shut.c_str(), 0755);
}

TEST_CASE("too many open files are a reason of their own") {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  std::string error;
  {
    const NoDescriptors none;
    error = regular_file(file).error;
  }
  CHECK(error == "cannot open " + file + ": Too many open files");
}

TEST_CASE("a file's content is read whole, or its beginning") {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  CHECK(content_of(file) == "content");
  CHECK(beginning_of(file, 4) == "cont");
  CHECK(beginning_of(file, 100) == "content");
  CHECK(content_of(folder.write("empty", "")) == "");
  CHECK(error_of([&] { content_of(file, 6); }) == file + " has 7 bytes, expected at most 6");
}

TEST_CASE("names are found in capital letters or not, the exact one first, and nothing that was left by others") {
  const test::TemporaryFolder folder;
  for (const char* name : {"Data.BIN", "b", "a", ".hidden", "Thumbs.db", "desktop.ini", "__MACOSX"}) {
    folder.write(name, "");
  }
  const auto all = [](const fs::directory_entry&) { return true; };
  CHECK(names_in(folder.path(), all) == std::vector<std::string>{"Data.BIN", "a", "b"});
  CHECK(first_in(folder.path(), {"c", "data.bin"}) == folder / "Data.BIN");
  folder.write("data.bin", "");
  CHECK(first_in(folder.path(), {"data.bin"}) == folder / "data.bin");
  folder.write("Ratings (1).csv", std::string());
  folder.write("images-idx3-ubyte(2).gz", std::string());
  folder.write("u - Copy.data", std::string());
  folder.write("copy of u", std::string());
  CHECK(first_in(folder.path(), {"ratings.csv"}) == folder / "Ratings (1).csv");
  CHECK(first_in(folder.path(), {"images-idx3-ubyte.gz"}) == folder / "images-idx3-ubyte(2).gz");
  CHECK(first_in(folder.path(), {"u.data"}) == folder / "u - Copy.data");
  CHECK(first_in(folder.path(), {"u"}).empty());
  folder.write("ratings.csv", std::string());
  CHECK(first_in(folder.path(), {"ratings.csv"}) == folder / "ratings.csv");
  CHECK(first_in(folder.path(), {"c"}).empty());
  const std::string nowhere = folder / "nowhere";
  CHECK(error_of([&] { first_in(nowhere, {"c"}); }) == "there is no folder " + nowhere);
  CHECK(error_of([&] { first_in(folder / "a", {"c"}); }) == (folder / "a").string() + " is not a folder");
}

}  // namespace
}  // namespace tardigrad
