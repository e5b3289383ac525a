#include "netem/files/trace_file.hpp"

#include <doctest/doctest.h>

#include "netem/base/csv_lines.hpp"
#include "netem/time/rate_profile.hpp"
#include "tests/netem/text_file.hpp"

using namespace tardigrad;

namespace {

constexpr Time s(std::int64_t count) { return std::chrono::seconds(count); }

TraceResult read(const std::string& text, TraceKind kind = TraceKind::link, TraceEnd end = TraceEnd::hold) {
  const TextFile file(text);
  return read_trace(file.path(), kind, end, 10);
}

/// The message without the file's name.
std::string error_of(const std::string& text, TraceKind kind = TraceKind::link, TraceEnd end = TraceEnd::hold) {
  const TextFile file(text);
  const std::string error = read_trace(file.path(), kind, end, 10).error;
  CHECK(error.find('\n') == std::string::npos);
  REQUIRE(error.substr(0, file.path().size() + 1) == file.path() + ":");
  return error.substr(file.path().size());
}

}  // namespace

TEST_CASE("a trace of rates holds its last") {
  const auto result = read("# measured\ntime_s, rate_mbps\n0,60\n\n10.5,6  # slow\r\n20,30");
  REQUIRE(result.error.empty());
  const Trace* trace = result.of_node(7);
  REQUIRE(trace != nullptr);
  CHECK(trace == result.of_pair(1, 2));
  CHECK_FALSE(trace->latency);
  const RateProfile rate(trace->value);
  CHECK(rate.at(s(10)) == BitsPerSecond{60e6});
  CHECK(rate.at(s(11)) == BitsPerSecond{6e6});
  CHECK(rate.at(s(100)) == BitsPerSecond{30e6});
  CHECK(rate.next_change(s(0)) == from_seconds(10.5));
}

TEST_CASE("a looped trace begins anew after its last row, which lasts as long as the one before") {
  const auto result = read("time_s,rate_mbps\n0,1\n10,2\n14,3\n", TraceKind::link, TraceEnd::loop);
  REQUIRE(result.error.empty());
  const PiecewiseConstant& rate = result.of_node(0)->value;
  for (const std::int64_t lap : {0, 1, 2, 1000}) {
    CHECK(rate.at(lap * s(18) + s(9)) == 1e6);
    CHECK(rate.at(lap * s(18) + s(13)) == 2e6);
    CHECK(rate.at(lap * s(18) + s(17)) == 3e6);
  }
}

TEST_CASE("the first row counts from the start of the run") {
  const auto result = read("time_s,rate_mbps\n5,1\n8,2\n", TraceKind::link, TraceEnd::loop);
  const PiecewiseConstant& rate = result.of_node(0)->value;
  CHECK(rate.at(s(0)) == 1e6);
  CHECK(rate.at(s(8)) == 2e6);
  CHECK(rate.at(s(11)) == 1e6);
  CHECK(read("time_s,rate_mbps\n5,1\n", TraceKind::link, TraceEnd::loop).of_node(0)->value.is_constant());
}

TEST_CASE("latencies come with rates, columns in any order") {
  const auto result = read("latency_ms,time_s,rate_mbps\n2,0,60\n80,1,60\n");
  REQUIRE(result.error.empty());
  const Trace* trace = result.of_node(0);
  CHECK(trace->value.is_constant());
  REQUIRE(trace->latency);
  CHECK(from_seconds(trace->latency->at(s(0))) == std::chrono::milliseconds(2));
  CHECK(from_seconds(trace->latency->at(s(1))) == std::chrono::milliseconds(80));
}

TEST_CASE("traces of nodes may be interleaved") {
  const auto result = read("node,time_s,rate_mbps\n3,0,1\n5,0,10\n3,4,2\n5,1,20\n");
  REQUIRE(result.error.empty());
  CHECK(result.scope == TraceScope::node);
  CHECK(result.of_node(3)->value.at(s(4)) == 2e6);
  CHECK(result.of_node(5)->value.at(s(4)) == 20e6);
  CHECK(result.of_node(0) == nullptr);
  CHECK(result.of_pair(3, 0) == nullptr);
}

TEST_CASE("traces of links are those of ordered pairs") {
  const auto result = read("from,to,time_s,rate_mbps\n0,1,0,5\n1,0,0,7\n");
  REQUIRE(result.error.empty());
  CHECK(result.of_pair(0, 1)->value.at(s(0)) == 5e6);
  CHECK(result.of_pair(1, 0)->value.at(s(0)) == 7e6);
  CHECK(result.of_pair(1, 2) == nullptr);
  CHECK(result.of_node(0) == nullptr);
}

TEST_CASE("a trace of a computation has paces") {
  const auto result = read("time_s,pace\n0,1\n2,0\n3,0.25\n", TraceKind::compute);
  REQUIRE(result.error.empty());
  CHECK(result.of_node(1)->value.at(s(2)) == 0);
  CHECK(result.of_node(1)->value.at(s(3)) == 0.25);
}

TEST_CASE("an outage that ends is a trace, one that does not is a mistake") {
  CHECK(read("time_s,rate_mbps\n0,1\n2,0\n3,1\n").error.empty());
  CHECK(error_of("time_s,rate_mbps\n0,1\n2,0\n") ==
        ":3: rate_mbps is 0 with no later recovery: expected a row with more than 0");
  CHECK(read("time_s,rate_mbps\n0,1\n2,0\n", TraceKind::link, TraceEnd::loop).error.empty());
  CHECK(error_of("time_s,rate_mbps\n0,0\n2,0\n", TraceKind::link, TraceEnd::loop) ==
        ":3: rate_mbps is 0 with no later recovery: expected a row with more than 0");
  CHECK(error_of("node,time_s,pace\n1,0,0\n2,0,1\n", TraceKind::compute) ==
        ":2: pace is 0 with no later recovery: expected a row with more than 0");
}

TEST_CASE("a loop too short to be followed is refused") {
  CHECK(error_of("time_s,rate_mbps\n0,1\n0.0004,2\n", TraceKind::link, TraceEnd::loop) ==
        ":3: a loop of 0.0008 s, expected at least 0.001 s");
  CHECK(read("time_s,rate_mbps\n0,1\n0.0005,2\n", TraceKind::link, TraceEnd::loop).error.empty());
  CHECK(read("time_s,rate_mbps\n0,1\n0.0004,2\n").error.empty());
}

TEST_CASE("a bad row is one line that says where and what") {
  const std::string header = "time_s,rate_mbps\n";
  CHECK(error_of(header + "0,1\n4,2\n3,1\n") == ":4: time_s is 3, expected more than 4 as in line 3");
  CHECK(error_of(header + "0,1\n0,2\n") == ":3: time_s is 0, expected more than 0 as in line 2");
  CHECK(error_of(header + "0,1\n0.8,2\n0.3,1\n") == ":4: time_s is 0.3, expected more than 0.8 as in line 3");
  CHECK(error_of(header + "0,1\n1e-300,1\n") == ":3: time_s is 1e-300, expected more than 0 as in line 2");
  CHECK(error_of(header + "-1,1\n") == ":2: time_s is \"-1\", expected a number from 0 to 10000000000");
  CHECK(error_of(header + "0,-1\n") == ":2: rate_mbps is \"-1\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "0,nan\n") == ":2: rate_mbps is \"nan\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "inf,1\n") == ":2: time_s is \"inf\", expected a number from 0 to 10000000000");
  CHECK(error_of(header + "0,1e999\n") == ":2: rate_mbps is \"1e999\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "0,6 0\n") == ":2: rate_mbps is \"6 0\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "0,\n") == ":2: rate_mbps is \"\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "0,60Mbps\n") == ":2: rate_mbps is \"60Mbps\", expected a number from 0 to 1000000000");
  CHECK(error_of(header + "0,1\n5\n") == ":3: 1 fields, expected 2 as in the header");
  CHECK(error_of(header + "0,1,2\n") == ":2: 3 fields, expected 2 as in the header");
  CHECK(error_of("node,time_s,rate_mbps\n10,0,1\n") == ":2: node is \"10\", expected a whole number from 0 to 9");
  CHECK(error_of("from,to,time_s,rate_mbps\n1,-2,0,1\n") == ":2: to is \"-2\", expected a whole number from 0 to 9");
  CHECK(error_of("from,to,time_s,rate_mbps\n1,1,0,1\n") == ":2: expected two different nodes, not 1 twice");
  CHECK(error_of(header + "0,\x01\xff\n") == ":2: rate_mbps is \"??\", expected a number from 0 to 1000000000");
}

TEST_CASE("a bad header is one line that says what was expected") {
  CHECK(error_of("") == ": expected a header line that names the columns time_s and rate_mbps");
  CHECK(error_of("# nothing\n\n") == ": expected a header line that names the columns time_s and rate_mbps");
  CHECK(error_of("time_s,rate_mbps\n") == ": expected at least one row after the header");
  CHECK(error_of("seconds,mbps\n10,6\n") ==
        ":1: unknown column \"seconds\": expected a header line with some of time_s, rate_mbps, node, from, to, "
        "latency_ms");
  CHECK(error_of("time_s,latency_ms\n") == ":1: expected a column rate_mbps");
  CHECK(error_of("rate_mbps\n") == ":1: expected a column time_s");
  CHECK(error_of("time_s,time_s,rate_mbps\n") == ":1: column \"time_s\" is named twice");
  CHECK(error_of("from,time_s,rate_mbps\n") == ":1: expected both of the columns from and to, or neither");
  CHECK(error_of("node,from,to,time_s,rate_mbps\n") == ":1: expected either a column node or the columns from and to");
  CHECK(error_of("time_s,rate_mbps\n", TraceKind::compute) ==
        ":1: unknown column \"rate_mbps\": expected a header line with some of time_s, pace, node, from, to");
}

TEST_CASE("a line without end is refused without being read") {
  CHECK(error_of("time_s,rate_mbps\n0,1\n" + std::string(10'000'000, '1') + ",5\n") ==
        ":3: expected a line of at most 4096 characters");
  CHECK(error_of(std::string(5000, ',')) == ":1: expected a line of at most 4096 characters");
  CHECK(read("time_s,rate_mbps\n0," + std::string(4096 - 2 - 1, ' ') + "1\n").error.empty());
}

TEST_CASE("files that are none are refused") {
  CHECK(read_trace("/no/such/file.csv", TraceKind::link, TraceEnd::hold, 1).error ==
        "/no/such/file.csv: cannot be opened: No such file or directory");
  CHECK(read_trace("/", TraceKind::link, TraceEnd::hold, 1).error == "/: cannot be read: expected a text file");
}

TEST_CASE("a file that begins with a byte order mark is read like any other") {
  CHECK(read("\xEF\xBB\xBFtime_s,rate_mbps\r\n0,1\r\n").error.empty());
}

TEST_CASE("UNIX times count from the earliest row of the file") {
  const auto one = read("time_s,rate_mbps\n1600000000,10\n1600000001.5,5\n");
  REQUIRE(one.error == "");
  CHECK(one.unix_times);
  CHECK(one.of_node(0)->value.at(std::chrono::milliseconds(1499)) == 10e6);
  CHECK(one.of_node(0)->value.at(std::chrono::milliseconds(1501)) == 5e6);
  CHECK_FALSE(read("time_s,rate_mbps\n1000000,10\n").unix_times);
  const auto two = read(
      "time_s,node,rate_mbps\n1600000002,0,10\n1600000003,0,20\n1600000001,1,30\n1600000001.5,1,40\n"
      "1600000004,1,50\n");
  REQUIRE(two.error == "");
  CHECK(two.of_node(0)->value.at(s(1)) == 10e6);
  CHECK(two.of_node(0)->value.at(s(2)) == 20e6);
  CHECK(two.of_node(1)->value.at(std::chrono::milliseconds(400)) == 30e6);
  CHECK(two.of_node(1)->value.at(std::chrono::milliseconds(600)) == 40e6);
  CHECK(two.of_node(1)->value.at(s(3)) == 50e6);
  const auto round = read("time_s,rate_mbps\n1600000000,10\n1600000001,5\n", TraceKind::link, TraceEnd::loop);
  REQUIRE(round.error == "");
  CHECK(round.of_node(0)->value.at(std::chrono::milliseconds(2500)) == 10e6);

  const std::string header = "time_s,rate_mbps\n";
  CHECK(error_of(header + "1600000000,1\n1600000000,2\n") ==
        ":3: time_s is 1600000000, expected more than 1600000000 as in line 2");
  CHECK(error_of(header + "1600000000,1\n5,2\n") ==
        ":3: time_s is \"5\", expected a number from 1599000000 to 1601000000");
  CHECK(error_of(header + "1600000000000,1\n") ==
        ":2: time_s is a UNIX time in milliseconds, expected seconds: divide it by 1000");
  CHECK(error_of(header + "1600000000000000,1\n").find("in microseconds, expected seconds: divide it by 1000000") !=
        std::string::npos);
  CHECK(error_of(header + "20000000000,1\n") ==
        ":2: time_s is \"20000000000\", expected a number from 0 to 10000000000");
  CHECK(error_of(header + "1,1\n1600000000,1\n") ==
        ":3: time_s is \"1600000000\", expected a number from 0 to 1000000");
}

TEST_CASE("another program's log is named with what makes a trace of it") {
  const std::string columns = "expected a header line with some of time_s, rate_mbps, node, from, to, latency_ms, got ";
  CHECK(error_of("0\n90\n") ==
        ":1: " + columns + "\"0\"; tardigrad trace mahimahi FILE > trace.csv makes a trace of such a log");
  CHECK(error_of("0.0\t4.1\n") ==
        ":1: " + columns + "\"0.0?4.1\"; tardigrad trace seconds-mbps FILE > trace.csv makes a trace of such a log");
  CHECK(error_of("1600000000 1000 10.0 20.0 250000 1000\n") ==
        ":1: " + columns +
            "\"1600000000 1000 10.0 20.0 250000 1000\"; tardigrad trace phone-log FILE > trace.csv makes a trace of "
            "such a "
            "log");
  CHECK(error_of("0,1\n1,1\n", TraceKind::compute) ==
        ":1: unknown column \"0\": expected a header line with some of time_s, pace, node, from, to");
}
