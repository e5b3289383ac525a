#include "netem/files/recorded_trace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "netem/files/trace_file.hpp"
#include "tests/temporary_folder.hpp"

using namespace tardigrad;
using test::TemporaryFolder;

namespace {

constexpr Time ms(std::int64_t count) { return std::chrono::milliseconds(count); }

RecordedTraceResult read(const std::string& format, const std::string& text, Time bin = std::chrono::seconds(1)) {
  const TemporaryFolder folder;
  const std::string path = folder.write("log", text);
  RecordedTraceResult result = read_recorded_trace(format, path, bin);
  if (result.error.rfind(path + ":", 0) == 0) result.error.erase(0, path.size() + 1);
  return result;
}

/// The converted trace as a scenario reads it, played in a loop.
TraceResult looped(const RecordedTrace& trace, const std::vector<NodeId>& nodes = {}) {
  const TemporaryFolder folder;
  TraceResult result =
      read_trace(folder.write("trace.csv", trace_csv(trace, nodes)), TraceKind::link, TraceEnd::loop, 10);
  REQUIRE(result.error == "");
  return result;
}

double bytes(const PiecewiseConstant& rate, Time begin, Time end) { return rate.integral(begin, end) / 8; }

}  // namespace

TEST_CASE("a Mahimahi trace keeps its bytes, whatever the bins, and repeats after its last millisecond") {
  // 1, 2 and 2 packets in the milliseconds 0, 90 and 180; two in the last.
  const std::string text = "0\n90\n90\n180\r\n180\n270\n270\n";
  for (const Time bin : {ms(1), ms(90), ms(100), ms(1000)}) {
    const RecordedTraceResult result = read("mahimahi", text, bin);
    REQUIRE(result.error == "");
    CHECK(to_seconds(result.trace.end) == doctest::Approx(0.27));
    const PiecewiseConstant rate = looped(result.trace).of_node(0)->value;
    CHECK(bytes(rate, Time{}, ms(270)) == doctest::Approx(7 * 1500));
    CHECK(bytes(rate, Time{}, ms(2700)) == doctest::Approx(70 * 1500));
  }
  const RecordedTrace three = read("mahimahi", text, ms(90)).trace;
  REQUIRE(three.steps.size() == 3);
  CHECK(three.steps[0].value == doctest::Approx(3 * 12000 / 0.09));
  CHECK(three.steps[1].begin == ms(90));
  CHECK(three.steps[2].value == doctest::Approx(2 * 12000 / 0.09));
}

TEST_CASE("seconds and Mbit/s count from the first row") {
  for (const char* text : {"0.0\t4.1\n0.6\t3.3\n1.2\t0.8\n", "5 4.1\n5.6 3.3\n6.2 0.8\n",
                           "time,mbps\n# two\n1600000000.0,4.1\n1600000000.6,3.3\n1600000001.2,0.8\n"}) {
    INFO(text);
    const RecordedTraceResult result = read("unix-times", text);
    REQUIRE(result.error == "");
    const PiecewiseConstant rate = looped(result.trace).of_node(0)->value;
    CHECK(rate.at(ms(599)) == doctest::Approx(4.1e6));
    CHECK(rate.at(ms(601)) == doctest::Approx(3.3e6));
    CHECK(bytes(rate, Time{}, ms(1800)) == doctest::Approx(0.6 * (4.1e6 + 3.3e6 + 0.8e6) / 8));
    CHECK(rate.at(ms(1801)) == doctest::Approx(4.1e6));
  }
}

TEST_CASE("UNIX times of every unit are told from seconds by their size") {
  const struct {
    const char* text;
    const char* unit;
  } logs[] = {{"1600000000 4\n1600000002 8\n", ""},
              {"1600000000000 4\n1600000002000 8\n", "milliseconds"},
              {"1600000000000000 4\n1600000002000000 8\n", "microseconds"},
              {"1600000000000000000 4\n1600000002000000000 8\n", "nanoseconds"}};
  for (const auto& log : logs) {
    for (const char* format : {"unix-times", "seconds-mbps"}) {
      INFO(log.text);
      const RecordedTraceResult result = read(format, log.text);
      REQUIRE(result.error == "");
      CHECK(result.trace.end == ms(4000));
      REQUIRE(result.trace.steps.size() == 2);
      CHECK(result.trace.steps[1].begin == ms(2000));
      const std::string said = log.unit[0] ? std::string(": read as UNIX times in ") + log.unit : "";
      CHECK(result.note.substr(std::min(result.note.size(), result.note.find(':'))) == said);
    }
  }
}

TEST_CASE("a phone's log counts in its milliseconds, whatever its UNIX times count in") {
  const RecordedTraceResult result = read("phone-log",
                                          "1600000000000 1600000000000 1 2 250000 1000\n"
                                          "1600000001000 1600000001000 1 2 240000 1000\n");
  REQUIRE(result.error == "");
  CHECK(result.trace.end == ms(2000));
  CHECK(read("phone-log", "1600000000 1600000000 1 2 250000 1000\n").error ==
        "1: expected milliseconds as the second number, not a UNIX time in seconds, got \"1600000000 1600000000 1 2 "
        "250000 1000\"");
}

TEST_CASE("a phone's log keeps its bytes, in rows of uneven length, and a pause is an outage") {
  const RecordedTraceResult result = read("phone-log",
                                          "1600000000 1000 10.0 20.0 250000 1000\n"
                                          "1600000001 2000 10.0 20.0 240000 1000\n"
                                          "1600000002 2510 10.0 20.0 0 500\n"
                                          "1600000009 9510 10.0 20.0 80000 1000\n");
  REQUIRE(result.error == "");
  CHECK(result.trace.end == ms(9510));
  const PiecewiseConstant rate = looped(result.trace, {4}).of_node(4)->value;
  CHECK(rate.at(ms(500)) == doctest::Approx(2e6));
  CHECK(rate.at(ms(8000)) == 0);
  CHECK(rate.at(ms(8600)) == doctest::Approx(640e3));
  CHECK(bytes(rate, Time{}, ms(9510)) == doctest::Approx(570000));
  CHECK(bytes(rate, Time{}, ms(95100)) == doctest::Approx(5700000));
}

TEST_CASE("a trace is written for everyone or for some nodes") {
  const RecordedTrace trace = read("seconds-mbps", "0 8\n1 4.5\n").trace;
  CHECK(trace_csv(trace, {}) == "time_s,rate_mbps\n0,8\n1,4.5\n");
  CHECK(trace_csv(trace, {3, 1}) == "time_s,node,rate_mbps\n0,3,8\n1,3,4.5\n0,1,8\n1,1,4.5\n");
  const TraceResult made = looped(trace, {3, 1});
  CHECK(made.of_node(1));
  CHECK_FALSE(made.of_node(0));
}

TEST_CASE("mistakes in a log have file and line") {
  CHECK(read("mahimahi", "1\n2 3\n").error == "2: expected a millisecond, a whole number, got \"2 3\"");
  CHECK(read("mahimahi", "1\nx\n").error == "2: expected a millisecond, a whole number, got \"x\"");
  CHECK(read("mahimahi", "1.5\n").error == "1: expected a millisecond, a whole number, got \"1.5\"");
  CHECK(read("mahimahi", "-1\n").error == "1: expected a millisecond from 0 to 1000000000, got \"-1\"");
  CHECK(read("mahimahi", "5\n4\n").error == "2: expected at least 5 as in the line before, got \"4\"");
  CHECK(read("mahimahi", "0\n0\n").error == " expected milliseconds after 0");
  CHECK(read("mahimahi", "").error == " expected at least one row");
  CHECK(read("mahimahi", "1000000000\n", ms(1)).error ==
        " makes 1000000000 rows, expected at most 10000000: longer bins do");
  CHECK(read("seconds-mbps", "0 1\n0 2\n").error == "2: expected a later time than in the row before, got \"0 2\"");
  CHECK(read("seconds-mbps", "0 1\n1 -2\n").error == "2: expected Mbit/s from 0 to 1000000000, got \"1 -2\"");
  CHECK(read("seconds-mbps", "0 nan\n").error == "1: expected seconds and Mbit/s, got \"0 nan\"");
  CHECK(read("seconds-mbps", "0 0\n1 0\n").error == " expected at least one rate above 0");
  CHECK(read("seconds-mbps", "1600000000 1\n1601000001 1\n").error ==
        "2: expected seconds from 1600000000 to 1601000000, got \"1601000001 1\"");
  CHECK(read("seconds-mbps", "1600000000000 1\n1601000000001 1\n").error ==
        "2: expected milliseconds from 1600000000000 to 1601000000000, got \"1601000000001 1\"");
  CHECK(read("seconds-mbps", "20000000000 1\n").error ==
        "1: expected seconds, or a UNIX time in seconds, milliseconds, microseconds or nanoseconds, got "
        "\"20000000000 1\"");
  const std::string columns = "expected UNIX time, milliseconds, latitude, longitude, bytes and milliseconds, got ";
  CHECK(read("phone-log", "1 2 3\n").error == "1: " + columns + "\"1 2 3\"");
  CHECK(read("phone-log", "1 1000 0 0 5 1000\n1 900 0 0 5 100\n").error ==
        "2: expected milliseconds (the second number) that go forward, up to 1000000 seconds in all, got "
        "\"1 900 0 0 5 100\"");
  CHECK(read("phone-log", "1 1000 0 0 5 0\n").error ==
        "1: expected milliseconds of the row from 0.001 to 1000000000, got \"1 1000 0 0 5 0\"");
  CHECK(read_recorded_trace("mahimahi", "/nonexistent/log", ms(1)).error ==
        "/nonexistent/log: cannot be opened: No such file or directory");
}

TEST_CASE("a log that is taken for a trace is recognised") {
  CHECK(recorded_format_of("270") == "mahimahi");
  CHECK(recorded_format_of("0.6\t3.3") == "seconds-mbps");
  CHECK(recorded_format_of("1600000000 3.3") == "unix-times");
  CHECK(recorded_format_of("1600000000 1000 10.0 20.0 250000 1000") == "phone-log");
  CHECK(recorded_format_of("time_s,rate_mbps") == "");
  CHECK(recorded_format_of("1 2 3") == "");
  for (const RecordedFormat& format : recorded_formats()) CHECK_FALSE(format.summary.empty());
}
