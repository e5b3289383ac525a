#include "scenarios/src/system/complaint.hpp"

#include "models/printable.hpp"
#include "scenarios/src/system/standard_streams.hpp"

namespace tardigrad {

int complain(ExitCode code, const std::string& problem) {
  say("tardigrad: " + printable(problem, kLongestComplaint));
  return code;
}

}  // namespace tardigrad
