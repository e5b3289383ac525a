#include "scenarios/src/system/complaint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/printable.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

int complain(ExitCode code, const std::string& problem) {
  say("tardigrad: " + printable(problem, kLongestComplaint));
  return code;
}

int complain_of_each(ExitCode code, const std::vector<std::string>& problems) {
  constexpr std::size_t most = 20;
  const std::size_t shown = std::min(problems.size(), most);
  for (std::size_t i = 0; i < shown; ++i) complain(code, problems[i]);
  if (shown < problems.size()) complain(code, fmt::format("and {} more", problems.size() - shown));
  return code;
}

}  // namespace tardigrad
