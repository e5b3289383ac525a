/// Converts traces of links that other programs recorded into the format of `read_trace`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "netem/base/units.hpp"
#include "netem/time/piecewise_constant.hpp"

namespace tardigrad {

struct RecordedFormat {
  std::string name;
  std::string summary;
};

/// mahimahi       a line for every 1500 bytes that can pass: its millisecond. Counted in bins of one length.
/// seconds-mbps   seconds, and Mbit/s from then on
/// unix-times     UNIX times, and Mbit/s from then on; their size shows whether they are seconds,
///                milliseconds, microseconds or nanoseconds
/// phone-log      UNIX time, milliseconds, latitude, longitude, bytes since the row before, their milliseconds
const std::vector<RecordedFormat>& recorded_formats();

/// The format of a file with this line, or the likeliest one; empty if the line fits none of them.
std::string recorded_format_of(std::string_view line);

/// The rate from the first recorded time, which becomes zero, to the last.
struct RecordedTrace {
  std::vector<PiecewiseConstant::Step> steps;  ///< bit/s, at least one
  Time end{};                                  ///< later than the beginning of the last step
};

struct RecordedTraceResult {
  RecordedTrace trace;
  std::string error;   ///< empty, or one line with the file's name and line
  std::string note{};  ///< empty, or one line with the file's name and the meaning assumed for its numbers
};

/// True if a format's bytes are counted in bins, whose length the user chooses.
bool has_bins(const std::string& format);

/// The integral over the trace equals the file's bytes. For mahimahi, `bin` is the approximate length of a
/// step: the trace is divided into equal steps of the best fitting length. Mistakes: numbers that are none or
/// out of range, times that do not go forward, no bytes at all, too many steps.
RecordedTraceResult read_recorded_trace(const std::string& format, const std::string& file, Time bin);

/// A file for `read_trace`, with rows for these nodes or, if there are none, for everyone. Played in a loop it
/// is as long as the recording.
std::string trace_csv(const RecordedTrace& trace, const std::vector<NodeId>& nodes);

}  // namespace tardigrad
