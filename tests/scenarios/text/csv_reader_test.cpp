#include "scenarios/src/text/csv_reader.hpp"

#include <doctest/doctest.h>

#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::ResultFolder;

namespace {

/// Reads column "x" of the first row as a number from 0 to 10.
std::string mistake_in(const std::string& field) {
  const ResultFolder folder;
  CsvReader csv(folder.write("t.csv", "x\n" + field + "\n"), {"x"});
  csv.next();
  csv.number(0, 0, 10);
  const std::string place = (folder.path() / "t.csv").string() + ":2: ";
  if (csv.error().rfind(place, 0) != 0) return csv.error();
  return csv.error().substr(place.size());
}

}  // namespace

TEST_CASE("columns are found by their names, wherever they stand in the file") {
  const ResultFolder folder;
  CsvReader csv(folder.write("t.csv", "a,b,c\n1,2.5,x\n4,5,y\n"), {"c", "a"});
  REQUIRE(csv.next());
  CHECK(csv.text(0) == "x");
  CHECK(csv.count(1) == 1);
  REQUIRE(csv.next());
  CHECK(csv.text(0) == "y");
  CHECK(csv.count(1) == 4);
  CHECK_FALSE(csv.next());
  CHECK(csv.error().empty());
  CHECK_FALSE(csv.truncated());
}

TEST_CASE("a last line that was still being written is left out, and said to be") {
  const ResultFolder folder;
  CsvReader csv(folder.write("t.csv", "a,b\n1,2\n3,4"), {"b"});
  REQUIRE(csv.next());
  CHECK(csv.count(0) == 2);
  CHECK_FALSE(csv.next());
  CHECK(csv.truncated());
  CHECK(csv.error().empty());
}

TEST_CASE("an empty table file counts as cut off") {
  const ResultFolder folder;
  CsvReader csv(folder.write("t.csv", ""), {"b"});
  CHECK_FALSE(csv.next());
  CHECK(csv.truncated());
  CHECK(csv.error().empty());
}

TEST_CASE("lines may end as on Windows") {
  const ResultFolder folder;
  CsvReader csv(folder.write("t.csv", "a,b\r\n1,2\r\n"), {"b"});
  REQUIRE(csv.next());
  CHECK(csv.count(0) == 2);
}

TEST_CASE("a row of another length is a mistake with its line, and reading stops there") {
  const ResultFolder folder;
  const auto file = folder.write("t.csv", "a,b\n1,2\n1,2,3\n1,2\n");
  CsvReader csv(file, {"a"});
  CHECK(csv.next());
  CHECK_FALSE(csv.next());
  CHECK(csv.error() == file.string() + ":3: 3 fields, expected 2 as in the header");
  CHECK_FALSE(csv.next());
  CHECK(csv.count(0) == 0);
}

TEST_CASE("a missing column or file is named") {
  const ResultFolder folder;
  const auto file = folder.write("t.csv", "a,b\n1,2\n");
  CHECK(CsvReader(file, {"c"}).error() == file.string() + ":1: no column \"c\"");
  const auto none = folder.path() / "none.csv";
  CHECK(CsvReader(none, {"c"}).error() == none.string() + ": cannot be read");
}

TEST_CASE("a field that is no number in its range is quoted in the mistake") {
  CHECK(mistake_in("10").empty());
  CHECK(mistake_in("1e1").empty());
  CHECK(mistake_in("abc") == "x is \"abc\", expected a number from 0 to 10");
  for (const char* field : {"nan", "inf", "-1", "10.5", "1e999", "3x", " 3", ""}) {
    CAPTURE(field);
    CHECK_FALSE(mistake_in(field).empty());
  }
  CHECK(mistake_in("\x1b[31m") == "x is \"?[31m\", expected a number from 0 to 10");
}

TEST_CASE("a count is whole, not negative, and not above its limit") {
  const ResultFolder folder;
  for (const char* field : {"-1", "1.5", "18446744073709551616", "8"}) {
    CAPTURE(field);
    CsvReader csv(folder.write("t.csv", std::string("x\n") + field + "\n"), {"x"});
    REQUIRE(csv.next());
    CHECK(csv.count(0, 7) == 0);
    CHECK_FALSE(csv.error().empty());
  }
}

TEST_CASE("a file that is one endless line is refused") {
  const ResultFolder folder;
  const auto file = folder.write("t.csv", "x\n" + std::string(100000, '1'));
  CsvReader csv(file, {"x"});
  CHECK_FALSE(csv.next());
  CHECK(csv.error() == file.string() + ":2: line of more than 4096 characters");
}
