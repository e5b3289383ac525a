/// Seeds and nodes as the command line takes them: "1,2,3", "1-5", "1-3,7".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// What is listed.
struct ListedKind {
  const char* one;
  const char* many;
  const char* example;
  std::uint64_t highest;
  std::size_t most;  ///< so many at most
};
/// As large as a whole number of a scenario file can be.
inline constexpr ListedKind kSeeds{"seed", "seeds", "1,2,3 or 1-5", INT64_MAX, 10'000};
inline constexpr ListedKind kNodes{"node", "nodes", "0,3 or 0-5", 999'999, 1'000'000};

struct NumberListResult {
  std::vector<std::uint64_t> numbers;  ///< at least one, no two the same, in the order in which they were named
  std::string error;                   ///< empty, or one line
};

/// Numbers and ranges with both their ends, between commas.
NumberListResult parse_number_list(std::string_view text, const ListedKind& kind);

}  // namespace tardigrad
