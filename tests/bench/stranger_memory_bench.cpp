/// What others make a listening process allocate: a stranger that announces 1 GiB, and a sender that is faster than
/// the receiver. The transport beside CAF's remote actors.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/transport/hello.hpp"
#include "runtime/transport/transport.hpp"
#include "runtime/transport/transport_frame.hpp"

namespace {

using namespace tardigrad;
using asio::ip::tcp;
using StrangerBytes = std::vector<std::uint8_t>;

constexpr std::size_t kFrame = std::size_t{1} << 20;
constexpr int kFrames = 1024;
constexpr std::chrono::seconds kTime{5};

/// Resident, in MiB.
std::size_t memory_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20;
}

struct CafConfig : caf::actor_system_config {
  CafConfig() { load<caf::io::middleman>(); }
};

/// Keeps all frames: an application that does not come to them.
struct Sleeper final : TransportListener {
  std::vector<Frame> kept;
  void on_peer(const Peer&) override {}
  void on_frame(Frame frame) override { kept.push_back(std::move(frame)); }
  void on_gone(PeerGone) override {}
  void on_stranger(const std::string&, const std::string&) override {}
};

TransportSettings settings() {
  TransportSettings chosen;
  chosen.token = "benchmark";
  return chosen;
}

using Listen = std::function<void(const std::function<void(std::uint16_t)>& tell_port)>;
using Act = std::function<void(std::uint16_t port)>;

void listen_by_transport(const std::function<void(std::uint16_t)>& tell_port) {
  Sleeper sleeper;
  Transport transport(settings(), sleeper);
  tell_port(*transport.listen("127.0.0.1", 0));
  ::pause();
}

void listen_by_caf(const std::function<void(std::uint16_t)>& tell_port) {
  CafConfig config;
  caf::actor_system system(config);
  const auto sleeper = system.spawn(
      [](caf::event_based_actor*) -> caf::behavior { return {[](const std::vector<char>&) { ::pause(); }}; });
  tell_port(*system.middleman().publish(sleeper, 0, "127.0.0.1"));
  ::pause();
}

Act say(const StrangerBytes& bytes) {
  return [bytes](std::uint16_t port) {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(bytes));
    std::this_thread::sleep_for(kTime);
  };
}

void send_by_transport(std::uint16_t port) {
  Sleeper nobody;
  Transport transport(settings(), nobody);
  const auto peer = transport.connect("127.0.0.1", port, kTime);
  if (!peer) std::abort();
  for (int i = 0; i < kFrames; ++i) transport.send(peer->id, std::vector<std::uint8_t>(kFrame));  // waits
}

void send_by_caf(std::uint16_t port) {
  CafConfig config;
  caf::actor_system system(config);
  const auto receiver = system.middleman().remote_actor("127.0.0.1", port);
  if (!receiver) std::abort();
  for (int i = 0; i < kFrames; ++i) caf::anon_send(*receiver, std::vector<char>(kFrame));
  ::pause();
}

pid_t begin(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  work();
  ::_exit(0);
}

/// MiB by which both processes have grown after a while.
std::size_t growth(const Listen& listen, const Act& act) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t listener = begin([&] {
    listen([&](std::uint16_t port) {
      if (::write(ends[1], &port, sizeof port) != sizeof port) std::abort();
    });
  });
  std::uint16_t port = 0;
  if (::read(ends[0], &port, sizeof port) != sizeof port) std::abort();
  const std::size_t before = memory_of(std::to_string(listener)) + memory_of("self");
  const pid_t other = begin([&] { act(port); });
  std::this_thread::sleep_for(kTime);
  const std::size_t after = memory_of(std::to_string(listener)) + memory_of(std::to_string(other));
  for (const pid_t child : {other, listener}) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  return after - std::min(before, after);
}

/// A greeting, a proof of nothing, and the header of a frame of 1 GiB.
StrangerBytes words_to_transport() {
  StrangerBytes bytes(Greeting::kBytes + 32);
  const auto greeting = Greeting{}.encode();
  std::copy(greeting.begin(), greeting.end(), bytes.begin());
  const auto header = FrameHeader{FrameKind::data, 1U << 30}.encode();
  bytes.insert(bytes.end(), header.begin(), header.end());
  return bytes;
}

/// The header of a client's handshake with a payload of 1 GiB (BASP of CAF 0.17).
StrangerBytes words_to_caf() {
  StrangerBytes bytes(32);
  bytes[0] = 1;
  bytes[4] = 0x40;
  return bytes;
}

}  // namespace

int main() {
  fmt::print("{:<52} {:>12} {:>18}\n", "both processes grow by, in MiB", "transport", "CAF remote actors");
  fmt::print("{:<52} {:>12} {:>18}\n", "a stranger announces 1024 MiB, without the token",
             growth(listen_by_transport, say(words_to_transport())), growth(listen_by_caf, say(words_to_caf())));
  fmt::print("{:<52} {:>12} {:>18}\n", "1024 MiB are sent to who does not come to them",
             growth(listen_by_transport, send_by_transport), growth(listen_by_caf, send_by_caf));
}
