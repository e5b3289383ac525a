#include "models/printable.hpp"

#include <doctest/doctest.h>

namespace tardigrad {

TEST_CASE("text from a file is one line of printable characters") {
  CHECK(printable("plain") == "plain");
  CHECK(printable("gr\xc3\xb6\xc3\x9f"
                  "e \xe2\x82\xac \xf0\x9f\x98\x80") ==
        "gr\xc3\xb6\xc3\x9f"
        "e \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(printable("a\nb\tc\x1b[31m\x7f") == "a?b?c?[31m?");
  CHECK(printable("\xc2\x9b") == "??");
  CHECK(printable("\xff\xc3") == "??");
  CHECK(printable("\xed\xa0\x80") == "???");
  CHECK(printable("abcd", 3) == "abc...");
  CHECK(printable("abc", 3) == "abc");
}

TEST_CASE("what turns or breaks a line of text is not printed, its neighbours are") {
  // U+061C, U+200E, U+200F, U+2028, U+2029, U+202A, U+202E, U+2066, U+2069
  for (const char* mark : {"\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa",
                           "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9"}) {
    CHECK(printable(std::string("a") + mark + "b") == "a???b");
  }
  CHECK(printable("a\xd8\x9c"
                  "b") == "a??b");
  // U+200D, U+202F, U+2065, U+206A, U+061B
  for (const char* other : {"\xe2\x80\x8d", "\xe2\x80\xaf", "\xe2\x81\xa5", "\xe2\x81\xaa", "\xd8\x9b"}) {
    CHECK(printable(other) == other);
  }
}

}  // namespace tardigrad
