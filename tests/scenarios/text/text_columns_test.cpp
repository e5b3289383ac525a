#include "scenarios/src/text/text_columns.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;

TEST_CASE("columns are as wide as their widest cell in characters, not bytes") {
  CHECK(in_columns({{"é", "b"}, {"aa", "b"}}, 2) == "  é   b\n  aa  b\n");
  CHECK(aligned_lines({{"é", "long"}, {"aa", "é"}}, Flush::right) == std::vector<std::string>{"é   long", "aa     é"});
}

TEST_CASE("rows may differ in length and end without blanks") {
  CHECK(in_columns({{"a", "", "c"}, {"long"}, {""}}, 1) == " a       c\n long\n\n");
}
