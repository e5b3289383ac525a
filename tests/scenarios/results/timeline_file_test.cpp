#include "scenarios/src/results/timeline_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "scenarios/src/text/csv_reader.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/scenarios/tardigrad_command.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::check_same_files;
using test::content_of;
using test::Program;
using test::tardigrad_command;
using test::TemporaryFolder;

constexpr double kForever = 1e12;
constexpr double kRounding = 1e-6;   // s; of a thousand slices, in whole nanoseconds
constexpr std::uint64_t kNodes = 6;  // of test::small_network

/// Slow links and flushes, lost transmissions, algorithms that wait and some that do not, two seeds.
std::string scenario(const std::string& sharing, const std::string& duration = "1500ms") {
  return "seeds = [1, 2]\n" + test::small_network(sharing, duration, R"(
loss = { rate = 0.05, mode = "retransmit", timeout = "10ms" }
[compute]
step_time = "40ms"
)") + R"(
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
[[algorithm]]
kind = "d-psgd"
wait_timeout = "200ms"
)";
}

const std::vector<std::string> kRuns{"divshare/s1", "d-psgd/s1", "divshare/s2", "d-psgd/s2"};

std::string unzipped(const fs::path& file) {
  std::string text;
  const gzFile stream = gzopen(file.c_str(), "rb");
  REQUIRE(stream);
  std::vector<char> block(1 << 16);
  for (int size; (size = gzread(stream, block.data(), static_cast<unsigned>(block.size()))) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(size));
  }
  REQUIRE(gzclose(stream) == Z_OK);
  return text;
}

/// Seconds by node and kind ("train", "wait", "send", "receive"), and how many slices those are.
struct Sums {
  std::map<std::pair<std::uint64_t, std::string>, double> seconds;
  std::map<std::string, std::uint64_t> complete;  ///< slices that are not cut
};

/// The sums of one run of the timeline. Checks the rules of the format on the way.
Sums sums_of(const Json& events, std::size_t run) {
  Sums sums;
  std::map<int, double> last_end;  // by thread
  std::map<std::string, int> open;
  for (const Json& event : events) {
    REQUIRE(event.at("pid").is_number_unsigned());
    if (event["pid"] != run + 1 || event["ph"] == "M") continue;
    const std::string phase = event["ph"];
    const double at = event.at("ts");
    const auto node = (event.at("tid").get<std::uint64_t>() - 1) / 3 - kNodes * run;
    CHECK(event.contains("name"));
    if (phase == "X") {
      const double duration = event.at("dur");
      double& end = last_end[event["tid"]];
      CHECK(at >= end - 1e-6);
      end = at + duration;
      sums.seconds[{node, event["cat"]}] += duration * 1e-6;
      if (!event.value("args", Json::object()).contains("cut")) ++sums.complete[event["cat"]];
    } else if (phase == "b") {
      CHECK(++open[event.at("id")] == 1);
    } else if (phase == "e") {
      CHECK(--open[event.at("id")] == 0);
    } else {
      CHECK((phase == "i" || phase == "C" || phase == "B"));
    }
  }
  for (const auto& [id, count] : open) CHECK(count == 0);
  return sums;
}

/// The conversion of a time in microseconds by readers of timelines: Perfetto rounds to whole nanoseconds, in
/// older versions down; others use doubles.
const std::vector<std::pair<const char*, double (*)(double)>> kReaders{
    {"rounded", [](double us) { return static_cast<double>(std::llround(us * 1000)); }},
    {"truncated", [](double us) { return std::trunc(us * 1000); }},
    {"as doubles", [](double us) { return us; }}};

/// The slices that a reader drops: those of a thread that begin within another one and end after it.
std::uint64_t overlapping(const Json& events, double (*as_read)(double)) {
  struct Slice {
    double begin;
    double end;
  };
  std::map<std::uint64_t, std::vector<Slice>> threads;
  for (const Json& event : events) {
    if (event["ph"] != "X") continue;
    const double begin = as_read(event["ts"]);
    threads[event["tid"]].push_back({begin, begin + as_read(event["dur"])});
  }
  std::uint64_t count = 0;
  for (auto& [thread, slices] : threads) {
    std::stable_sort(slices.begin(), slices.end(), [](const Slice& a, const Slice& b) { return a.begin < b.begin; });
    std::vector<Slice> open;
    for (const Slice& slice : slices) {
      while (!open.empty() && open.back().end <= slice.begin) open.pop_back();
      if (!open.empty() && slice.end > open.back().end) {
        ++count;
      } else {
        open.push_back(slice);
      }
    }
  }
  return count;
}

Json parsed(const std::string& text) {
  Json events = Json::parse(text);
  REQUIRE(events.is_array());
  return events;
}

}  // namespace

TEST_CASE("a timeline's slices add up to rounds.csv and links.csv, of every algorithm and seed") {
  for (const std::string sharing : {"serial", "fair"}) {
    INFO(sharing);
    const TemporaryFolder folder;
    const std::string file = folder.write("s.toml", scenario(sharing));
    REQUIRE(tardigrad_command({"run", file, "--out", folder / "out", "--trace", folder / "out/t.json"}) == exit_done);
    const Json events = parsed(content_of(folder / "out/t.json"));
    for (std::size_t run = 0; run < kRuns.size(); ++run) {
      INFO(kRuns[run]);
      Sums sums = sums_of(events, run);
      std::map<std::pair<std::uint64_t, std::string>, double> expected;
      CsvReader rounds(folder / "out" / kRuns[run] / "rounds.csv", {"node", "begin_s", "trained_s", "end_s"});
      while (rounds.next()) {
        const double trained = rounds.number(2, 0, kForever);
        expected[{rounds.count(0), "train"}] += trained - rounds.number(1, 0, kForever);
        expected[{rounds.count(0), "wait"}] += rounds.number(3, 0, kForever) - trained;
      }
      std::uint64_t delivered = 0;
      CsvReader links(folder / "out" / kRuns[run] / "links.csv", {"from", "kind", "busy_s", "messages"});
      while (links.next()) {
        if (links.text(1) == "downlink") delivered += links.count(3);
        if (sharing == "fair") continue;  // several at once: these are no slices of a thread
        if (links.text(1) == "uplink") expected[{links.count(0), "send"}] = links.number(2, 0, kForever);
        if (links.text(1) == "downlink") expected[{links.count(0), "receive"}] = links.number(2, 0, kForever);
      }
      CHECK(delivered > 20);
      CHECK(sums.complete["receive"] == delivered);
      for (const auto& [what, seconds] : expected) {
        INFO("node " << what.first << " " << what.second);
        // Waits that are still going on have begun in an unfinished round.
        CHECK(sums.seconds[what] >= seconds - kRounding);
        if (what.second != "train") CHECK(sums.seconds[what] <= seconds + kRounding);
      }
    }
  }
}

TEST_CASE("slices of a thread do not overlap, however a reader rounds their times") {
  const std::string algorithms = R"([[algorithm]]
kind = "divshare"
fragments = 4
recipients = 3
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "gossip"
)";
  const std::string trace = "time_s,node,rate_mbps\n0,0,33.3\n0,1,7.7\n0.013,0,11.1\n0.029,1,13.7\n";
  const std::string uneven = test::small_nodes("duration = \"3s\"") + R"([compute]
step_time = { kind = "lognormal", mean = "7.3ms", sigma = 0.7 }
)";
  const std::vector<std::pair<std::string, std::string>> scenarios{
      {"even", test::small_network("serial", "3s") + algorithms},
      {"33.3 Mbps", uneven + "[network]\nuplink = \"33.3Mbps\"\ndownlink = \"7.7Mbps\"\n" + algorithms},
      {"fair", uneven + "[network]\nsharing = \"fair\"\nuplink = \"3.33Mbps\"\ndownlink = \"7.7Mbps\"\n" + algorithms},
      {"jitter", uneven +
                     "[network]\nuplink = \"1.1Mbps\"\ndownlink = \"1.3Mbps\"\n"
                     "latency = { kind = \"exponential\", mean = \"3ms\" }\n" +
                     algorithms},
      {"trace", uneven + "[[network.traces]]\npath = \"trace.csv\"\nat_end = \"loop\"\n" + algorithms}};
  for (const auto& [name, text] : scenarios) {
    INFO(name);
    const TemporaryFolder folder;
    folder.write("trace.csv", trace);
    const std::string file = folder.write("s.toml", text);
    REQUIRE(tardigrad_command({"run", file, "--out", folder / "out", "--trace", folder / "t.json"}) == exit_done);
    const Json events = parsed(content_of(folder / "t.json"));
    CHECK(events.size() > 1000);
    for (const auto& [reader, as_read] : kReaders) {
      INFO(reader);
      CHECK(overlapping(events, as_read) == 0);
    }
  }
}

TEST_CASE("a flow leads to every reception from a transmission that began before") {
  const TemporaryFolder folder;
  const std::string file = folder.write("s.toml", scenario("serial"));
  REQUIRE(tardigrad_command({"run", file, "--out", folder / "out", "--trace", folder / "t.json"}) == exit_done);
  std::map<std::string, double> sent;
  std::set<std::string> received;
  const Json events = parsed(content_of(folder / "t.json"));
  for (const Json& event : events) {
    if (event.value("flow_out", false)) sent.try_emplace(event.at("bind_id"), event["ts"].get<double>());
  }
  for (const Json& event : events) {
    if (!event.value("flow_in", false)) continue;
    const std::string id = event.at("bind_id");
    REQUIRE(sent.count(id) == 1);
    CHECK(event["ts"].get<double>() > sent[id]);
    CHECK(received.insert(id).second);
  }
  CHECK(received.size() > 100);
}

TEST_CASE(
    "a timeline is the same bytes for 1 and 2 threads, in one process and over hosts, and does not change results" *
    doctest::test_suite("slow")) {
  for (const std::string sharing : {"serial", "fair"}) {
    INFO(sharing);
    const TemporaryFolder folder;
    const std::string file = folder.write("s.toml", scenario(sharing));
    const auto run = [&](const std::string& name, std::vector<std::string> more) {
      std::vector<std::string> arguments{"run", file, "--out", folder / name};
      arguments.insert(arguments.end(), more.begin(), more.end());
      Program program(arguments, folder / (name + ".log"));
      INFO(program.log());
      REQUIRE(program.exit_code() == exit_done);
    };
    run("one", {"--threads", "1", "--trace", folder / "one.json"});
    run("two", {"--threads", "2", "--trace", folder / "two.json"});
    run("hosts", {"--local-hosts", "2", "--trace", folder / "hosts.json"});
    run("zipped", {"--trace", folder / "zipped.json.gz"});
    run("without", {});
    const std::string one = content_of(folder / "one.json");
    CHECK((one == content_of(folder / "two.json")));
    CHECK((one == content_of(folder / "hosts.json")));
    CHECK((one == unzipped(folder / "zipped.json.gz")));
    CHECK(fs::file_size(folder / "zipped.json.gz") < one.size() / 4);
    check_same_files(folder / "without", folder / "one", 3 * kRuns.size());
  }
}

TEST_CASE("a timeline is complete JSON also where the run is interrupted" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string file = folder.write("s.toml", scenario("serial", "100h"));
  for (const std::string name : {"t.json", "t.json.gz"}) {
    Program program({"run", file, "--out", folder / name / "out", "--trace", folder / name / "trace" / name},
                    folder / (name + ".log"));
    // It is written in blocks.
    REQUIRE(test::comes_true([&] {
      std::error_code missing;
      return fs::file_size(folder / name / "trace" / name, missing) > 100'000 && !missing;
    }));
    program.kill(SIGINT);
    CHECK(program.exit_code() == exit_interrupted);
    CHECK(parsed(unzipped(folder / name / "trace" / name)).size() > 1000);
  }
}

TEST_CASE("a timeline that cannot be written is refused before the run begins" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string file = folder.write("s.toml", scenario("serial"));
  const std::string there = folder.write("there.json", "mine");
  const auto run = [&](const std::string& trace, const std::string& line) {
    const fs::path log = folder / "log";
    Program program({"run", file, "--out", folder / "out", "--trace", trace}, log);
    CHECK(program.exit_code() == exit_wrong_use);
    CHECK_MESSAGE(program.log() == "tardigrad: " + line + "\n", program.log());
    CHECK_FALSE(fs::exists(folder / "out"));
  };
  const std::string inside = folder / "there.json/t.json";
  run(inside, inside + ": cannot write: Not a directory");
  run(folder.path(), folder.path().string() + ": a folder, expected a file");
  run(there, there + ": exists; name another file with --trace, or replace it with --force");
  run(file, file + ": the timeline would replace the scenario file; name another file with --trace");
  const std::string own = folder / "out/curves.csv";
  run(own, own + ": the run itself writes a file of this name; name another file with --trace");
  CHECK(content_of(there) == "mine");
  CHECK(tardigrad_command({"run", file, "--force", "--out", folder / "out", "--trace", there}) == exit_done);
  CHECK(content_of(there).front() == '[');
}

TEST_CASE("a disk that is full while the timeline is written fails it, and nobody waits for ever" *
          doctest::test_suite("optional")) {
  if (!fs::exists("/dev/full")) {
    MESSAGE("skipped: there is no /dev/full");
    return;
  }
  TimelineFile file("/dev/full");
  REQUIRE_FALSE(file.failed());
  file.begin({"run", 1, 1, false});
  RoundRecord record;
  record.uplink.hops = std::make_shared<const std::vector<Hop>>(1000);
  for (int i = 0; i < 5000; ++i) file.add(record);
  CHECK(file.failed());
  CHECK(file.close() == "/dev/full: cannot write: No space left on device");
}

}  // namespace tardigrad
