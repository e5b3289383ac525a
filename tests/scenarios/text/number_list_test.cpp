#include "scenarios/src/text/number_list.hpp"

#include <doctest/doctest.h>

using namespace tardigrad;
using Numbers = std::vector<std::uint64_t>;

TEST_CASE("seeds are numbers and ranges") {
  CHECK(parse_number_list("7", kSeeds).numbers == Numbers{7});
  CHECK(parse_number_list("1,2,3", kSeeds).numbers == Numbers{1, 2, 3});
  CHECK(parse_number_list("1-5", kSeeds).numbers == Numbers{1, 2, 3, 4, 5});
  CHECK(parse_number_list("1-3,7", kSeeds).numbers == Numbers{1, 2, 3, 7});
  CHECK(parse_number_list(" 9 , 2 - 4, 1", kSeeds).numbers == Numbers{9, 2, 3, 4, 1});
  CHECK(parse_number_list("5-5", kSeeds).numbers == Numbers{5});
  CHECK(parse_number_list("0-9999", kSeeds).numbers.size() == kSeeds.most);
  const Numbers last{9223372036854775806, 9223372036854775807};
  CHECK(parse_number_list("9223372036854775806-9223372036854775807", kSeeds).numbers == last);
}

TEST_CASE("what are no seeds is answered with what was expected") {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {{"", "expected seeds such as 1,2,3 or 1-5, got \"\""},
               {"  ", "expected seeds such as 1,2,3 or 1-5, got \"\""},
               {"1,,2", "expected seeds such as 1,2,3 or 1-5, got \"\""},
               {"1,2,", "expected seeds such as 1,2,3 or 1-5, got \"\""},
               {"1,x", "expected seeds such as 1,2,3 or 1-5, got \"x\""},
               {"-1", "expected seeds such as 1,2,3 or 1-5, got \"-1\""},
               {"1-", "expected seeds such as 1,2,3 or 1-5, got \"1-\""},
               {"1-2-3", "expected seeds such as 1,2,3 or 1-5, got \"1-2-3\""},
               {"1..5", "expected seeds such as 1,2,3 or 1-5, got \"1..5\""},
               {"1.5", "expected seeds such as 1,2,3 or 1-5, got \"1.5\""},
               {"9223372036854775808", "expected seeds such as 1,2,3 or 1-5, got \"9223372036854775808\""},
               {"5-1", "\"5-1\" goes backwards: expected 1-5"},
               {"1,2,1", "seed 1 comes twice"},
               {"1-5,3", "seed 3 comes twice"},
               {"1-10001", "\"1-10001\" makes more than 10000 seeds"},
               {"0-9999,10000", "\"10000\" makes more than 10000 seeds"},
               {"0-9223372036854775807", "\"0-9223372036854775807\" makes more than 10000 seeds"}};
  for (const auto& one : cases) {
    INFO(one.text);
    CHECK(parse_number_list(one.text, kSeeds).error == one.error);
    CHECK(parse_number_list(one.text, kSeeds).numbers.empty());
  }
}

TEST_CASE("nodes are listed as seeds are") {
  CHECK(parse_number_list("0-2,9", kNodes).numbers == Numbers{0, 1, 2, 9});
  CHECK(parse_number_list("1000000", kNodes).error == "expected nodes such as 0,3 or 0-5, got \"1000000\"");
  CHECK(parse_number_list("3,3", kNodes).error == "node 3 comes twice");
}
