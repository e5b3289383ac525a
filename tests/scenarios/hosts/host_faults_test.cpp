#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "netem/base/random_stream.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using namespace test;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

std::string scenario(const std::string& time, const std::string& algorithm) {
  return "name = \"faulty\"\n" + small_nodes(time) + R"([network]
uplink = "10Mbps"
downlink = "10Mbps"
[[algorithm]]
)" + algorithm;
}

constexpr const char* kDivShare = "kind = \"divshare\"\nfragments = 4\nrecipients = 2\n";

std::vector<std::string> run_arguments(const fs::path& file, const fs::path& out, const std::string& hosts,
                                       std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"run", file.string(), "--out", out.string(), "--force", "--hosts", hosts};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// The seed of the moments in these tests: the same one every time, unless TARDIGRAD_SEED has another number,
/// or "random" for one that is drawn.
std::uint64_t seed_of_moments() {
  const char* given = std::getenv("TARDIGRAD_SEED");
  if (!given) return 1;
  const std::uint64_t seed =
      std::string(given) == "random" ? std::random_device()() : std::strtoull(given, nullptr, 10);
  MESSAGE("TARDIGRAD_SEED=" << seed);
  return seed;
}

/// The longest silence of a host or coordinator that was stopped. A running one may be held up for most of it.
const std::vector<std::string> kSoonNoticed{"--host-timeout", "3s"};

/// A run over these hosts from start to end, as soon as they are free.
bool runs_in_the_end(const fs::path& file, const fs::path& out, const std::string& hosts) {
  std::string log;
  const bool ran = comes_true([&] {
    Program run(run_arguments(file, out, hosts, {"--set", "time.duration=100ms"}), out.string() + ".log");
    const bool done = run.exit_code() == 0;
    log = run.log();
    return done;
  });
  CHECK_MESSAGE(ran, log);
  return ran;
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("whoever is killed or stopped at whatever moment, nobody hangs, and the hosts are ready for the next run") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  RunningHosts hosts(3, kSoonNoticed);
  RandomStream moments(seed_of_moments(), Purpose::test);
  for (const std::string clock : {"virtual", "real"}) {
    const fs::path file =
        folder.write(clock + ".toml", scenario(fmt::format("clock = \"{}\"\nduration = \"1000s\"", clock), kDivShare));
    for (const int signal : {SIGKILL, SIGSTOP}) {
      for (const bool is_coordinator : {true, false}) {
        const auto moment = milliseconds(moments.below(1500));
        const std::string who = is_coordinator ? "the coordinator" : "host 2";
        INFO(clock << " clock, signal " << signal << " to " << who << " after " << moment.count() << " ms");
        Program run(run_arguments(file, out, hosts.addresses({0, 1, 2}), kSoonNoticed), out.string() + ".log");
        std::this_thread::sleep_for(moment);
        (is_coordinator ? run : hosts[1]).kill(signal);
        if (is_coordinator) {
          CHECK(runs_in_the_end(file, folder.path() / "next", hosts.addresses({0, 1, 2})));
          continue;
        }
        const int code = run.exit_code();
        // It ended by itself, and names the cause.
        CHECK_MESSAGE((code == 1 || code == 2), run.log());
        CHECK_MESSAGE(run.log().find(hosts.addresses({1})) != std::string::npos, run.log());
        if (code == 1) CHECK(content_of(out / "divshare" / "s1" / "rounds.csv").rfind("node,round", 0) == 0);
        CHECK(runs_in_the_end(file, folder.path() / "next", hosts.addresses({0, 2})));
        hosts.start(1);
      }
    }
  }
}

TEST_CASE("on_host_loss = \"continue\": a run goes on without a host that is killed, and says so") {
  const TemporaryFolder folder;
  RunningHosts hosts(3, {});
  for (const std::string& algorithm :
       {std::string(kDivShare), std::string("kind = \"d-psgd\"\nwait_timeout = \"100ms\"\n")}) {
    INFO(algorithm);
    const std::string name = algorithm.find("d-psgd") != std::string::npos ? "d-psgd" : "divshare";
    const fs::path file =
        folder.write("s.toml", scenario("clock = \"real\"\nduration = \"5s\"\non_host_loss = \"continue\"", algorithm) +
                                   "[compute]\nstep_time = \"20ms\"\n");
    const fs::path out = folder.path() / name;
    Program run(run_arguments(file, out, hosts.addresses({0, 1, 2})), out.string() + ".log");
    REQUIRE(comes_true([&] { return hosts[1].log().find(name + " seed 1") != std::string::npos; }));
    std::this_thread::sleep_for(milliseconds(500));
    hosts[1].kill(SIGKILL);
    CHECK_MESSAGE(run.exit_code() == 0, run.log());
    const std::string lost = fmt::format("host 2 ({}, nodes 2 to 3) is gone", hosts.addresses({1}));
    CHECK_MESSAGE(run.log().find(lost) != std::string::npos, run.log());
    CHECK_MESSAGE(run.log().find("without host 2's 2 nodes since") != std::string::npos, run.log());
    CHECK_MESSAGE(hosts[0].log().find("going on without it") != std::string::npos, hosts[0].log());

    const auto summary = nlohmann::json::parse(content_of(out / name / "s1" / "summary.json"));
    REQUIRE(summary["lost_hosts"].size() == 1);
    CHECK(summary["lost_hosts"][0]["nodes"] == nlohmann::json({2, 3}));
    CHECK(summary["complete"] == true);
    CHECK(summary["messages_to_absent_nodes"] > 0);
    if (name == "d-psgd") CHECK(summary["models_missed"] > 0);
    hosts.start(1);
  }
}

TEST_CASE("without on_host_loss a killed host ends the run, which names it and its nodes and keeps what it has") {
  const TemporaryFolder folder;
  RunningHosts hosts(3, {});
  const fs::path file = folder.write("s.toml", scenario("clock = \"real\"\nduration = \"60s\"", kDivShare));
  const fs::path out = folder.path() / "out";
  Program run(run_arguments(file, out, hosts.addresses({0, 1, 2})), out.string() + ".log");
  REQUIRE(comes_true([&] { return hosts[1].log().find("divshare seed 1") != std::string::npos; }));
  std::this_thread::sleep_for(milliseconds(1000));
  hosts[1].kill(SIGKILL);
  CHECK(run.exit_code() == 1);
  CHECK_MESSAGE(
      run.log().find(fmt::format("host 2 ({}, nodes 2 to 3) is gone", hosts.addresses({1}))) != std::string::npos,
      run.log());
  const std::string rounds = content_of(out / "divshare" / "s1" / "rounds.csv");
  CHECK(std::count(rounds.begin(), rounds.end(), '\n') > 1);  // there are rows besides the names of the columns
}

TEST_SUITE_END();

}  // namespace tardigrad
