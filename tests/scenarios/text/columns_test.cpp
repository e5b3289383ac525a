#include "scenarios/src/text/columns.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/scenarios/result_folder.hpp"

using namespace tardigrad;
using test::ResultFolder;

namespace {

struct Pair {
  std::string name;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// `high` is at least `low`.
const Columns<Pair>& pair_columns() {
  const auto text = [](std::uint64_t number) { return std::to_string(number); };
  static const Columns<Pair> columns(
      "pairs.csv", "a pair",
      {{"name", "of the pair", [](const Pair& row) { return row.name; }},
       {"low", "the lower number", [=](const Pair& row) { return text(row.low); },
        [](CsvReader& csv, std::size_t place, Pair& row) { row.low = csv.count(place); }},
       {"high", "the higher number", [=](const Pair& row) { return text(row.high); },
        [](CsvReader& csv, std::size_t place, Pair& row) {
          row.high = csv.count(place);
          if (row.high < row.low) csv.fail("high is below low");
        }}});
  return columns;
}

std::string error_of(const std::string& table) {
  const ResultFolder folder;
  CsvReader csv(folder.write("pairs.csv", table), pair_columns().read_names());
  for (Pair row; csv.next();) pair_columns().read(csv, row);
  const auto place = csv.error().find("pairs.csv");
  return place == std::string::npos ? csv.error() : csv.error().substr(place);
}

}  // namespace

TEST_CASE("header and rows have the columns in their order, empty fields as well") {
  CHECK(pair_columns().header() == "name,low,high\n");
  CHECK(pair_columns().row({"a", 1, 2}) == "a,1,2\n");
  CHECK(pair_columns().row({}) == ",0,0\n");
}

TEST_CASE("what was written is read back, in whatever order the file has its columns") {
  const ResultFolder folder;
  CsvReader csv(folder.write("pairs.csv", "high,extra,low\n7,x,5\n"), pair_columns().read_names());
  Pair row{"kept"};
  REQUIRE(csv.next());
  pair_columns().read(csv, row);
  CHECK(row.name == "kept");
  CHECK(row.low == 5);
  CHECK(row.high == 7);
  CHECK(csv.error() == "");
}

TEST_CASE("a column that is only written may be missing, another may not") {
  CHECK(error_of("low,high\n1,2\n") == "");
  CHECK(error_of("name,low\nx,2\n") == "pairs.csv:1: no column \"high\"");
  const Columns<Pair> lenient("pairs.csv", "a pair",
                              {Column<Pair>{"low", "the lower number", [](const Pair&) { return std::string(); },
                                            [](CsvReader&, std::size_t, Pair&) {}}
                                   .only_written()});
  CHECK(lenient.read_names().empty());
}

TEST_CASE("a column may complain about the fields before it") {
  CHECK(error_of("name,low,high\nx,2,2\nx,3,2\n") == "pairs.csv:3: high is below low");
}
