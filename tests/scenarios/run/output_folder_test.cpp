#include "scenarios/src/run/output_folder.hpp"

#include <doctest/doctest.h>

#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::TemporaryFolder;

TEST_CASE("a new or empty folder may be written to") {
  const TemporaryFolder folder;
  CHECK(objection_to_output(folder / "new", false) == "");
  CHECK(objection_to_output(folder.path(), false) == "");
  CHECK_FALSE(fs::exists(folder / "new"));
}

TEST_CASE("results of a run are kept unless the user says otherwise") {
  const TemporaryFolder folder;
  folder.write("scenario.toml", "name = 'x'");
  CHECK(objection_to_output(folder.path(), false).find("--force") != std::string::npos);
  CHECK(objection_to_output(folder.path(), true) == "");
}

TEST_CASE("a folder or file that no run made is never written to") {
  const TemporaryFolder folder;
  const auto file = folder.write("thesis.tex", "chapter one");
  CHECK(objection_to_output(folder.path(), true) != "");
  CHECK(objection_to_output(file, true) != "");
}

TEST_CASE("only what a run left is replaced") {
  const TemporaryFolder folder;
  folder.write("scenario.toml", "old");
  folder.write("curves.csv", "old");
  folder.write("report.html", "old");
  folder.write("notes.txt", "mine");
  fs::create_directories(folder / "divshare/s1");
  folder.write("divshare/s1/rounds.csv", "old");
  fs::create_directories(folder / "swift/s1");
  folder.write("swift/s1/rounds.csv", "old");
  folder.write("swift/s1/plot.py", "mine");
  CHECK(prepare_output(folder.path(), "new") == "");
  CHECK(content_of(folder / "scenario.toml") == "new");
  CHECK(content_of(folder / "notes.txt") == "mine");
  CHECK(content_of(folder / "swift/s1/plot.py") == "mine");
  CHECK_FALSE(fs::exists(folder / "report.html"));
  CHECK_FALSE(fs::exists(folder / "curves.csv"));
  CHECK_FALSE(fs::exists(folder / "divshare"));
  CHECK_FALSE(fs::exists(folder / "swift/s1/rounds.csv"));
}

TEST_CASE("a place that cannot be written to is one line") {
  CHECK(prepare_output("/proc/nowhere/results", "x") != "");
  CHECK(write_file("/dev/full", std::string(100000, 'x')).find("/dev/full") == 0);
}

}  // namespace
}  // namespace tardigrad
