/// Traces of links as other programs record them, made into what `read_trace` reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netem/piecewise_constant.hpp"
#include "netem/units.hpp"

namespace tardigrad {

struct RecordedFormat {
  std::string name;
  std::string summary;
};

/// mahimahi       a line for every 1500 bytes that can pass: its millisecond. Counted in bins of one length.
/// seconds-mbps   seconds and Mbit/s from then on
/// unix-times     the same with UNIX times
/// phone-log      UNIX time, milliseconds, latitude, longitude, bytes since the row before, milliseconds of these
const std::vector<RecordedFormat>& recorded_formats();

/// The format of a file with this line, or the likeliest; empty if it looks like none of them.
std::string recorded_format_of(std::string_view line);

/// The rate from the first thing recorded, at zero, to the last.
struct RecordedTrace {
  std::vector<PiecewiseConstant::Step> steps;  ///< bit/s, at least one
  Time end{};                                  ///< later than the last step begins
};

struct RecordedTraceResult {
  RecordedTrace trace;
  std::string error;  ///< empty, or one line with the file's name and line
};

/// Whether a format's bytes are counted in bins, whose length is for the user to say.
bool has_bins(const std::string& format);

/// The integral over the trace is what the file has of bytes. Of mahimahi `bin` is about the length of a step: as many
/// of one length as fit best. Mistakes: numbers that are none or out of range, times that do not go forward, no bytes
/// at all, too many steps.
RecordedTraceResult read_recorded_trace(const std::string& format, const std::string& file, Time bin);

/// As `read_trace` reads it, for these nodes or, if there are none, for everyone. Played in a loop it is as long as
/// what was recorded.
std::string trace_csv(const RecordedTrace& trace, const std::vector<NodeId>& nodes);

}  // namespace tardigrad
