#include "scenarios/src/hosts/host_group.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <future>
#include <memory>

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
  ScriptedHost() {
    network_.set_door([this](const Peer& peer) {
      network_.admit(peer.id);
      return true;
    });
    const auto listening = network_.listen("127.0.0.1", 0);
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
  HostNetwork network_{settings_of(HostRole::host), [](const std::string&) {}};
  std::string address_;
  PeerId coordinator_ = 0;
};

/// What a coordinator of two such hosts says in the end.
std::string problem_of(const ScriptedHost& first, const ScriptedHost& second) {
  HostGroup group(settings_of(HostRole::coordinator), [](const std::string&) {});
  const auto parsed = parse_scenario(test::tiny_scenario(), "tiny.toml");
  REQUIRE_MESSAGE(parsed.scenario, parsed.error);
  return group.connect(*parsed.scenario, {first.address(), second.address()}, milliseconds(0));
}

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

TEST_SUITE_END();

}  // namespace tardigrad
