/// `tardigrad trace`: converts another program's recording of a link to a trace for [[network.traces]].
#pragma once

#include <string>

namespace tardigrad {

struct TraceArguments {
  std::string format;
  std::string file;
  std::string nodes;  ///< "0,3" or "0-5"; empty: everyone
  std::string direction = "both";
  std::string bin;  ///< empty: a second
};

struct TraceText {
  std::string text;   ///< a comment that shows how a scenario names it, then the trace
  std::string error;  ///< one line; empty on success
};

TraceText converted_trace(const TraceArguments& arguments);

}  // namespace tardigrad
