/// `tardigrad trace`: converts another program's recording of a link to a trace for [[network.traces]].
#pragma once

#include <optional>
#include <string>

#include "netem/base/units.hpp"

namespace tardigrad {

struct TraceArguments {
  std::string format;
  std::string file;
  std::string nodes;  ///< "0,3" or "0-5"; empty: everyone
  std::string direction = "both";
  std::optional<Time> bin;  ///< a second if nothing is said; only of formats that have bins
};

inline constexpr Time kShortestBin = std::chrono::milliseconds(1);

struct TraceText {
  std::string text;    ///< a comment that shows how a scenario names it, then the trace
  std::string error;   ///< one line; empty on success
  std::string note{};  ///< one line on what the log's numbers were taken for; empty if there is nothing to say
};

TraceText converted_trace(const TraceArguments& arguments);

}  // namespace tardigrad
