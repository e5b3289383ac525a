#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "scenarios/src/hosts/host_frames.hpp"
#include "scenarios/src/hosts/host_group.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "scenarios/src/scenario/travelling_scenario.hpp"
#include "scenarios/src/system/child_process.hpp"
#include "tests/models/made_up_ratings.hpp"
#include "tests/places.hpp"
#include "tests/scenarios/same_files.hpp"
#include "tests/scenarios/small_network.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {

using test::check_same_files;
using test::content_of;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string scenario(const std::string& sharing, const std::string& duration) {
  return "name = \"spread\"\n" + test::small_network(sharing, duration) + R"(
[[servers]]
host = 1
[[algorithm]]
kind = "async-local-sgd"
[[algorithm]]
kind = "divshare"
fragments = 4
recipients = 2
[[algorithm]]
kind = "d-psgd"
[[algorithm]]
kind = "ad-psgd"
)";
}

/// Exit code of `tardigrad run`, which may take no longer than some minutes.
int run(const fs::path& file, const fs::path& out, const std::vector<std::string>& more) {
  std::vector<std::string> command{TARDIGRAD_PROGRAM, "run", file.string(), "--out", out.string()};
  command.insert(command.end(), more.begin(), more.end());
  ChildProcess child(command, out.string() + ".log");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(4);
  while (!child.exit_code() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!child.exit_code()) child.kill_now();
  return child.exit_code().value_or(-1);
}

}  // namespace

TEST_CASE("a run over local hosts leaves the files of the run in one process" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  for (const std::string sharing : {"serial", "fair"}) {
    INFO(sharing);
    const fs::path file = folder.write(sharing + ".toml", scenario(sharing, "400ms"));
    const fs::path whole = folder.path() / (sharing + "-whole");
    REQUIRE(run(file, whole, {}) == 0);
    for (const std::string hosts : {"1", "3"}) {
      const fs::path spread = folder.path() / (sharing + "-" + hosts);
      REQUIRE_MESSAGE(run(file, spread, {"--local-hosts", hosts}) == 0, content_of(spread.string() + ".log"));
      check_same_files(whole, spread, 9);
    }
  }
}

TEST_CASE("ratings over local hosts give the files of one process: every host has its users' nodes" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  folder.write("ratings.csv", test::ratings_csv(20, 60));
  std::string text = scenario("serial", "400ms");
  const std::string model = "{ kind = \"null\", parameters = 1000 }";
  text.replace(text.find(model), model.size(), "\"matrix-factorization\"\n[data]\nroot = \".\"");
  const fs::path file = folder.write("ratings.toml", text + "[evaluation]\nevery = \"100ms\"\n");
  REQUIRE(run(file, folder / "whole", {}) == 0);
  REQUIRE_MESSAGE(run(file, folder / "spread", {"--local-hosts", "2"}) == 0, content_of(folder / "spread.log"));
  check_same_files(folder / "whole", folder / "spread", 9);
}

TEST_CASE("a latency of zero between hosts is refused before anything is written" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const fs::path file = folder.write("zero.toml", scenario("serial", "400ms"));
  const fs::path out = folder.path() / "out";
  CHECK(run(file, out, {"--local-hosts", "2", "--set", "network.latency=0s"}) == 2);
  CHECK_FALSE(fs::exists(out));
  CHECK(content_of(out.string() + ".log").find("expected one above zero") != std::string::npos);
}

TEST_CASE("nodes are placed in blocks by weight") {
  CHECK(place_nodes(6, {}, {1, 1, 1}) == std::vector<PartId>{1, 1, 2, 2, 3, 3});
  CHECK(place_nodes(8, {}, {3, 1}) == std::vector<PartId>{1, 1, 1, 1, 1, 1, 2, 2});
  CHECK(place_nodes(3, {}, {0, 4096}) == std::vector<PartId>{2, 2, 2});
}

TEST_CASE("placed nodes are where their table says, the others are spread by weight") {
  NodeSelection last;
  last.list = {5, 7};
  NodeSelection block;
  block.count = 2;
  block.first = true;
  block.from = 1;
  CHECK(place_nodes(8, {{1, last}, {2, block}}, {1, 1}) == std::vector<PartId>{1, 2, 2, 1, 2, 1, 2, 1});
}

TEST_CASE("nodes are named in blocks") {
  CHECK(nodes_text({}) == "no nodes");
  CHECK(nodes_text({4}) == "node 4");
  CHECK(nodes_text({0, 1, 2, 3}) == "nodes 0 to 3");
  CHECK(nodes_text({0, 1, 2, 5, 7, 8}) == "nodes 0 to 2, 5, 7 to 8");
  CHECK(nodes_text({0, 2, 4, 6, 8, 10, 12, 14, 16, 17}) == "nodes 0, 2, 4, 6, 8, 10, 12, 14, 2 more");
}

TEST_CASE("wherever nodes are placed, a run leaves the same files" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const std::string text = scenario("serial", "300ms");
  const fs::path file = folder.write("plain.toml", text);
  const fs::path whole = folder.path() / "whole";
  REQUIRE(run(file, whole, {}) == 0);
  const std::vector<std::string> placements{
      "[[placement]]\nhost = 3\nnodes = { from = 0, count = 2 }\n",
      "[[placement]]\nhost = 2\nnodes = { list = [0, 5] }\n[[placement]]\nhost = 1\nnodes = { list = [3] }\n",
      "[[placement]]\nhost = 2\nnodes = \"all\"\n",
  };
  for (std::size_t i = 0; i < placements.size(); ++i) {
    INFO(placements[i]);
    const fs::path placed = folder.write("placed" + std::to_string(i) + ".toml", text + placements[i]);
    for (const bool on_hosts : {false, true}) {
      const fs::path out = folder.path() / fmt::format("out-{}-{}", i, on_hosts);
      const std::vector<std::string> more{"--local-hosts", "3"};
      REQUIRE_MESSAGE(run(placed, out, on_hosts ? more : std::vector<std::string>{}) == 0,
                      content_of(out.string() + ".log"));
      check_same_files(whole, out, 9);
    }
  }
  const std::string log = content_of(folder.path() / "out-0-true.log");
  CHECK_MESSAGE(log.find(", nodes 0 to 1, 4 to 5): ") != std::string::npos, log);
  CHECK_MESSAGE(log.find("divshare seed 1 on 3 hosts done") != std::string::npos, log);
}

TEST_CASE("a placement on a host that the run does not have is refused before anything is written" *
          doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const fs::path file = folder.write(
      "placed.toml", scenario("serial", "300ms") + "[[placement]]\nhost = 3\nnodes = { from = 0, count = 2 }\n");
  const fs::path out = folder.path() / "out";
  CHECK(run(file, out, {"--local-hosts", "2"}) == 2);
  CHECK_FALSE(fs::exists(out));
  CHECK(content_of(out.string() + ".log").find("[[placement]] names host 3: the run has 2 hosts") != std::string::npos);
}

TEST_CASE("more hosts than nodes are refused" * doctest::test_suite("slow")) {
  const TemporaryFolder folder;
  const fs::path file =
      folder.write("one.toml", test::small_nodes("duration = \"300ms\"") + "[[algorithm]]\nkind = \"d-psgd\"\n");
  const fs::path out = folder.path() / "out";
  CHECK(run(file, out, {"--local-hosts", "2", "--set", "nodes.count=1"}) == 2);
  CHECK(content_of(out.string() + ".log").find("2 hosts for 1 node: expected at most one host a node") !=
        std::string::npos);
}

TEST_CASE("a scenario travels with the files that it names") {
  const TemporaryFolder home, away;
  home.write("edges.txt", "0 1\n1 2\n2 3\n3 4\n4 5\n5 0\n");
  home.write("trace.csv", "time_s,rate_mbps\n0,1\n0.1,0.5\n");
  home.write("pace.csv", "time_s,pace\n0,1\n0.1,0.5\n");
  const fs::path file =
      home.write("s.toml", scenario("serial", "300ms") +
                               "topology = { kind = \"spanning-tree\", of = { kind = \"file\", path = "
                               "\"edges.txt\" } }\n[[network.traces]]\npath = \"trace.csv\"\n"
                               "[[compute.traces]]\npath = \"pace.csv\"\n");
  const auto loaded = load_scenario(file.string());
  REQUIRE_MESSAGE(loaded.scenario, loaded.error);
  const TravellingResult packed = pack(*loaded.scenario);
  REQUIRE_MESSAGE(packed.error.empty(), packed.error);
  CHECK(packed.scenario.files.size() == 3);
  CHECK(packed.scenario.text.find(home.path().string()) == std::string::npos);
  for (const std::string name : {"edges.txt", "trace.csv", "pace.csv"}) fs::remove(home / name);

  const auto unpacked = unpack(packed.scenario, away.path());
  REQUIRE_MESSAGE(unpacked.scenario, unpacked.error);
  CHECK(unpacked.scenario->network.traces.front().traces->traces.size() == 1);
  CHECK(pack(*unpacked.scenario).scenario.text == packed.scenario.text);
  CHECK(pack(*loaded.scenario).error.find("cannot be sent to the hosts") != std::string::npos);
}

TEST_CASE("a scenario that names another file of the host's is refused unread, and a name with dots is none") {
  const TemporaryFolder away;
  std::string named = scenario("serial", "300ms");
  named.replace(named.find("spread"), 6, "a..b");
  CHECK(unpack({named, {}}, away.path()).error == "");
  const auto error = [&](const std::string& more) {
    return unpack({scenario("serial", "300ms") + more, {}}, away.path()).error;
  };
  for (const std::string path : {"/etc/passwd", "../../secret", "./../secret"}) {
    INFO(path);
    const std::string expected = "the scenario names a file that has not come with it: " + path;
    CHECK(error("[[network.traces]]\npath = \"" + path + "\"\n") == expected);
    CHECK(error("topology = { kind = \"spanning-tree\", of = { kind = \"file\", path = \"" + path + "\" } }\n") ==
          expected);
  }
  CHECK(error("[[network.traces]]\npath = \"trace.csv\"\n").find("trace.csv") != std::string::npos);
}

TEST_CASE("a module travels with its scenario, the data does not") {
  const TemporaryFolder home, away;
  home.write("my_model.pt", std::string("a module"));
  std::string text = scenario("serial", "300ms");
  const std::string null = "{ kind = \"null\", parameters = 1000 }";
  text.replace(
      text.find(null), null.size(),
      "{ torchscript = \"my_model.pt\" }\n[data]\nset = \"tensors\"\ntrain = \"train.pt\"\ntest = \"test.pt\"");
  const auto loaded = load_scenario(home.write("s.toml", text));
  REQUIRE_MESSAGE(loaded.scenario, loaded.error);
  const TravellingResult packed = pack(*loaded.scenario);
  REQUIRE_MESSAGE(packed.error.empty(), packed.error);
  CHECK(packed.scenario.files == std::vector<std::string>{"a module"});
  const auto unpacked = unpack(packed.scenario, away.path());
  REQUIRE_MESSAGE(unpacked.scenario, unpacked.error);
  CHECK(content_of(unpacked.scenario->nodes.model.file) == "a module");
  CHECK(unpacked.scenario->data.train == (home.path() / "train.pt").string());
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
  const HostPrepare prepare{2, {"a:1", "b:2"}, {1, 1, 2}, {"text", {"one", ""}, {1}}, 7};
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
  CHECK(back.scenario.text == "text");
  CHECK(back.scenario.files == prepare.scenario.files);
  CHECK(back.scenario.code == prepare.scenario.code);
  for (std::size_t size = header; size < bytes.size(); ++size) CHECK_FALSE(read(size).second);
  bytes.push_back(0);
  CHECK_FALSE(read(bytes.size()).second);
}

}  // namespace tardigrad
