#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "scenarios/src/child_process.hpp"
#include "scenarios/src/host_frames.hpp"
#include "scenarios/src/host_group.hpp"
#include "scenarios/src/local_hosts.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using test::content_of;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string scenario(const std::string& sharing, const std::string& duration) {
  return fmt::format(R"(
name = "spread"
[time]
duration = "{}"
[nodes]
count = 6
model = {{ kind = "null", parameters = 1000 }}
[training]
local_steps = 1
[network]
sharing = "{}"
uplink = "1Mbps"
downlink = "1Mbps"
[[network.stragglers]]
nodes = {{ count = 2 }}
factor = 4
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "ad-psgd"
)",
                     duration, sharing);
}

/// Exit code of `tardigrad run`, which may take no longer than a minute.
int run(const fs::path& file, const fs::path& out, const std::vector<std::string>& more) {
  std::vector<std::string> command{TARDIGRAD_PROGRAM, "run", file.string(), "--out", out.string()};
  command.insert(command.end(), more.begin(), more.end());
  ChildProcess child(command, out.string() + ".log");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!child.exit_code() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!child.exit_code()) child.kill_now();
  return child.exit_code().value_or(-1);
}

}  // namespace

TEST_CASE("a run over local hosts leaves the files of the run in one process") {
  const TemporaryFolder folder;
  for (const std::string sharing : {"serial", "fair"}) {
    INFO(sharing);
    const fs::path file = folder.write(sharing + ".toml", scenario(sharing, "400ms"));
    const fs::path whole = folder.path() / (sharing + "-whole");
    REQUIRE(run(file, whole, {}) == 0);
    for (const std::string hosts : {"1", "3"}) {
      const fs::path spread = folder.path() / (sharing + "-" + hosts);
      REQUIRE_MESSAGE(run(file, spread, {"--local-hosts", hosts}) == 0, content_of(spread.string() + ".log"));
      for (const std::string algorithm : {"divshare", "d-psgd", "ad-psgd"}) {
        for (const std::string name : {"rounds.csv", "links.csv", "evaluations.csv"}) {
          INFO(algorithm << " " << name);
          CHECK(content_of(whole / algorithm / "s1" / name) == content_of(spread / algorithm / "s1" / name));
        }
      }
    }
  }
}

TEST_CASE("a latency of zero between hosts is refused before anything is written") {
  const TemporaryFolder folder;
  const fs::path file = folder.write("zero.toml", scenario("serial", "400ms"));
  const fs::path out = folder.path() / "out";
  CHECK(run(file, out, {"--local-hosts", "2", "--set", "network.latency=0s"}) == 2);
  CHECK_FALSE(fs::exists(out));
  CHECK(content_of(out.string() + ".log").find("expected one above zero") != std::string::npos);
}

TEST_CASE("nodes are placed in blocks by weight") {
  CHECK(place_by_weight(6, {1, 1, 1}) == std::vector<PartId>{1, 1, 2, 2, 3, 3});
  CHECK(place_by_weight(8, {3, 1}) == std::vector<PartId>{1, 1, 1, 1, 1, 1, 2, 2});
  CHECK(place_by_weight(3, {0, 4096}).size() == 3);
}

TEST_CASE("an address is a host and a port, or none") {
  CHECK(parse_host_address("192.0.2.1:4242").host == "192.0.2.1");
  CHECK(parse_host_address("[::1]:4242").host == "::1");
  CHECK(parse_host_address("[::1]:4242").port == 4242);
  for (const std::string wrong : {"", "4242", ":4242", "a:", "a:x", "a:70000", "a:12 "}) {
    INFO(wrong);
    CHECK(parse_host_address(wrong).port == 0);
  }
}

TEST_CASE("what a coordinator sends to prepare a host is read back, and nothing shorter or longer is believed") {
  const HostPrepare prepare{2, {"a:1", "b:2"}, {1, 1, 2}, "name", "text", 7};
  WireBytes bytes = frame_of(prepare);
  const std::size_t header = sizeof(std::uint32_t) + 1;
  const auto read = [&](std::size_t size) {
    ByteReader in(bytes.data() + header, size - header);
    const HostPrepare back = read_prepare(in);
    return std::make_pair(back, in.ok() && in.at_end());
  };
  const auto [back, whole] = read(bytes.size());
  CHECK(whole);
  CHECK(back.addresses == prepare.addresses);
  CHECK(back.part_of == prepare.part_of);
  CHECK(back.scenario == "text");
  for (std::size_t size = header; size < bytes.size(); ++size) CHECK_FALSE(read(size).second);
  bytes.push_back(0);
  CHECK_FALSE(read(bytes.size()).second);
}

}  // namespace tardigrad
