#include "scenarios/src/text/units_text.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace tardigrad;

TEST_CASE("durations are read in every unit, exactly") {
  const struct {
    const char* text;
    std::int64_t picoseconds;
  } cases[] = {{"0s", 0},
               {"1ns", 1'000},
               {"0.25ns", 250},
               {"3us", 3'000'000},
               {"2ms", 2'000'000'000},
               {" 2 ms ", 2'000'000'000},
               {"1.5s", 1'500'000'000'000},
               {"0.1s", 100'000'000'000},
               {"800s", 800'000'000'000'000},
               {"1.5min", 90'000'000'000'000},
               {"0.001h", 3'600'000'000'000},
               {"0.0019ns", 1},
               {"0.000000000000000000000000000001s", 0}};
  for (const auto& one : cases) {
    CAPTURE(one.text);
    const auto parsed = parse_duration(one.text);
    REQUIRE(parsed.value);
    CHECK(parsed.value->count() == one.picoseconds);
  }
}

TEST_CASE("what is no duration is answered with what is wrong") {
  const struct {
    const char* text;
    const char* error;
  } cases[] = {
      {"", "expected a duration such as \"2ms\", got \"\""},
      {"ms", "expected a duration such as \"2ms\", got \"ms\""},
      {"-2ms", "expected a duration such as \"2ms\", got \"-2ms\""},
      {"2.ms", "expected a duration such as \"2ms\", got \"2.ms\""},
      {"nan", "expected a duration such as \"2ms\", got \"nan\""},
      {"2", "expected a duration such as \"2ms\", got \"2\" without a unit"},
      {"2Ms", "unknown unit 'Ms' in \"2Ms\": expected ns, us, ms, s, min or h; did you mean 'ms'?"},
      {"2Mbps", "unknown unit 'Mbps' in \"2Mbps\": expected ns, us, ms, s, min or h"},
      {"1e3s", "unknown unit 'e3s' in \"1e3s\": expected ns, us, ms, s, min or h"},
      {"313h", "\"313h\" is too long: expected at most 312h"},
      {"312.1h", "\"312.1h\" is too long: expected at most 312h"},
      {"99999999999999999999h", "\"99999999999999999999h\" is too long: expected at most 312h"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.text);
    const auto parsed = parse_duration(one.text);
    CHECK_FALSE(parsed.value);
    CHECK(parsed.error == one.error);
  }
}

TEST_CASE("a duration is written in the largest unit that divides it, and reads back the same") {
  const struct {
    std::int64_t picoseconds;
    const char* text;
  } cases[] = {{0, "0s"},
               {1, "0.001ns"},
               {1'250, "1.25ns"},
               {1'000, "1ns"},
               {1'500'000'000'000, "1500ms"},
               {800'000'000'000'000, "800s"},
               {60'000'000'000'000, "1min"},
               {3'600'000'000'000'000, "1h"}};
  for (const auto& one : cases) {
    CHECK(duration_text(Time(one.picoseconds)) == one.text);
    CHECK(parse_duration(one.text).value == Time(one.picoseconds));
  }
  CHECK(parse_duration(duration_text(kLongestDuration)).value == kLongestDuration);
}

TEST_CASE("rates are decimal and keep their digits") {
  CHECK(parse_rate("60Mbps").value == BitsPerSecond{60e6});
  CHECK(parse_rate("60 Mbps").value == BitsPerSecond{60e6});
  CHECK(parse_rate("0.1Gbps").value == BitsPerSecond{1e8});
  CHECK(parse_rate("9.6kbps").value == BitsPerSecond{9600});
  CHECK(parse_rate("0bps").value == BitsPerSecond{0});
  CHECK(parse_rate("1000000Gbps").value == kHighestRate);
}

TEST_CASE("bytes a second are eight times as many bits, however they are written") {
  for (const char* text :
       {"7.5MB/s", "7.5 MB/s", "7.5MBps", "7.5Mbyte/s", "7.5MByte/s", "7.5mbytes/s", "7.5 MBytes/sec", "7.5MB/sec",
        "7500kB/s", "7500 KB/s", "7500KBps", "0.0075GB/s", "7500000B/s", "7500000Bps"}) {
    INFO(text);
    CHECK(parse_rate(text).value == BitsPerSecond{60e6});
  }
  CHECK(parse_rate("60MBps").value == BitsPerSecond{480e6});
  CHECK(parse_rate("0.1MB/s").value == BitsPerSecond{800e3});
  for (const char* text : {"60Mbit/s",
                           "60 Mb/s",
                           "60Mbits/s",
                           "60000Kbps",
                           "60000 kbit/s",
                           "0.06Gbit/s",
                           "60000000b/s",
                           "60MBit/s",
                           "60mbit/s",
                           "60MBIT/S",
                           "60Mbit",
                           "60 mbit",
                           "60 Mbits/sec",
                           "60Mb/sec",
                           "0.06 GBit/s",
                           "60000 Kbit",
                           "60000 KBit/second",
                           "0.00006Tbit/s",
                           "60 megabit/s",
                           "60000kilobits",
                           "0.06 Gb/s",
                           "0.00006 Tbps",
                           "60 Megabits per second"}) {
    INFO(text);
    CHECK(parse_rate(text).value == BitsPerSecond{60e6});
  }
  CHECK(parse_rate("1KiB/s").value == BitsPerSecond{8 * 1024.0});
  CHECK(parse_rate("1.5 MiB/s").value == BitsPerSecond{1.5 * 8 * 1024 * 1024});
  CHECK(parse_rate("1GiBps").value == BitsPerSecond{8.0 * 1024 * 1024 * 1024});
  CHECK(parse_rate("3Mibit/s").value == BitsPerSecond{3.0 * 1024 * 1024});
}

TEST_CASE("no suggestion takes bytes for bits or the other way round") {
  const auto suggested = [](const char* text) {
    const std::string error = parse_rate(text).error;
    const std::size_t begin = error.find("did you mean '");
    return begin == std::string::npos ? "" : error.substr(begin + 14, error.find('\'', begin + 14) - begin - 14);
  };
  CHECK(suggested("60MB") == "MB/s");
  CHECK(suggested("60mB/s") == "MB/s");
  CHECK(suggested("60Mpbs") == "Mbps");
  CHECK(suggested("60Mb") == "Mbps");
  for (const char* text : {"60mb/s", "60mbps", "60MBPS", "60M", "60BPS"}) CHECK(suggested(text) == "");
  CHECK(suggested("60parsecs") == "");
  for (const char* text : {"60MBps/s", "60M", "60iB/s", "60MBB/s", "60Mi", "60Mbyte", "60mibps"})
    CHECK_FALSE(parse_rate(text).value);
}

TEST_CASE("what is no rate is answered with what is wrong") {
  CHECK(parse_rate("60").error == "expected a rate such as \"60Mbps\", got \"60\" without a unit");
  const auto ambiguous = [](const std::string& unit, const std::string& prefix) {
    return "'" + unit + "' in \"60" + unit + "\" may mean bits or bytes: expected " + prefix + "bps or " + prefix +
           "bit/s for bits a second, " + prefix + "B/s for bytes";
  };
  for (const char* unit : {"mbps", "mb/s", "MBPS", "M", "m"}) {
    CHECK(parse_rate(std::string("60") + unit).error == ambiguous(unit, "M"));
  }
  CHECK(parse_rate("60gb/s").error == ambiguous("gb/s", "G"));
  CHECK(parse_rate("60KBPS").error == ambiguous("KBPS", "k"));
  CHECK(parse_rate("60BPS").error == ambiguous("BPS", ""));
  CHECK(parse_rate("60MB").error ==
        "unknown unit 'MB' in \"60MB\": expected bps, kbps, Mbps or Gbps, which are bits a second, or kB/s, MB/s or "
        "GB/s, which are bytes; did you mean 'MB/s'?");
  CHECK(parse_rate("-1bps").error == "expected a rate such as \"60Mbps\", got \"-1bps\"");
  CHECK(parse_rate("1000001Gbps").error == "\"1000001Gbps\" is too high: expected at most 1000000Gbps");
  CHECK_FALSE(parse_rate(std::string(500, '9') + "bps").value);
}

TEST_CASE("a rate reads back the same whatever its digits") {
  CHECK(rate_text({60e6}) == "60Mbps");
  CHECK(rate_text({1.5e9}) == "1.5Gbps");
  CHECK(rate_text({12.5}) == "12.5bps");
  CHECK(rate_text({0}) == "0bps");
  for (const double rate : {60e6 / 7, 1.0 / 3, 1e15, 123456789.125, 999.9999999999999}) {
    CHECK(parse_rate(rate_text({rate})).value == BitsPerSecond{rate});
  }
}

TEST_CASE("sizes and counts are rounded and grouped for people") {
  CHECK(size_text(24) == "24 B");
  CHECK(size_text(359'336) == "359.3 kB");
  CHECK(size_text(2.5e9) == "2.5 GB");
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(89'834) == "89,834");
  CHECK(grouped(1'234'567) == "1,234,567");
}
