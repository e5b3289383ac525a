// A host listens whatever it does: hosts and coordinators are processes here, and tests wait for their output.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "scenarios/src/hosts/host_frames.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/runtime/certificates.hpp"
#include "tests/scenarios/forged_peer.hpp"
#include "tests/scenarios/running_hosts.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using namespace test;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

constexpr const char* kNetwork = R"([network]
uplink = "10Mbps"
downlink = "10Mbps"
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
)";

/// Nothing bounds the window of virtual time of a host that has all nodes: it would be computed for hours.
std::string endless() { return "name = \"endless\"\n" + small_nodes("duration = \"1000000s\"") + kNetwork; }

/// One local round takes hours.
std::string one_long_round(const TemporaryFolder& folder) {
  folder.write("ratings.csv", ratings_csv(20, 60));
  return R"(name = "long-round"
[time]
duration = "100s"
[nodes]
count = 4
model = "matrix-factorization"
[data]
root = "."
[training]
local_steps = 1000000000
[compute]
step_time = "1ns"
)" + std::string(kNetwork);
}

std::vector<std::string> run_arguments(const fs::path& file, const fs::path& out, const std::string& hosts,
                                       std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"run", file.string(), "--out", out.string(), "--force", "--hosts", hosts};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

bool says(const Program& program, const std::string& words) {
  return comes_true([&] { return program.log().find(words) != std::string::npos; });
}

/// Runs as soon as the host is free. Returns the run's own log if it is not.
std::string why_not_served(const TemporaryFolder& folder, const std::string& host) {
  const fs::path file =
      folder.write("next.toml", "name = \"next\"\n" + small_nodes("duration = \"100ms\"") + std::string(kNetwork));
  std::string log;
  const bool ran = comes_true([&] {
    Program run(run_arguments(file, folder / "next", host), folder / "next.log");
    const int code = run.exit_code();
    log = run.log();
    return code == 0;
  });
  return ran ? "" : log;
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE(
    "whatever a host computes, it turns the next coordinator away at once, in a window it hears that its own is gone") {
  const TemporaryFolder folder;
  for (const bool in_window : {true, false}) {
    INFO(std::string(in_window ? "a long window" : "a long round"));
    const fs::path file = folder.write("s.toml", in_window ? endless() : one_long_round(folder));
    RunningHosts hosts(1, {});
    const std::string address = hosts.addresses({0});
    Program run(run_arguments(file, folder / "out", address), folder / "out.log");
    REQUIRE_MESSAGE(says(hosts[0], "divshare seed 1"), run.log());

    Program second(run_arguments(file, folder / "out2", address), folder / "out2.log");
    CHECK(second.exit_code() == 2);
    CHECK_MESSAGE(second.log().find("busy with another run") != std::string::npos, second.log());
    CHECK(says(hosts[0], "turned coordinator"));

    run.kill(SIGKILL);
    if (!in_window) continue;  // a local round that has begun is computed to its end
    CHECK(says(hosts[0], "is over: the coordinator is gone"));
    CHECK(why_not_served(folder, address) == "");
  }
}

TEST_CASE("a coordinator that says nothing any more ends its run at the host, whatever that computes") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("s.toml", endless());
  RunningHosts hosts(1, {"--host-timeout", "1s"});
  Program run(run_arguments(file, folder / "out", hosts.addresses({0})), folder / "out.log");
  REQUIRE_MESSAGE(says(hosts[0], "divshare seed 1"), run.log());
  run.kill(SIGSTOP);
  CHECK(says(hosts[0], "is over: the coordinator is gone: silent for too long"));
  CHECK(why_not_served(folder, hosts.addresses({0})) == "");
}

TEST_CASE("SIGTERM ends a host whatever it computes, and its coordinator says which host it was") {
  const TemporaryFolder folder;
  for (const bool in_window : {true, false}) {
    INFO(std::string(in_window ? "a long window" : "a long round"));
    const fs::path file = folder.write("s.toml", in_window ? endless() : one_long_round(folder));
    RunningHosts hosts(1, {});
    Program run(run_arguments(file, folder / "out", hosts.addresses({0})), folder / "out.log");
    REQUIRE_MESSAGE(says(hosts[0], "divshare seed 1"), run.log());
    hosts[0].kill(SIGTERM);
    CHECK(hosts[0].exit_code() == 130);
    CHECK(run.exit_code() == 1);
    CHECK_MESSAGE(run.log().find("host 1 (" + hosts.addresses({0})) != std::string::npos, run.log());
  }
}

TEST_CASE("Ctrl-C ends a run that waits for its hosts, with nothing written") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("s.toml", endless());
  std::string gone;
  {
    const RunningHosts hosts(1, {});
    gone = hosts.addresses({0});
  }
  Program run(run_arguments(file, folder / "out", gone, {"--wait-for-hosts", "1h"}), folder / "out.log");
  REQUIRE_MESSAGE(says(run, gone + ": Connection refused: waiting for hosts that are not up yet, up to 1h"), run.log());
  run.kill(SIGINT);
  CHECK(run.exit_code() == 130);
  CHECK_FALSE(fs::exists(folder / "out"));
}

TEST_CASE("a host with --once ends with its first run, well or not, and strangers are none") {
  const TemporaryFolder folder;
  const fs::path file =
      folder.write("s.toml", "name = \"short\"\n" + small_nodes("duration = \"300ms\"") + std::string(kNetwork));
  RunningHosts hosts(2, {"--once"});
  Program stranger(run_arguments(file, folder / "out", hosts.addresses({0, 1}), {"--token", "another"}),
                   folder / "stranger.log");
  CHECK(stranger.exit_code() == 2);
  CHECK_MESSAGE(stranger.log().find("wrong token") != std::string::npos, stranger.log());
  Program run(run_arguments(file, folder / "out", hosts.addresses({0, 1})), folder / "out.log");
  CHECK_MESSAGE(run.exit_code() == 0, run.log());
  for (const std::size_t host : {0U, 1U}) CHECK_MESSAGE(hosts[host].exit_code() == 0, hosts[host].log());

  hosts.start(0);
  Program killed(run_arguments(folder.write("endless.toml", endless()), folder / "out", hosts.addresses({0})),
                 folder / "out.log");
  REQUIRE_MESSAGE(says(hosts[0], "divshare seed 1"), killed.log());
  Program second(run_arguments(file, folder / "out2", hosts.addresses({0})), folder / "out2.log");
  CHECK(second.exit_code() == 2);
  CHECK_MESSAGE(second.log().find("busy with another run") != std::string::npos, second.log());
  CHECK(hosts[0].is_running());
  killed.kill(SIGKILL);
  CHECK(hosts[0].exit_code() == 1);
}

TEST_CASE("Ctrl-C ends a run in the middle of a long window, with all that its host has to report") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("s.toml", endless());
  RunningHosts hosts(1, {});
  Program run(run_arguments(file, folder / "out", hosts.addresses({0})), folder / "out.log");
  const fs::path results = folder / "out/divshare/s1";
  REQUIRE_MESSAGE(says(hosts[0], "divshare seed 1"), run.log());
  run.kill(SIGINT);
  CHECK(run.exit_code() == 130);
  CHECK(says(hosts[0], "the run of"));
  const auto summary = nlohmann::json::parse(text_so_far(results / "summary.json"));
  CHECK(summary["complete"] == false);
  CHECK(text_so_far(results / "links.csv").find("uplink-5") != std::string::npos);
}

TEST_CASE("a host says that a run is done when it is, and prints lines that work") {
  const TemporaryFolder folder;
  RunningHosts hosts(2, {});
  CHECK(hosts[0].log().find("tardigrad run SCENARIO --hosts " + hosts.addresses({0}) + "\n") != std::string::npos);
  CHECK(hosts[0].log().find("--hosts " + hosts.addresses({0}) + ",OTHER:4242") != std::string::npos);
  CHECK(hosts[0].log().find("made one up") == std::string::npos);
  for (const std::string clock : {"virtual", "real"}) {
    const fs::path file = folder.write(
        "s.toml", "name = \"short\"\n" + small_nodes("clock = \"" + clock + "\"\nduration = \"300ms\"") + kNetwork);
    Program run(run_arguments(file, folder / "out", hosts.addresses({0, 1})), folder / "out.log");
    CHECK_MESSAGE(run.exit_code() == 0, run.log());
    for (const std::size_t host : {0U, 1U}) {
      CHECK(says(hosts[host], "is done"));
      CHECK_MESSAGE(hosts[host].log().find("is over") == std::string::npos, hosts[host].log());
    }
  }
}

TEST_CASE("a host without a token makes one up and says how the others get it") {
  const TemporaryFolder folder;
  unsetenv(kTokenVariable);
  Program host({"host", "--listen", "[::1]:0"}, folder / "host.log");
  REQUIRE(says(host, "OTHER:4242"));
  const std::string log = host.log();
  const std::string first = std::string(kListeningLine) + "[::1]:";
  REQUIRE(log.rfind(first, 0) == 0);
  const std::string address =
      log.substr(std::string(kListeningLine).size(), log.find('\n') - std::string(kListeningLine).size());
  const std::string mark = std::string("export ") + kTokenVariable + "=";
  const std::size_t token = log.find(mark);
  REQUIRE_MESSAGE(token != std::string::npos, log);
  CHECK(log.find("made one up") != std::string::npos);
  setenv(kTokenVariable, log.substr(token + mark.size(), 32).c_str(), 1);
  CHECK(why_not_served(folder, address) == "");
}

TEST_CASE("under TLS hosts and runs want certificates for the addresses of --hosts, unless they want any name") {
  if (!has_openssl()) return;
  const TemporaryFolder folder;
  const Certificates certificates;
  const fs::path file =
      folder.write("s.toml", "name = \"short\"\n" + small_nodes("duration = \"300ms\"") + std::string(kNetwork));
  const auto options = [](const TlsFiles& files, bool any_name) {
    std::vector<std::string> all{"--cert", files.certificate, "--key", files.key, "--ca", files.ca};
    if (any_name) all.push_back("--any-name");
    return all;
  };
  struct Case {
    std::string names;
    bool of_run;
    bool of_hosts;
    int code;
  };
  // The second host connects to the first.
  for (const Case& each : {Case{"IP:127.0.0.1", false, false, 0}, Case{"IP:192.0.2.1", false, true, 2},
                           Case{"IP:192.0.2.1", true, false, 2}, Case{"IP:192.0.2.1", true, true, 0}}) {
    INFO(each.names << " any name for the run " << each.of_run << " and for hosts " << each.of_hosts);
    RunningHosts hosts(2, options(certificates.issue("host", "host", each.names), each.of_hosts));
    Program run(
        run_arguments(file, folder / "out", hosts.addresses({0, 1}), options(certificates.of("ours"), each.of_run)),
        folder / "out.log");
    CHECK_MESSAGE(run.exit_code() == each.code, run.log());
    const bool is_told = run.log().find("TLS: the certificate is not for this address or name") != std::string::npos;
    CHECK_MESSAGE(is_told == (each.code != 0), run.log());
  }
}

TEST_CASE("frames that are out of place end the run, never the host") {
  const TemporaryFolder folder;
  const auto scenario = load_scenario(folder.write("s.toml", endless()));
  REQUIRE_MESSAGE(scenario.scenario, scenario.error);
  const TravellingResult packed = pack(*scenario.scenario);
  RunningHosts hosts(1, {});
  const std::string address = hosts.addresses({0});
  const WireBytes prepare = frame_of(HostPrepare{1, {address}, std::vector<PartId>(6, 1), packed.scenario, 0});
  const auto launch = [](std::uint32_t run, std::uint32_t algorithm) {
    return frame_of(HostLaunch{run, 1, algorithm, false});
  };
  const std::string no_part = "the coordinator has sent something that is no part of this run";
  const std::string nonsense = "the coordinator has sent nonsense";
  const std::vector<std::pair<std::vector<WireBytes>, std::string>> cases{
      {{begin_frame()}, nonsense},
      {{prepare, begin_frame()}, nonsense},
      {{prepare, prepare}, nonsense},
      {{prepare, launch(0, 0)}, nonsense},
      {{prepare, launch(7, 0)}, nonsense},
      {{prepare, launch(1, 3)}, nonsense},
      {{prepare, launch(1, 0), launch(2, 0)}, nonsense},
      {{prepare, launch(1, 0), begin_frame(), begin_frame()}, no_part},
      {{prepare, launch(1, 0), begin_frame(), prepare}, no_part},
      {{prepare, launch(1, 0), begin_frame(), {1, 0, 0, 0, 9}}, no_part},
      {{prepare, launch(1, 0), begin_frame(), {1, 0, 0, 0, 1, 0}}, no_part},
      {{prepare, launch(1, 0), begin_frame(), {1, 0, 0, 0, 2, 0}}, no_part},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO("case " << i);
    std::string word = "busy with another run";
    REQUIRE(comes_true([&] {
      ForgedPeer coordinator(address, HostRole::coordinator);
      for (const WireBytes& frame : cases[i].first) coordinator.send(frame);
      word = coordinator.last_word();
      return word != "busy with another run";
    }));
    CHECK(word == cases[i].second);
    CHECK(hosts[0].is_running());
  }
  CHECK(why_not_served(folder, address) == "");
}

TEST_CASE(
    "on_host_loss = \"continue\": a host is listed once and no other goes with it, however and whenever it goes") {
  const TemporaryFolder folder;
  const fs::path file = folder.write(
      "s.toml", "name = \"lossy\"\n" + small_nodes("clock = \"real\"\nduration = \"8s\"\non_host_loss = \"continue\"") +
                    kNetwork + "[compute]\nstep_time = \"20ms\"\n");
  const fs::path out = folder / "out";
  RunningHosts hosts(3, {"--host-timeout", "2s"});
  for (const int signal : {SIGKILL, SIGSTOP, SIGTERM}) {
    for (const std::string when : {"at the start", "in the middle"}) {
      INFO("signal " << signal << " " << when);
      fs::remove_all(out);
      const std::vector<std::size_t> before{hosts[0].log().size(), hosts[2].log().size()};
      Program run(run_arguments(file, out, hosts.addresses({0, 1, 2}), {"--host-timeout", "2s"}), folder / "out.log");
      const auto has_begun = [&] { return hosts[1].log().find("divshare seed 1") != std::string::npos; };
      REQUIRE_MESSAGE(comes_true(has_begun), run.log());
      if (when == "in the middle") std::this_thread::sleep_for(milliseconds(1500));
      hosts[1].kill(signal);
      CHECK_MESSAGE(run.exit_code() == 0, run.log());
      const auto summary = nlohmann::json::parse(text_so_far(out / "divshare/s1/summary.json"));
      REQUIRE_MESSAGE((summary.contains("lost_hosts") && summary["lost_hosts"].size() == 1), run.log());
      CHECK(summary["lost_hosts"][0]["host"] == 2);
      CHECK(summary["lost_hosts"][0]["nodes"] == nlohmann::json({2, 3}));
      CHECK(summary["complete"] == true);
      for (const std::size_t sound : {0U, 2U}) {
        CHECK_MESSAGE(
            comes_true([&] { return hosts[sound].log().find("is done", before[sound / 2]) != std::string::npos; }),
            hosts[sound].log());
      }
      hosts.start(1);
    }
  }
}

TEST_SUITE_END();

}  // namespace tardigrad
