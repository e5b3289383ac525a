#include "scenarios/src/system/build_info.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>

namespace tardigrad {
namespace {

TEST_CASE("the version says what the program was built from") {
  const std::string line = version_line();
  CHECK_MESSAGE(
      std::regex_match(line, std::regex(R"(tardigrad \d+\.\d+\.\d+ \(commit (unknown|[0-9a-f]{10,40}(-dirty)?), )"
                                        R"(LibTorch \d+\.\d+\S*, CAF 0\.\d+\.\d+, (GCC|Clang) \d+\.\d+\.\d+\))")),
      line);
  for (const auto& [name, version] : build_versions()) {
    CAPTURE(name);
    CHECK(line.find(version) != std::string::npos);
  }
}

}  // namespace
}  // namespace tardigrad
