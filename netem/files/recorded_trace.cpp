#include "netem/files/recorded_trace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "netem/base/csv_lines.hpp"
#include "netem/base/text_lines.hpp"
#include "netem/base/text_parts.hpp"
#include "netem/files/unix_time.hpp"

namespace tardigrad {
namespace {

using std::to_string;
using Step = PiecewiseConstant::Step;

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostSteps = 10'000'000;
constexpr double kLongestSeconds = 1e6;
constexpr double kHighestMbps = 1e9;
/// The size of one of Mahimahi's delivery opportunities.
constexpr double kOpportunityBits = 8 * 1500;
constexpr double kMostBytes = 1e15;

std::vector<std::string_view> fields_of(std::string_view line) {
  constexpr std::string_view separators = " \t,;";
  std::vector<std::string_view> fields;
  for (std::size_t begin = line.find_first_not_of(separators); begin != std::string_view::npos;) {
    const std::size_t end = line.find_first_of(separators, begin);
    fields.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(separators, end);
  }
  return fields;
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = status == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

/// Rows with as many numbers as the format has columns.
class NumberRows {
 public:
  NumberRows(const std::string& file, std::string columns, std::size_t count)
      : lines_(file, kLongestLine), columns_(std::move(columns)), numbers_(count) {}

  /// Goes to the next row, past comments, blank lines and a first line of names.
  bool next() {
    while (lines_.next()) {
      const auto fields = fields_of(trimmed(lines_.text().substr(0, lines_.text().find('#'))));
      if (fields.empty() || is_header(fields)) continue;
      if (fields.size() != numbers_.size()) return refuse(columns_);
      for (std::size_t k = 0; k < fields.size(); ++k) {
        const auto number = number_in(fields[k]);
        if (!number) return refuse(columns_);
        numbers_[k] = *number;
      }
      ++rows_;
      return true;
    }
    return false;
  }

  double operator[](std::size_t column) const { return numbers_[column]; }
  std::size_t rows() const { return rows_; }
  TextLines& lines() { return lines_; }

  /// False, with a mistake reported, unless the column is within bounds.
  bool check(std::size_t column, const std::string& name, double lowest, double highest) {
    if (numbers_[column] >= lowest && numbers_[column] <= highest) return true;
    return refuse(name + " from " + number_text(lowest) + " to " + number_text(highest));
  }
  bool refuse(const std::string& expected) {
    lines_.fail("expected " + expected + ", got " + quoted(lines_.text()));
    return false;
  }

 private:
  bool is_header(const std::vector<std::string_view>& fields) const {
    return rows_ == 0 && fields.size() == numbers_.size() && fields.size() > 1 &&
           std::none_of(fields.begin(), fields.end(), [](auto field) { return number_in(field); });
  }

  TextLines lines_;
  std::string columns_;
  std::vector<double> numbers_;
  std::size_t rows_ = 0;
};

RecordedTraceResult result(RecordedTrace trace, TextLines& lines) {
  if (!lines.failed() && trace.steps.empty()) lines.fail_file("expected at least one row");
  const auto passes = [](const Step& step) { return step.value > 0; };
  if (!lines.failed() && std::none_of(trace.steps.begin(), trace.steps.end(), passes)) {
    lines.fail_file("expected at least one rate above 0");
  }
  return {std::move(trace), lines.error()};
}

RecordedTraceResult read_mahimahi(const std::string& file, Time bin) {
  NumberRows rows(file, "a millisecond, a whole number", 1);
  std::vector<std::uint32_t> opportunities;
  while (rows.next()) {
    if (!rows.check(0, "a millisecond", 0, 1e3 * kLongestSeconds)) break;
    if (rows[0] != std::floor(rows[0])) rows.refuse("a millisecond, a whole number");
    const auto millisecond = static_cast<std::uint32_t>(rows[0]);
    if (!opportunities.empty() && millisecond < opportunities.back()) {
      rows.refuse("at least " + to_string(opportunities.back()) + " as in the line before");
    }
    opportunities.push_back(millisecond);
  }
  if (opportunities.empty() || rows.lines().failed()) return result({}, rows.lines());
  const Time whole = std::chrono::milliseconds(opportunities.back());
  if (whole == Time{}) rows.lines().fail_file("expected milliseconds after 0");
  const double steps = std::max(1.0, std::round(static_cast<double>(whole.count()) / static_cast<double>(bin.count())));
  if (steps > kMostSteps) {
    rows.lines().fail_file("makes " + number_text(steps) + " rows, expected at most " + to_string(kMostSteps) +
                           ": longer bins do");
  }
  if (rows.lines().failed()) return result({}, rows.lines());
  RecordedTrace trace;
  trace.steps.resize(static_cast<std::size_t>(steps));
  const Time length = whole / static_cast<std::int64_t>(steps);
  trace.end = length * static_cast<std::int64_t>(steps);
  for (const std::uint32_t millisecond : opportunities) {
    // An opportunity counts at the end of its millisecond.
    const Time begin = std::chrono::milliseconds(std::max(millisecond, 1U) - 1);
    ++trace.steps[std::min(trace.steps.size() - 1, static_cast<std::size_t>(begin / length))].value;
  }
  for (std::size_t k = 0; k < trace.steps.size(); ++k) {
    trace.steps[k] = {length * static_cast<std::int64_t>(k),
                      trace.steps[k].value * kOpportunityBits / to_seconds(length)};
  }
  return result(std::move(trace), rows.lines());
}

/// The unit of the times in a log that begins with this one; a number that is too large for seconds is a UNIX
/// time.
std::optional<UnixTimeUnit> unit_of_times(double first) {
  return first < kLatestUnixTime ? UnixTimeUnit{"seconds", 1} : unit_of_unix_time(first);
}

/// The last row lasts as long as the one before it; a single row lasts a second.
RecordedTraceResult read_seconds(const std::string& file) {
  NumberRows rows(file, "seconds and Mbit/s", 2);
  RecordedTrace trace;
  double first = 0;
  std::optional<UnixTimeUnit> unit;
  while (rows.next()) {
    if (rows.rows() == 1) {
      first = rows[0];
      unit = unit_of_times(first);
    }
    if (!unit) {
      rows.refuse("seconds, or a UNIX time in seconds, milliseconds, microseconds or nanoseconds");
      break;
    }
    if (!rows.check(0, unit->name, first, first + kLongestSeconds * unit->in_a_second)) break;
    if (!rows.check(1, "Mbit/s", 0, kHighestMbps)) break;
    const Time begin = from_seconds((rows[0] - first) / unit->in_a_second);
    if (!trace.steps.empty() && begin <= trace.steps.back().begin) {
      rows.refuse("a later time than in the row before");
      break;
    }
    trace.end = begin + (trace.steps.empty() ? std::chrono::seconds(1) : begin - trace.steps.back().begin);
    trace.steps.push_back({begin, 1e6 * rows[1]});
    if (trace.steps.size() > kMostSteps) rows.lines().fail("expected at most " + to_string(kMostSteps) + " rows");
  }
  RecordedTraceResult read = result(std::move(trace), rows.lines());
  const bool are_seconds = !unit || unit->in_a_second == 1;
  if (!are_seconds) read.note = file + ": read as UNIX times in " + unit->name;
  return read;
}

/// True if the column of milliseconds repeats the row's UNIX time.
bool are_seconds(double unix_time, double milliseconds) {
  const auto unit = unit_of_unix_time(milliseconds);
  return unit && unit->in_a_second == 1 && std::abs(unix_time - milliseconds) < kLongestSeconds;
}

/// A row's bytes came in the milliseconds before its time. Where the previous row ends a little earlier, they
/// count from there on; a pause longer than the row itself was an outage.
RecordedTraceResult read_phone_log(const std::string& file) {
  NumberRows rows(file, "UNIX time, milliseconds, latitude, longitude, bytes and milliseconds", 6);
  RecordedTrace trace;
  double start = 0;
  while (rows.next()) {
    if (!rows.check(1, "milliseconds", 0, 1e14) || !rows.check(4, "bytes", 0, kMostBytes)) break;
    const bool first = rows.rows() == 1;
    if (first && are_seconds(rows[0], rows[1])) {
      rows.refuse("milliseconds as the second number, not a UNIX time in seconds");
      break;
    }
    if (!rows.check(5, "milliseconds of the row", first ? 1e-3 : 0, 1e3 * kLongestSeconds)) break;
    if (first) start = rows[1] - rows[5];
    const Time end = from_seconds((rows[1] - start) / 1e3);
    const Time length = from_seconds(rows[5] / 1e3);
    if (end <= trace.end || end > from_seconds(kLongestSeconds)) {
      rows.refuse("milliseconds (the second number) that go forward, up to " + number_text(kLongestSeconds) +
                  " seconds in all");
      break;
    }
    if (end - length - trace.end > length && length > Time{}) {
      trace.steps.push_back({trace.end, 0});
      trace.end = end - length;
    }
    trace.steps.push_back({trace.end, 8 * rows[4] / to_seconds(end - trace.end)});
    trace.end = end;
    if (trace.steps.size() > kMostSteps) rows.lines().fail("expected at most " + to_string(kMostSteps) + " rows");
  }
  return result(std::move(trace), rows.lines());
}

std::string row(Time begin, const std::string& node, double bits_per_second) {
  // Division, unlike multiplication by 1e-12, gives the number that the user wrote.
  return number_text(static_cast<double>(begin.count()) / 1e12) + node + "," + number_text(bits_per_second / 1e6) +
         "\n";
}

}  // namespace

const std::vector<RecordedFormat>& recorded_formats() {
  static const std::vector<RecordedFormat> formats = {
      {"mahimahi", "a millisecond a line, for every 1500 bytes that can pass"},
      {"seconds-mbps", "seconds and Mbit/s from then on"},
      {"unix-times", "UNIX time and Mbit/s from then on; counted from the first row"},
      {"phone-log", "UNIX time, milliseconds, latitude, longitude, bytes, milliseconds of these"}};
  return formats;
}

std::string recorded_format_of(std::string_view line) {
  const auto fields = fields_of(line);
  if (!std::all_of(fields.begin(), fields.end(), [](auto field) { return number_in(field); })) return {};
  if (fields.size() == 1) return "mahimahi";
  if (fields.size() == 2) return *number_in(fields.front()) > kLongestSeconds ? "unix-times" : "seconds-mbps";
  return fields.size() == 6 ? "phone-log" : "";
}

bool has_bins(const std::string& format) { return format == "mahimahi"; }

RecordedTraceResult read_recorded_trace(const std::string& format, const std::string& file, Time bin) {
  if (format == "mahimahi") return read_mahimahi(file, bin);
  return format == "phone-log" ? read_phone_log(file) : read_seconds(file);
}

std::string trace_csv(const RecordedTrace& trace, const std::vector<NodeId>& nodes) {
  std::vector<Step> steps = trace.steps;
  // A loop makes the last row as long as the one before it: where that is wrong, the last row is written as two
  // halves.
  const auto last = steps.rbegin();
  const Time length = trace.end - last->begin;
  if (steps.size() > 1 && length != last->begin - std::next(last)->begin) {
    const Step half{last->begin + length / 2, last->value};
    steps.push_back(half);
  }
  std::string text = nodes.empty() ? "time_s,rate_mbps\n" : "time_s,node,rate_mbps\n";
  if (nodes.empty()) {
    for (const Step& step : steps) text += row(step.begin, "", step.value);
  }
  for (const NodeId node : nodes) {
    for (const Step& step : steps) text += row(step.begin, "," + to_string(node), step.value);
  }
  return text;
}

}  // namespace tardigrad
