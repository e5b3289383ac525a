#include "netem/files/trace_file.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "netem/base/csv_lines.hpp"
#include "netem/files/recorded_trace.hpp"
#include "netem/files/unix_time.hpp"

namespace tardigrad {
namespace {

using std::to_string;
using Steps = std::vector<PiecewiseConstant::Step>;
using Pair = std::pair<NodeId, NodeId>;

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostRows = 10'000'000;
constexpr double kLatestSecond = 1e6;
constexpr Time kShortestLoop = std::chrono::milliseconds(1);  // bounds the size of a run's unrolled loops

struct Column {
  std::string name;
  double highest;
  double unit;  // the value of 1 in the file
};

/// The rows of one node or pair.
struct Series {
  Steps values;
  Steps latencies;
  Time first{};
  Time last{};
  Time before_last{};
  std::size_t last_line = 0;
};

/// Division, unlike multiplication by 1e-12, gives the number that the user wrote.
std::string seconds_text(Time time) { return number_text(static_cast<double>(time.count()) / 1e12); }

class TraceReader {
 public:
  TraceReader(const std::string& file, TraceKind kind, NodeId nodes)
      : lines_(file, kLongestLine),
        nodes_(nodes),
        value_(kind == TraceKind::link ? Column{"rate_mbps", 1e9, 1e6} : Column{"pace", 1e3, 1}),
        names_{"time_s", value_.name, "node", "from", "to"} {
    if (kind == TraceKind::link) names_.push_back(latency_.name);
  }

  TraceResult read(TraceEnd end) {
    TraceResult result;
    if (read_header()) {
      std::size_t rows = 0;
      while (lines_.next()) {
        if (++rows > kMostRows) lines_.fail("expected at most " + to_string(kMostRows) + " rows");
        read_row();
      }
      if (rows == 0) lines_.fail_file("expected at least one row after the header");
    }
    result.unix_times = start_ > 0;
    if (result.unix_times) count_from_earliest();
    for (auto& [key, series] : series_) {
      if (!lines_.failed()) result.traces.emplace(key, trace(series, end));
    }
    result.scope = scope_;
    result.error = lines_.error();
    if (lines_.failed()) result.traces.clear();
    return result;
  }

 private:
  static constexpr std::size_t kAbsent = std::numeric_limits<std::size_t>::max();

  bool has(const std::string& column) const { return place(column) != kAbsent; }
  std::size_t place(const std::string& column) const {
    const auto found = std::find(header_.begin(), header_.end(), column);
    return found == header_.end() ? kAbsent : static_cast<std::size_t>(found - header_.begin());
  }

  bool read_header() {
    if (!lines_.next()) {
      lines_.fail_file("expected a header line that names the columns time_s and " + value_.name);
      return false;
    }
    refuse_log();
    for (const std::string_view field : lines_.fields()) {
      if (std::find(names_.begin(), names_.end(), field) == names_.end()) {
        lines_.fail("unknown column " + quoted(field) + ": expected a header line with some of " + known_columns());
      }
      if (has(std::string(field))) lines_.fail("column " + quoted(field) + " is named twice");
      header_.emplace_back(field);
    }
    for (const std::string& needed : {names_[0], names_[1]}) {
      if (!has(needed)) lines_.fail("expected a column " + needed);
    }
    if (has("from") != has("to")) lines_.fail("expected both of the columns from and to, or neither");
    if (has("node") && has("from")) lines_.fail("expected either a column node or the columns from and to");
    scope_ = has("node") ? TraceScope::node : has("from") ? TraceScope::pair : TraceScope::everyone;
    find_places();
    return !lines_.failed();
  }

  /// Names the converter if the file begins as another program's log does.
  void refuse_log() {
    const std::string format = value_.name == "rate_mbps" ? recorded_format_of(lines_.text()) : "";
    if (format.empty()) return;
    lines_.fail("expected a header line with some of " + known_columns() + ", got " + quoted(lines_.text()) +
                "; tardigrad trace " + format + " FILE > trace.csv makes a trace of such a log");
  }

  void find_places() {
    time_place_ = place("time_s");
    value_place_ = place(value_.name);
    latency_place_ = place(latency_.name);
    from_place_ = scope_ == TraceScope::node ? place("node") : place("from");
    to_place_ = place("to");
  }

  std::string known_columns() const {
    std::string text;
    for (const std::string& name : names_) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

  void read_row() {
    if (lines_.fields().size() != header_.size()) {
      lines_.fail(to_string(lines_.fields().size()) + " fields, expected " + to_string(header_.size()) +
                  " as in the header");
    }
    const std::optional<Pair> key = read_key();
    const auto seconds = read_seconds();
    const auto value = lines_.number(value_place_, value_.name, 0, value_.highest);
    const bool with_latency = latency_place_ != kAbsent;
    const auto latency = with_latency ? lines_.number(latency_place_, latency_.name, 0, latency_.highest) : 0.0;
    if (!lines_.failed()) append(series_[*key], *seconds, *value, *latency);
  }

  /// Seconds since the start of the run, or for UNIX times since the file's first row.
  std::optional<double> read_seconds() {
    if (lines_.failed() || start_ > 0) {
      const auto time = lines_.number(time_place_, "time_s", start_ - kLatestSecond, start_ + kLatestSecond);
      return time ? std::optional(*time - start_) : std::nullopt;
    }
    const bool first = series_.empty();
    if (first) refuse_other_units();
    const auto time = lines_.number(time_place_, "time_s", 0, first ? kLatestUnixTime : kLatestSecond);
    if (first && time && *time > kLatestSecond) start_ = *time;
    return time ? std::optional(*time - start_) : std::nullopt;
  }

  /// A column that says seconds and has others is the user's to mend.
  void refuse_other_units() {
    double number = 0;
    const std::string_view text = lines_.fields()[time_place_];
    std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = unit_of_unix_time(number);
    if (!unit || unit->in_a_second == 1) return;
    lines_.fail("time_s is a UNIX time in " + std::string(unit->name) + ", expected seconds: divide it by " +
                number_text(unit->in_a_second));
  }

  /// A series may begin before the file's first row.
  void count_from_earliest() {
    Time earliest = kNever;
    for (const auto& entry : series_) earliest = std::min(earliest, entry.second.first);
    for (auto& entry : series_) {
      Series& series = entry.second;
      for (Steps* steps : {&series.values, &series.latencies}) {
        for (std::size_t k = 1; k < steps->size(); ++k) (*steps)[k].begin -= earliest;
      }
      series.last -= earliest;
      series.before_last -= earliest;
    }
  }

  std::optional<Pair> read_key() {
    if (lines_.failed()) return std::nullopt;
    if (scope_ == TraceScope::everyone) return Pair{0, 0};
    const auto from = lines_.index(from_place_, header_[from_place_], nodes_);
    if (scope_ == TraceScope::node) return from ? std::optional(Pair{*from, 0}) : std::nullopt;
    const auto to = lines_.index(to_place_, "to", nodes_);
    if (!from || !to) return std::nullopt;
    if (*from == *to) lines_.fail("expected two different nodes, not " + to_string(*from) + " twice");
    return Pair{*from, *to};
  }

  void append(Series& series, double seconds, double value, double latency) {
    const Time time = from_seconds(seconds);
    const bool first = series.values.empty();
    if (!first && time <= series.last) {
      return lines_.fail("time_s is " + number_text(start_ + seconds) + ", expected more than " +
                         number_text(start_ + static_cast<double>(series.last.count()) / 1e12) + " as in line " +
                         to_string(series.last_line));
    }
    const Time begin = first ? Time{} : time;
    series.values.push_back({begin, value * value_.unit});
    if (latency_place_ != kAbsent) series.latencies.push_back({begin, latency * latency_.unit});
    if (first) series.first = time;
    series.before_last = series.last;
    series.last = time;
    series.last_line = lines_.line();
  }

  Trace trace(const Series& series, TraceEnd end) {
    const Time period = series.last + (series.last - series.before_last);
    const bool looped = end == TraceEnd::loop && series.values.size() > 1;
    if (looped && period < kShortestLoop) {
      lines_.fail_at(series.last_line, "a loop of " + seconds_text(period) + " s, expected at least " +
                                           seconds_text(kShortestLoop) + " s");
    }
    const auto along = [&](const Steps& steps) {
      return looped ? PiecewiseConstant::looped(steps, period) : PiecewiseConstant::held(steps);
    };
    Trace made{along(series.values), std::nullopt};
    if (!series.latencies.empty()) made.latency = along(series.latencies);
    if (!made.value.recovers()) {
      lines_.fail_at(series.last_line, value_.name + " is 0 with no later recovery: expected a row with more than 0");
    }
    return made;
  }

  CsvLines lines_;
  NodeId nodes_;
  double start_ = 0;  // UNIX times only: the first in the file
  Column value_;
  Column latency_{"latency_ms", 1e6, 1e-3};
  std::vector<std::string> names_;
  std::vector<std::string> header_;
  TraceScope scope_ = TraceScope::everyone;
  std::size_t time_place_ = kAbsent;
  std::size_t value_place_ = kAbsent;
  std::size_t latency_place_ = kAbsent;
  std::size_t from_place_ = kAbsent;
  std::size_t to_place_ = kAbsent;
  std::map<Pair, Series> series_;
};

}  // namespace

const Trace* TraceResult::of_node(NodeId node) const {
  const auto found = traces.find({scope == TraceScope::node ? node : 0, 0});
  return scope == TraceScope::pair || found == traces.end() ? nullptr : &found->second;
}

const Trace* TraceResult::of_pair(NodeId from, NodeId to) const {
  const auto found = traces.find(scope == TraceScope::pair ? Pair{from, to} : Pair{0, 0});
  return scope == TraceScope::node || found == traces.end() ? nullptr : &found->second;
}

TraceResult read_trace(const std::string& file, TraceKind kind, TraceEnd end, NodeId nodes) {
  return TraceReader(file, kind, nodes).read(end);
}

}  // namespace tardigrad
