/// Lists of seeds and nodes on the command line: "1,2,3", "1-5", "1-3,7".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tardigrad {

/// The kind of numbers in a list.
struct ListedKind {
  const char* one;
  const char* many;
  const char* example;
  std::uint64_t highest;
  std::size_t most;  ///< the greatest count
};
/// The greatest seed is the greatest whole number of a scenario file.
inline constexpr ListedKind kSeeds{"seed", "seeds", "1,2,3 or 1-5", INT64_MAX, 10'000};
inline constexpr ListedKind kNodes{"node", "nodes", "0,3 or 0-5", 999'999, 1'000'000};

struct NumberListResult {
  std::vector<std::uint64_t> numbers;  ///< at least one, no two the same, in the order in which they were named
  std::string error;                   ///< one line; empty on success
};

/// Numbers and ranges with both their ends, between commas.
NumberListResult parse_number_list(std::string_view text, const ListedKind& kind);

}  // namespace tardigrad
