#include "scenarios/src/hosts/host_network.hpp"

#include <doctest/doctest.h>

#include <set>

#include "scenarios/src/hosts/host_frames.hpp"
#include "tests/scenarios/network_settings.hpp"

namespace tardigrad {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::settings_of;
using PeerEvent = HostNetwork::PeerEvent;

constexpr seconds kPatience{30};

/// A host and the peers that connect to it.
struct Meeting {
  HostNetwork host{settings_of(HostRole::host), [](const std::string&) {}};
  HostNetwork coordinator{settings_of(HostRole::coordinator), [](const std::string&) {}};
  HostNetwork other{settings_of(HostRole::host), [](const std::string&) {}};
  std::uint16_t port = 0;

  Meeting() {
    host.set_door([](const Peer&) { return true; });
    const auto listening = host.listen("127.0.0.1", 0);
    REQUIRE_MESSAGE(listening, listening.error());
    port = *listening;
  }
  ~Meeting() { host.set_door(HostNetwork::nobody); }

  PeerId comes(HostNetwork& who) {
    const auto peer = who.connect("127.0.0.1", port, kPatience);
    REQUIRE_MESSAGE(peer, peer.error());
    return peer->id;
  }
  /// The host's next event.
  PeerEvent hears() {
    auto event = host.next(kPatience);
    REQUIRE(event);
    return std::move(*event);
  }
  PeerId hears_coming() {
    const PeerEvent event = hears();
    CHECK(event.kind == PeerEvent::Kind::came);
    return event.peer;
  }
  bool hears_nothing() { return !host.next(milliseconds(0)); }
};

WireBytes frame_of_run(std::uint32_t run, std::size_t bytes = 100) {
  ByteWriter out;
  out.put(run);
  WireBytes frame = out.take();
  frame.resize(bytes);
  return frame;
}

/// Returns as soon as everything before it has arrived.
void await_gone(HostNetwork& network, PeerId peer) {
  for (;;) {
    const auto event = network.next(kPatience);
    REQUIRE(event);
    if (event->kind == PeerEvent::Kind::gone && event->peer == peer) return;
  }
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("frames of a run that has not begun are kept until it does, those of earlier ones thrown away") {
  Meeting meeting;
  const PeerId to_host = meeting.comes(meeting.other);
  meeting.host.admit(meeting.hears_coming());
  for (const std::uint32_t run : {2U, 1U, 3U, 0U, 1U}) meeting.other.send(to_host, frame_of_run(run));
  CHECK(meeting.hears().run == 0);
  std::set<std::uint32_t> begun;
  for (const std::uint32_t run : {1U, 1U, 2U, 3U}) {
    if (begun.insert(run).second) meeting.host.set_run(run);
    const PeerEvent event = meeting.hears();
    CHECK(event.kind == PeerEvent::Kind::frame);
    CHECK(event.run == run);
  }
  for (const std::uint32_t run : {2U, 4U, 3U}) meeting.other.send(to_host, frame_of_run(run));
  CHECK(meeting.hears().run == 3);
  meeting.host.set_run(0);
  meeting.host.set_run(4);
  CHECK(meeting.hears_nothing());
}

TEST_CASE("what a peer has sent that is gone is let go") {
  Meeting meeting;
  meeting.host.set_run(1);
  const PeerId to_host = meeting.comes(meeting.coordinator);
  const PeerId peer = meeting.hears_coming();
  meeting.host.admit(peer);
  for (const std::uint32_t run : {0U, 1U, 2U}) meeting.coordinator.send(to_host, frame_of_run(run, 1 << 20));
  meeting.coordinator.close(to_host);
  await_gone(meeting.coordinator, to_host);
  // A later coming is heard of behind whatever is left of it.
  meeting.comes(meeting.other);
  std::vector<PeerEvent> heard;
  do heard.push_back(meeting.hears());
  while (heard.back().kind != PeerEvent::Kind::came);
  std::size_t bytes = 0;
  for (const PeerEvent& event : heard) bytes += event.bytes.size();
  CHECK(bytes == 0);
  CHECK(heard.size() == 2);
  meeting.host.set_run(2);
  CHECK(meeting.hears_nothing());
}

TEST_CASE("until it is admitted a peer says one short word and no more") {
  const std::vector<std::pair<std::string, std::vector<WireBytes>>> cases{
      {"frames of a run", {frame_of_run(7)}},
      {"a long word", {frame_of_run(0, 1000)}},
      {"two words", {frame_of_run(0, 20), frame_of_run(0, 20)}},
  };
  for (const auto& [what, frames] : cases) {
    INFO(what);
    Meeting meeting;
    const PeerId to_host = meeting.comes(meeting.other);
    const PeerId peer = meeting.hears_coming();
    for (const WireBytes& frame : frames) meeting.other.send(to_host, frame);
    await_gone(meeting.other, to_host);
    await_gone(meeting.host, peer);
    meeting.host.set_run(7);
    CHECK(meeting.hears_nothing());
  }
}

TEST_CASE("who is not let in is heard of no more, and the others do not wait for it") {
  Meeting meeting;
  meeting.host.set_door([&](const Peer& peer) {
    if (peer.role == static_cast<std::uint32_t>(HostRole::host)) return true;
    meeting.host.send(peer.id, frame_of(HostReady{"not today"}));
    meeting.host.close(peer.id);
    return false;
  });
  // Nobody asks the host's network for anything meanwhile.
  const PeerId to_host = meeting.comes(meeting.coordinator);
  meeting.coordinator.send(to_host, frame_of_run(0));
  const auto answer = meeting.coordinator.next(kPatience);
  REQUIRE(answer);
  CHECK(answer->kind == PeerEvent::Kind::frame);
  await_gone(meeting.coordinator, to_host);
  meeting.comes(meeting.other);
  do {
    const PeerEvent event = meeting.hears();
    CHECK(event.kind != PeerEvent::Kind::frame);
    if (event.kind == PeerEvent::Kind::came) break;
  } while (true);
}

TEST_SUITE_END();

}  // namespace tardigrad
