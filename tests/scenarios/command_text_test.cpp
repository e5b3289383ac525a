#include "scenarios/src/command_text.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace tardigrad {
namespace {

std::string text_of(const std::vector<const char*>& words) {
  return command_text(static_cast<int>(words.size()), words.data());
}

TEST_CASE("a command line is kept so that a shell takes it again") {
  CHECK(text_of({"tardigrad", "run", "a.toml", "--set", "name=\"x y\"", "--out", "it's", ""}) ==
        "tardigrad run a.toml --set 'name=\"x y\"' --out 'it'\\''s' ''");
}

TEST_CASE("a token is nobody's business") {
  CHECK(text_of({"tardigrad", "run", "--token", "s3cret", "a.toml"}) == "tardigrad run --token ... a.toml");
  CHECK(text_of({"tardigrad", "run", "--token=s3cret", "a.toml"}) == "tardigrad run --token=... a.toml");
}

}  // namespace
}  // namespace tardigrad
