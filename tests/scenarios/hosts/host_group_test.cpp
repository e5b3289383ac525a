#include "scenarios/src/hosts/host_group.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/src/hosts/host_frames.hpp"
#include "scenarios/src/hosts/host_network.hpp"
#include "scenarios/src/scenario/scenario_file.hpp"
#include "tests/scenarios/network_settings.hpp"
#include "tests/scenarios/small_network.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using test::settings_of;
using PeerEvent = HostNetwork::PeerEvent;

constexpr std::chrono::seconds kPatience{30};

/// A host that says only what a test has it say.
class ScriptedHost {
 public:
  /// At any free port, unless one is given.
  explicit ScriptedHost(std::uint16_t port = 0, TransportSettings settings = settings_of(HostRole::host))
      : network_(std::move(settings), [](const std::string&) {}) {
    network_.set_door([this](const Peer& peer) {
      network_.admit(peer.id);
      return true;
    });
    const auto listening = network_.listen("127.0.0.1", port);
    REQUIRE_MESSAGE(listening, listening.error());
    address_ = fmt::format("127.0.0.1:{}", *listening);
  }
  ~ScriptedHost() { network_.set_door(HostNetwork::nobody); }

  const std::string& address() const { return address_; }
  void await(PeerEvent::Kind kind) {
    for (;;) {
      const auto event = network_.next(kPatience);
      if (!event) return;
      coordinator_ = event->peer;
      if (event->kind == kind) return;
    }
  }
  void say(WireBytes frame) { network_.send(coordinator_, std::move(frame)); }
  /// Returns when the coordinator has received all that was said, and the end.
  void go() {
    network_.close(coordinator_);
    await(PeerEvent::Kind::gone);
  }

 private:
  HostNetwork network_;
  std::string address_;
  PeerId coordinator_ = 0;
};

/// What a coordinator of hosts at these addresses says in the end.
std::string problem_at(
    const std::vector<std::string>& addresses, milliseconds patience,
    std::function<void(const std::string&)> log = [](const std::string&) {}) {
  HostGroup group(settings_of(HostRole::coordinator), std::move(log));
  const auto parsed = parse_scenario(test::tiny_scenario(), "tiny.toml");
  REQUIRE_MESSAGE(parsed.scenario, parsed.error);
  return group.connect(*parsed.scenario, addresses, patience);
}

std::string problem_of(const ScriptedHost& first, const ScriptedHost& second) {
  return problem_at({first.address(), second.address()}, milliseconds(0));
}

/// Where nobody listens.
std::string free_address() { return ScriptedHost().address(); }

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("a host that is busy is heard of, whatever the others have said by then") {
  for (const bool is_first : {true, false}) {
    INFO(std::string(is_first ? "the first" : "the second"));
    ScriptedHost hosts[2];
    ScriptedHost& busy = hosts[is_first ? 0 : 1];
    ScriptedHost& other = hosts[is_first ? 1 : 0];
    const auto script = std::async(std::launch::async, [&] {
      busy.await(PeerEvent::Kind::came);
      busy.say(frame_of(HostOffer{1}));
      busy.say(frame_of(HostReady{"busy with another run"}));
      busy.go();
      other.await(PeerEvent::Kind::came);
      other.say(frame_of(HostOffer{1}));
    });
    CHECK(problem_of(hosts[0], hosts[1]) == busy.address() + ": busy with another run");
  }
}

TEST_CASE("a host that goes when it has answered is heard of while others are waited for") {
  ScriptedHost first;
  ScriptedHost second;
  const auto script = std::async(std::launch::async, [&] {
    for (ScriptedHost* host : {&first, &second}) {
      host->await(PeerEvent::Kind::came);
      host->say(frame_of(HostOffer{1}));
    }
    first.await(PeerEvent::Kind::frame);
    first.say(frame_of(HostReady{}));
    first.go();
  });
  CHECK(problem_of(first, second) ==
        fmt::format("host 1 ({}, nodes 0 to 1) is gone: closed by the peer", first.address()));
}

TEST_CASE("a host that is not up yet is waited for, and one line says so") {
  const std::string address = free_address();
  std::promise<void> told;
  std::vector<std::string> lines;
  const auto script = std::async(std::launch::async, [&] {
    told.get_future().wait_for(kPatience);
    ScriptedHost late(parse_host_address(address).port);
    late.await(PeerEvent::Kind::came);
    late.say(frame_of(HostOffer{1}));
    late.say(frame_of(HostReady{"too late"}));
    late.go();
  });
  const std::string problem = problem_at({address}, kPatience, [&](const std::string& line) {
    lines.push_back(line);
    if (lines.size() == 1) told.set_value();
  });
  CHECK(problem == "host 1 (" + address + ", nodes 0 to 3): too late");
  CHECK(lines ==
        std::vector<std::string>{address + ": Connection refused: waiting for hosts that are not up yet, up to 30s"});
}

TEST_CASE("where no host is in the end, the run says how one is started") {
  const std::string address = free_address();
  const std::string advice =
      address + ": Connection refused: is `tardigrad host --listen " + address + "` running there?";
  CHECK(problem_at({address}, milliseconds(0)) == advice + " --wait-for-hosts 60s waits for it");
  int lines = 0;
  CHECK(problem_at({address}, milliseconds(600), [&](const std::string&) { ++lines; }) == advice);
  CHECK(lines == 1);  // of several attempts
}

TEST_CASE("whoever answers is not waited for, if the answer is no host's") {
  TransportSettings of_others = settings_of(HostRole::host);
  of_others.token = "of other tests";
  const ScriptedHost other(0, of_others);
  const ScriptedHost no_host(0, settings_of(HostRole::coordinator));
  const auto answer = [](const std::string& address) {
    return problem_at({address}, std::chrono::hours(1), [](const std::string& line) { FAIL_CHECK(line); });
  };
  CHECK(answer(other.address()) == other.address() + ": wrong token");
  CHECK(answer(no_host.address()) == no_host.address() + ": not a host that waits for runs");
}

TEST_CASE("an address that is none is found before any host is waited for") {
  CHECK(problem_at({free_address(), "nowhere"}, std::chrono::hours(1)) ==
        "--hosts: expected an address such as 192.0.2.1:4242, got nowhere");
}

TEST_SUITE_END();

}  // namespace tardigrad
