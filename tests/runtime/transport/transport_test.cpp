#include "runtime/transport/transport.hpp"

#include <dirent.h>
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <atomic>
#include <ctime>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/transport/hello.hpp"
#include "runtime/transport/transport_frame.hpp"
#include "tests/runtime/recorded_peer.hpp"

using namespace tardigrad;
using namespace tardigrad::test;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// A transport that listens.
struct Host {
  explicit Host(const TransportSettings& settings = token_settings()) : transport(settings, seen) {
    const auto bound = transport.listen("127.0.0.1", 0);
    REQUIRE_MESSAGE(bound, bound.error());
    port = *bound;
  }

  Recorder seen;
  Transport transport;
  std::uint16_t port = 0;
};

/// Two transports and their connection, as either sees it.
struct Pair {
  explicit Pair(const TransportSettings& settings = token_settings(),
                const TransportSettings& guests = token_settings())
      : host(settings), guest(guests, seen) {
    const auto peer = guest.connect("127.0.0.1", host.port, kPatience);
    REQUIRE_MESSAGE(peer, peer.error());
    of_guest = peer->id;
    REQUIRE(host.seen.wait([&] { return host.seen.peers.size() == 1; }));
    of_host = host.seen.peers[0].id;
  }

  Host host;
  Recorder seen;
  Transport guest;
  PeerId of_guest = 0;  ///< the host, for the guest
  PeerId of_host = 0;   ///< the guest, for the host
};

Bytes header_bytes(FrameKind kind, std::uint32_t length) {
  const auto header = FrameHeader{kind, length}.encode();
  return Bytes(header.begin(), header.end());
}

/// A plain socket, for what no transport would send.
struct Socket {
  explicit Socket(std::uint16_t port) : stream(io) {
    stream.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  }

  /// Sends as much as the other side takes.
  void send(const Bytes& bytes) {
    asio::error_code ignored;
    asio::write(stream, asio::buffer(bytes), ignored);
  }
  Bytes receive(std::size_t count) {
    Bytes bytes(count);
    asio::read(stream, asio::buffer(bytes));
    return bytes;
  }
  /// Waits until the other side has closed.
  void await_end() {
    asio::error_code error;
    Bytes bytes(4096);
    while (!error) stream.read_some(asio::buffer(bytes), error);
  }
  /// Becomes a peer, by hand.
  void greet() {
    Greeting own;
    own.window_bytes = 1000;
    own.most_frame_bytes = 1000;
    Handshake handshake(Handshake::Side::connecting, token_settings().token, with_nonce(own));
    while (handshake.missing() > 0) {
      send(handshake.take_output());
      const Bytes answer = receive(handshake.missing());
      handshake.receive(answer.data(), answer.size());
    }
    REQUIRE(handshake.succeeded());
  }
  void send_header(FrameKind kind, std::uint32_t length) { send(header_bytes(kind, length)); }

  asio::io_context io{1};
  tcp::socket stream;
};

std::size_t open_files() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

/// Resident, in MiB.
std::size_t memory() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 20;
}

template <class Condition>
bool comes_true(const Condition& condition) {
  for (auto waited = 0ms; waited < kPatience; waited += 10ms) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

/// Files of closed connections go a little later than the connections.
bool files_fall_to(std::size_t count) {
  return comes_true([&] { return open_files() <= count; });
}

/// Settings with enough time to send everything that is queued.
TransportSettings unhurried() {
  TransportSettings settings = token_settings();
  settings.farewell_time = kPatience;
  return settings;
}

}  // namespace

TEST_SUITE_BEGIN("slow");

TEST_CASE("frames arrive whole and in order, in both directions") {
  Pair pair;
  for (std::size_t i = 0; i < 500; ++i) {
    REQUIRE(pair.guest.send(pair.of_guest, Bytes(i * 37 % 20000, static_cast<std::uint8_t>(i))));
    REQUIRE(pair.host.transport.send(pair.of_host, Bytes(i, static_cast<std::uint8_t>(i + 1))));
  }
  REQUIRE(pair.host.seen.wait([&] { return pair.host.seen.frames.size() == 500; }));
  REQUIRE(pair.seen.wait([&] { return pair.seen.frames.size() == 500; }));
  for (std::size_t i = 0; i < 500; ++i) {
    CHECK(pair.host.seen.frames[i].from == pair.of_host);
    CHECK(pair.host.seen.frames[i].bytes == Bytes(i * 37 % 20000, static_cast<std::uint8_t>(i)));
    CHECK(pair.seen.frames[i].bytes == Bytes(i, static_cast<std::uint8_t>(i + 1)));
  }
}

TEST_CASE("both sides learn the other's role") {
  TransportSettings settings = token_settings();
  settings.role = 17;
  Host host(settings);
  Recorder seen;
  Transport guest(token_settings(), seen);
  const auto peer = guest.connect("localhost", host.port, kPatience);
  REQUIRE_MESSAGE(peer, peer.error());
  CHECK(peer->role == 17);
  REQUIRE(host.seen.wait([&] { return host.seen.peers.size() == 1; }));
  CHECK(host.seen.peers[0].role == 0);
  CHECK(host.seen.peers[0].address.rfind("127.0.0.1:", 0) == 0);
}

TEST_CASE("a frame may be answered from where it is received") {
  Pair pair;
  pair.host.seen.handle_frame = [&](Frame frame) {
    pair.host.transport.send(frame.from, std::move(frame.bytes));
    pair.host.transport.send(frame.from, {1});
  };
  pair.guest.send(pair.of_guest, Bytes(3, 9));
  REQUIRE(pair.seen.wait([&] { return pair.seen.frames.size() == 2; }));
  CHECK(pair.seen.frames[0].bytes == Bytes(3, 9));
}

TEST_CASE("what is queued beyond the window where a frame is received leaves before the farewell") {
  TransportSettings narrow = token_settings();
  narrow.window_bytes = 1000;
  Pair pair(unhurried(), narrow);
  std::size_t received = 0;
  pair.seen.handle_frame = [&](Frame) { pair.seen.note([&] { ++received; }); };
  pair.host.seen.handle_frame = [&](const Frame& frame) {
    for (int i = 0; i < 50; ++i) pair.host.transport.send(frame.from, Bytes(900));
    pair.host.transport.close(frame.from);
  };
  REQUIRE(pair.guest.send(pair.of_guest, {1}));
  REQUIRE(pair.seen.wait([&] { return pair.seen.gone.size() == 1; }));
  CHECK(pair.seen.gone[0].reason == "closed by the peer");
  CHECK(received == 50);
}

TEST_CASE("a wrong token is refused with one line on both sides") {
  Host host;
  Recorder seen;
  Transport guest(token_settings("another secret"), seen);
  const auto peer = guest.connect("127.0.0.1", host.port, kPatience);
  REQUIRE_FALSE(peer);
  CHECK(peer.error() == "127.0.0.1:" + std::to_string(host.port) + ": wrong token");
  REQUIRE(host.seen.wait([&] { return host.seen.strangers.size() == 1; }));
  CHECK(host.seen.strangers[0].why == "wrong token");
  CHECK(host.seen.peers.empty());
}

TEST_CASE("a transport without a token neither listens nor connects") {
  Recorder seen;
  Transport transport(token_settings(""), seen);
  CHECK(transport.listen("127.0.0.1", 0).error() == "a token is required");
  CHECK(transport.connect("127.0.0.1", 1, kPatience).error() == "a token is required");
}

TEST_CASE("an address in use is named") {
  Host host;
  Recorder seen;
  Transport other(token_settings(), seen);
  const auto port = other.listen("127.0.0.1", host.port);
  REQUIRE_FALSE(port);
  CHECK(port.error() == "127.0.0.1:" + std::to_string(host.port) + ": Address already in use");
}

TEST_CASE("where nobody listens, connecting says so") {
  std::uint16_t port = 0;
  {
    const Host host;
    port = host.port;
  }
  Recorder seen;
  Transport transport(token_settings(), seen);
  const auto peer = transport.connect("127.0.0.1", port, kPatience);
  REQUIRE_FALSE(peer);
  CHECK(peer.error() == "127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_CASE("who listens but says nothing is given up in time") {
  asio::io_context io;
  const tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  Recorder seen;
  Transport transport(token_settings(), seen);
  const auto peer = transport.connect("127.0.0.1", acceptor.local_endpoint().port(), 100ms);
  REQUIRE_FALSE(peer);
  CHECK(peer.error().find("no hello within 100 ms") != std::string::npos);
}

TEST_CASE("a closed peer gets what was queued, and both sides hear why it has gone") {
  Pair pair(token_settings(), unhurried());
  for (int i = 0; i < 20; ++i) REQUIRE(pair.guest.send(pair.of_guest, Bytes(1'000'000, 1)));
  pair.guest.close(pair.of_guest);
  REQUIRE(pair.host.seen.wait([&] { return pair.host.seen.gone.size() == 1; }));
  CHECK(pair.host.seen.frames.size() == 20);
  CHECK(pair.host.seen.gone[0].peer == pair.of_host);
  CHECK(pair.host.seen.gone[0].reason == "closed by the peer");
  REQUIRE(pair.seen.wait([&] { return pair.seen.gone.size() == 1; }));
  CHECK(pair.seen.gone[0].reason == "closed on this side");
  CHECK_FALSE(pair.guest.send(pair.of_guest, {1}));
  CHECK_FALSE(pair.host.transport.send(pair.of_host, {1}));
}

TEST_CASE("a transport that ends sends what was queued") {
  Host host;
  {
    Recorder seen;
    Transport guest(unhurried(), seen);
    const auto peer = guest.connect("127.0.0.1", host.port, kPatience);
    REQUIRE_MESSAGE(peer, peer.error());
    for (int i = 0; i < 20; ++i) REQUIRE(guest.send(peer->id, Bytes(1'000'000, 1)));
  }
  REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 1; }));
  CHECK(host.seen.frames.size() == 20);
}

TEST_CASE("a sender waits at the window, and goes on with every credit that is released") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 1'000'000;
  Pair pair(settings);
  std::atomic<int> sent{0};
  auto sending = std::async(std::launch::async, [&] {
    for (int i = 0; i < 17; ++i) {
      if (!pair.guest.send(pair.of_guest, Bytes(100'000, static_cast<std::uint8_t>(i)))) return;
      ++sent;
    }
  });
  Recorder& seen = pair.host.seen;
  REQUIRE(seen.wait([&] { return seen.frames.size() == 9; }));
  REQUIRE(comes_true([&] { return sent == 9; }));
  // The tenth does not fit: that nothing comes can be seen only by waiting a little.
  std::this_thread::sleep_for(100ms);
  CHECK(sent == 9);
  for (std::size_t released = 0; released < 8; ++released) {
    seen.note([&] { seen.frames[released].credit.reset(); });
    REQUIRE(seen.wait([&] { return seen.frames.size() == 10 + released; }));
    CHECK(sent <= static_cast<int>(10 + released));
  }
  sending.get();
  CHECK(sent == 17);
}

TEST_CASE("what is posted never waits, and counts as under way until the other side lets go of it") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 1'000'000;
  Pair pair(settings);
  CHECK(pair.guest.under_way(pair.of_guest) == 0);
  for (int i = 0; i < 30; ++i) REQUIRE(pair.guest.post(pair.of_guest, Bytes(100'000, 1)));
  CHECK(pair.guest.under_way(pair.of_guest) >= 3'000'000);
  Recorder& seen = pair.host.seen;
  // Not more than the window is over there.
  REQUIRE(seen.wait([&] { return seen.frames.size() == 9; }));
  for (std::size_t released = 0; released < 30; ++released) {
    REQUIRE(seen.wait([&] { return seen.frames.size() > released; }));
    seen.note([&] { seen.frames[released].credit.reset(); });
  }
  REQUIRE(pair.seen.wait([&] { return pair.guest.under_way(pair.of_guest) < 125'000; }));
  CHECK(pair.seen.rooms > 0);
  CHECK(pair.guest.under_way(pair.of_guest + 1) == 0);
}

TEST_CASE("credits pass between large frames that go the same way") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 8'000'000;
  Pair pair(settings, settings);
  const auto count_intact = [](Recorder& seen, std::size_t& intact) {
    seen.handle_frame = [&seen, &intact](const Frame& frame) {
      const bool whole = frame.bytes == Bytes(3'000'000, static_cast<std::uint8_t>(intact));
      seen.note([&] { intact += whole ? 1 : 0; });
    };
  };
  std::size_t of_host = 0;
  std::size_t of_guest = 0;
  count_intact(pair.host.seen, of_host);
  count_intact(pair.seen, of_guest);
  const auto send_all = [](Transport& from, PeerId to) {
    for (int i = 0; i < 40; ++i) from.send(to, Bytes(3'000'000, static_cast<std::uint8_t>(i)));
  };
  std::thread other([&] { send_all(pair.host.transport, pair.of_host); });
  send_all(pair.guest, pair.of_guest);
  other.join();
  CHECK(pair.host.seen.wait([&] { return of_host == 40 || !pair.host.seen.gone.empty(); }));
  CHECK(pair.seen.wait([&] { return of_guest == 40 || !pair.seen.gone.empty(); }));
  CHECK(of_host == 40);
  CHECK(of_guest == 40);
}

TEST_CASE("a frame longer than the window passes when nothing else is under way") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 1000;
  Pair pair(settings);
  pair.host.seen.handle_frame = [&](Frame frame) {
    pair.host.seen.note([&] { pair.host.seen.frames.push_back({frame.from, frame.bytes, nullptr}); });
  };
  for (int i = 0; i < 20; ++i) REQUIRE(pair.guest.send(pair.of_guest, Bytes(100'000, 1)));
  CHECK(pair.host.seen.wait([&] { return pair.host.seen.frames.size() == 20; }));
}

TEST_CASE("many threads send to one peer through a narrow window, and nothing is lost") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 5000;
  Pair pair(settings);
  std::vector<int> next(4, 0);
  bool in_order = true;
  int received = 0;
  pair.host.seen.handle_frame = [&](Frame frame) {
    pair.host.seen.note([&] {
      in_order = in_order && frame.bytes[1] == next[frame.bytes[0]]++ % 256;
      ++received;
    });
  };
  std::vector<std::thread> threads;
  for (std::uint8_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t i = 0; i < 500; ++i) {
        Bytes frame(2 + i * 97 % 3000, thread);
        frame[1] = static_cast<std::uint8_t>(i);
        pair.guest.send(pair.of_guest, std::move(frame));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(pair.host.seen.wait([&] { return received == 2000; }));
  CHECK(in_order);
}

TEST_CASE("credits may outlive the transport") {
  std::vector<Frame> kept;
  {
    Pair pair;
    REQUIRE(pair.guest.send(pair.of_guest, {1, 2, 3}));
    REQUIRE(pair.host.seen.wait([&] { return pair.host.seen.frames.size() == 1; }));
    kept = std::move(pair.host.seen.frames);
  }
  kept.clear();
}

TEST_CASE("closing unblocks a sender that waits") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 1000;
  Pair pair(settings);
  REQUIRE(pair.guest.send(pair.of_guest, Bytes(900)));
  auto sending = std::async(std::launch::async, [&] { return pair.guest.send(pair.of_guest, Bytes(900)); });
  REQUIRE(pair.host.seen.wait([&] { return pair.host.seen.frames.size() == 1; }));
  pair.guest.close(pair.of_guest);
  CHECK_FALSE(sending.get());
}

TEST_CASE("a frame that the peer does not take closes the connection with the reason") {
  TransportSettings settings = token_settings();
  settings.most_frame_bytes = 1000;
  Pair pair(settings);
  CHECK(pair.guest.send(pair.of_guest, Bytes(1000)));
  CHECK_FALSE(pair.guest.send(pair.of_guest, Bytes(1001)));
  REQUIRE(pair.seen.wait([&] { return pair.seen.gone.size() == 1; }));
  CHECK(pair.seen.gone[0].reason == "a frame of 1001 bytes is longer than the peer takes");
}

TEST_CASE("who has nothing to say lets the other side hear that it is there") {
  Host host;
  Socket idle(host.port);
  idle.greet();
  for (int i = 0; i < 3; ++i) CHECK(idle.receive(FrameHeader::kBytes) == header_bytes(FrameKind::beat, 0));
}

TEST_CASE("an idle connection stays") {
  TransportSettings settings = token_settings();
  settings.silence = 3s;  // a machine may be held up for most of it
  Pair pair(settings, settings);
  std::this_thread::sleep_for(4s);
  CHECK(pair.guest.send(pair.of_guest, {1}));
  CHECK(pair.host.seen.wait([&] { return pair.host.seen.frames.size() == 1; }));
  CHECK(pair.host.seen.gone.empty());
}

TEST_CASE("a peer that falls silent is gone, and whoever waits to send to it goes on") {
  TransportSettings settings = token_settings();
  settings.silence = 400ms;
  settings.window_bytes = 1000;
  Host host(settings);
  Socket mute(host.port);
  mute.greet();
  REQUIRE(host.seen.wait([&] { return host.seen.peers.size() == 1; }));
  const PeerId peer = host.seen.peers[0].id;
  while (host.transport.send(peer, Bytes(900))) {
  }
  REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 1; }));
  CHECK(host.seen.gone[0].reason == "silent for too long");
}

TEST_CASE("a peer that breaks off is told from one that says farewell") {
  Host host;
  {
    Socket socket(host.port);
    socket.greet();
    REQUIRE(host.seen.wait([&] { return host.seen.peers.size() == 1; }));
  }
  REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 1; }));
  CHECK(host.seen.gone[0].reason == "broke off without a farewell");
  {
    Socket socket(host.port);
    socket.greet();
    socket.send_header(FrameKind::data, 100);
    socket.send(Bytes(50));
  }
  REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 2; }));
  CHECK(host.seen.gone[1].reason == "broke off in the middle of a frame");
  CHECK(host.seen.frames.empty());
}

TEST_CASE("a peer that sends what it has no right to is cut off with one line") {
  TransportSettings settings = token_settings();
  settings.window_bytes = 1000;
  settings.most_frame_bytes = 5000;
  Host host(settings);
  const auto reason_after = [&](const std::function<void(Socket&)>& misbehave) {
    Socket socket(host.port);
    socket.greet();
    const std::size_t before = host.seen.gone.size();
    misbehave(socket);
    REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == before + 1; }));
    socket.await_end();
    return host.seen.gone.back().reason;
  };
  CHECK(reason_after([](Socket& socket) { socket.send_header(FrameKind::data, 5001); }) ==
        "sent a frame of 5001 bytes, the longest allowed has 5000");
  CHECK(reason_after([](Socket& socket) { socket.send_header(FrameKind::credit, 1); }) ==
        "gave back more than was sent");
  CHECK(reason_after([](Socket& socket) { socket.send(Bytes(100, 'x')); }) == "sent what is no frame");
  CHECK(reason_after([](Socket& socket) {
          socket.send_header(FrameKind::data, 800);
          socket.send(Bytes(800));
          socket.send_header(FrameKind::data, 800);
        }) == "sent more than the window allows");
}

TEST_CASE("a host survives strangers that talk nonsense or stop halfway") {
  Bytes noise(10'000'000);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  Host host;
  const std::size_t files = open_files();
  const std::size_t before = memory();
  {
    Socket loud(host.port);
    loud.send(noise);
    REQUIRE(host.seen.wait([&] { return host.seen.strangers.size() == 1; }));
    CHECK(host.seen.strangers[0].why == "does not speak tardigrad's protocol");
    loud.await_end();
  }
  {
    Socket half(host.port);
    half.send({'t', 'a', 'r', 'd'});
  }
  REQUIRE(host.seen.wait([&] { return host.seen.strangers.size() == 2; }));
  CHECK(host.seen.strangers[1].why == "closed the connection in the middle of the hello");
  CHECK(files_fall_to(files));
  CHECK(memory() < before + 8);
  CHECK(host.seen.peers.empty());
  Recorder seen;
  Transport guest(token_settings(), seen);
  CHECK(guest.connect("127.0.0.1", host.port, kPatience));
}

TEST_CASE("a stranger that is slow or silent has no more than its time") {
  TransportSettings settings = token_settings();
  settings.hello_time = 300ms;
  Host host(settings);
  const std::size_t files = open_files();
  {
    Socket silent(host.port);
    Socket slow(host.port);
    const auto greeting = with_nonce({}).encode();
    for (std::size_t i = 0; i < 20; ++i) {
      slow.send({greeting[i]});
      std::this_thread::sleep_for(30ms);
    }
    slow.await_end();
    silent.await_end();
  }
  REQUIRE(host.seen.wait([&] { return host.seen.strangers.size() == 2; }));
  for (const auto& stranger : host.seen.strangers) CHECK(stranger.why == "no hello within 300 ms");
  CHECK(files_fall_to(files));
}

TEST_CASE("a thousand silent connections take a bounded number of files, and keep no peer out") {
  TransportSettings settings = token_settings();
  settings.most_strangers = 20;
  Host host(settings);
  Recorder seen;
  Transport guest(token_settings(), seen);
  const std::size_t files = open_files();
  const auto begin = std::chrono::steady_clock::now();
  asio::io_context io(1);
  std::vector<tcp::socket> crowd;
  for (int i = 0; i < 1000; ++i) {
    crowd.emplace_back(io);
    asio::error_code error;
    crowd.back().connect(tcp::endpoint(asio::ip::address_v4::loopback(), host.port), error);
    if (i % 100 == 99) {
      const auto peer = guest.connect("127.0.0.1", host.port, kPatience);
      REQUIRE_MESSAGE(peer, peer.error());
      REQUIRE(guest.send(peer->id, {1}));
    }
  }
  REQUIRE(host.seen.wait([&] { return host.seen.frames.size() == 10; }));
  std::int64_t said = 0;
  host.seen.note([&] { said = static_cast<std::int64_t>(host.seen.strangers.size()); });
  CHECK(said >= 1);
  // Ten in a row, then one a second.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();
  CHECK(said <= 10 + seconds);
  crowd.clear();
  CHECK(files_fall_to(files + 2 * 10 + 20));
  CHECK(host.seen.gone.empty());
}

TEST_CASE("where file descriptors run out a host waits, at no cost, and accepts when there are some") {
  Host host;
  asio::io_context io(1);
  tcp::socket stream(io, tcp::v4());  // has its descriptor already
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int next = ::dup(0);
  ::close(next);
  const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  stream.connect(tcp::endpoint(asio::ip::address_v4::loopback(), host.port));
  std::string why;  // read under the recorder's lock, as the same is said again and again
  const bool is_told = host.seen.wait([&] {
    if (!host.seen.strangers.empty()) why = host.seen.strangers[0].why;
    return !why.empty();
  });
  const std::clock_t worked = std::clock();
  std::this_thread::sleep_for(1s);
  const std::clock_t work = std::clock() - worked;  // of processors, all threads
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(is_told);
  CHECK(why == "Too many open files");
  CHECK(work < CLOCKS_PER_SEC / 4);
  const auto greeting = with_nonce({}).encode();
  asio::write(stream, asio::buffer(greeting));
  Bytes answer(Greeting::kBytes);
  asio::read(stream, asio::buffer(answer));  // it has been accepted
  Recorder seen;
  Transport guest(token_settings(), seen);
  CHECK(guest.connect("127.0.0.1", host.port, kPatience));
}

TEST_CASE("a process that is killed is gone at once, one that is stopped after the silence") {
  TransportSettings settings = token_settings();
  settings.silence = 3s;  // a machine may be held up for most of it
  // The child is made before there are threads; it connects when it is told where to.
  int port_pipe[2];
  REQUIRE(::pipe(port_pipe) == 0);
  std::array<pid_t, 2> children{};
  for (pid_t& child : children) {
    child = ::fork();
    REQUIRE(child >= 0);
    if (child != 0) continue;
    std::uint16_t port = 0;
    if (::read(port_pipe[0], &port, sizeof(port)) != sizeof(port)) ::_exit(1);
    Recorder seen;
    Transport transport(settings, seen);
    const auto peer = transport.connect("127.0.0.1", port, kPatience);
    if (!peer || !transport.send(peer->id, {static_cast<std::uint8_t>(&child - children.data())})) ::_exit(1);
    for (;;) ::pause();
  }
  {
    Host host(settings);
    for (int i = 0; i < 2; ++i) REQUIRE(::write(port_pipe[1], &host.port, sizeof(host.port)) == sizeof(host.port));
    REQUIRE(host.seen.wait([&] { return host.seen.frames.size() == 2; }));
    ::kill(children[0], SIGKILL);
    REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 1; }));
    CHECK(host.seen.gone[0].reason == "broke off without a farewell");
    ::kill(children[1], SIGSTOP);
    REQUIRE(host.seen.wait([&] { return host.seen.gone.size() == 2; }));
    CHECK(host.seen.gone[1].reason == "silent for too long");
  }
  ::kill(children[1], SIGKILL);
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
  ::close(port_pipe[0]);
  ::close(port_pipe[1]);
}

TEST_SUITE_END();
