/// Frames between two processes over loopback, one way: through the transport, through a bare pair of
/// CAF brokers, as messages of CAF's remote actors, and through a bare Asio stream. Sizes of a fragment of GN-LeNet at
/// K = 10, and of the whole model.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/broker.hpp>
#include <caf/io/middleman.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/transport/transport.hpp"

namespace {

using namespace tardigrad;
using asio::ip::tcp;
using std::chrono::steady_clock;

struct Load {
  std::size_t frame_bytes;
  std::size_t frames;
};

/// Through it the receiving process tells the sending one its port, then that everything has arrived.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) std::abort();
  }
  void put(std::uint16_t value) const {
    if (::write(ends_[1], &value, sizeof(value)) != sizeof(value)) std::abort();
  }
  std::uint16_t get() const {
    std::uint16_t value = 0;
    if (::read(ends_[0], &value, sizeof(value)) != sizeof(value)) std::abort();
    return value;
  }

 private:
  std::array<int, 2> ends_{};
};

using Receiver = std::function<void(const Load&, const Pipe&)>;
using Sender = std::function<double(const Load&, const Pipe&)>;

/// Frames a second.
double measure(const Load& load, const Receiver& receive, const Sender& send) {
  const Pipe pipe;
  const pid_t child = ::fork();
  if (child == 0) {
    receive(load, pipe);
    ::_exit(0);
  }
  const double rate = send(load, pipe);
  ::waitpid(child, nullptr, 0);
  return rate;
}

double rate_since(steady_clock::time_point begin, const Load& load) {
  return static_cast<double>(load.frames) / std::chrono::duration<double>(steady_clock::now() - begin).count();
}

// --- transport ---------------------------------------------------------------

class Counter final : public TransportListener {
 public:
  explicit Counter(std::size_t expected) : expected_(expected) {}
  void on_peer(const Peer&) override {}
  void on_frame(Frame) override {
    if (++received_ == expected_) done_.set_value();
  }
  void on_gone(PeerGone) override {}
  void on_stranger(const std::string&, const std::string&) override {}
  void wait() { done_.get_future().wait(); }

 private:
  std::size_t expected_;
  std::size_t received_ = 0;
  std::promise<void> done_;
};

TransportSettings settings() {
  TransportSettings chosen;
  chosen.token = "benchmark";
  return chosen;
}

void receive_by_transport(const Load& load, const Pipe& pipe) {
  Counter counter(load.frames);
  Transport transport(settings(), counter);
  pipe.put(*transport.listen("127.0.0.1", 0));
  counter.wait();
  pipe.put(1);
}

double send_by_transport(const Load& load, const Pipe& pipe) {
  Counter nobody(0);
  Transport transport(settings(), nobody);
  const auto peer = transport.connect("127.0.0.1", pipe.get(), std::chrono::seconds(5));
  if (!peer) {
    fmt::print(stderr, "{}\n", peer.error());
    std::exit(1);
  }
  const auto begin = steady_clock::now();
  for (std::size_t i = 0; i < load.frames; ++i) {
    transport.send(peer->id, std::vector<std::uint8_t>(load.frame_bytes, static_cast<std::uint8_t>(i)));
  }
  pipe.get();
  return rate_since(begin, load);
}

// --- bare CAF brokers ----------------------------------------------------------

struct CafConfig : caf::actor_system_config {
  CafConfig() { load<caf::io::middleman>(); }
};

/// Frames of one size need no header: a broker reads exactly as many bytes each time.
void receive_by_caf(const Load& load, const Pipe& pipe) {
  CafConfig config;
  caf::actor_system system(config);
  std::promise<void> done;
  std::uint16_t port = 0;
  const auto server = [&](caf::io::broker* self) -> caf::behavior {
    auto received = std::make_shared<std::size_t>(0);
    return {[=](const caf::io::new_connection_msg& message) {
              self->configure_read(message.handle, caf::io::receive_policy::exactly(load.frame_bytes));
            },
            [=, &done](caf::io::new_data_msg& message) {
              // The transport hands a frame over in the same way: the application keeps the bytes.
              const std::vector<std::uint8_t> frame(message.buf.begin(), message.buf.end());
              if (++*received == load.frames) done.set_value();
            },
            [=](const caf::io::connection_closed_msg&) { self->quit(); }};
  };
  if (!system.middleman().spawn_server(server, port)) std::abort();
  pipe.put(port);
  done.get_future().wait();
  pipe.put(1);
  ::_exit(0);
}

using WriteAtom = caf::atom_constant<caf::atom("write")>;
using AckAtom = caf::atom_constant<caf::atom("ack")>;

/// Writes a few frames at a time, as its socket takes them.
double send_by_caf(const Load& load, const Pipe& pipe) {
  CafConfig config;
  caf::actor_system system(config);
  const auto client = [=](caf::io::broker* self, caf::io::connection_handle peer) -> caf::behavior {
    auto left = std::make_shared<std::size_t>(load.frames);
    const auto write = [=] {
      if (*left == 0) return;
      --*left;
      const std::vector<std::uint8_t> frame(load.frame_bytes, static_cast<std::uint8_t>(*left));
      self->write(peer, frame.size(), frame.data());
      self->flush(peer);
    };
    self->ack_writes(peer, true);
    return {[=](WriteAtom) {
              for (int i = 0; i < 8; ++i) write();
            },
            [=](const caf::io::data_transferred_msg& message) {
              for (auto waiting = message.remaining; waiting<8 * load.frame_bytes&& * left> 0;
                   waiting += load.frame_bytes) {
                write();
              }
            },
            [=](const caf::io::connection_closed_msg&) { self->quit(); }};
  };
  const auto begin = steady_clock::now();
  const auto actor = system.middleman().spawn_client(client, "127.0.0.1", pipe.get());
  if (!actor) std::abort();
  caf::anon_send(*actor, WriteAtom::value);
  pipe.get();
  const double rate = rate_since(begin, load);
  caf::anon_send_exit(*actor, caf::exit_reason::user_shutdown);
  return rate;
}

// --- CAF's remote actors -------------------------------------------------------

/// The same bytes as one byte vector a message; `kAhead` of them are under way.
constexpr std::size_t kAhead = 64;

void receive_by_remote_actor(const Load& load, const Pipe& pipe) {
  CafConfig config;
  caf::actor_system system(config);
  std::promise<void> done;
  const auto receiver = system.spawn([&](caf::event_based_actor*) -> caf::behavior {
    auto received = std::make_shared<std::size_t>(0);
    return {[=, &done](const std::vector<char>&) {
      if (++*received == load.frames) done.set_value();
      return AckAtom::value;
    }};
  });
  const auto port = system.middleman().publish(receiver, 0, "127.0.0.1");
  if (!port) std::abort();
  pipe.put(*port);
  done.get_future().wait();
  pipe.put(1);
  ::_exit(0);
}

double send_by_remote_actor(const Load& load, const Pipe& pipe) {
  CafConfig config;
  caf::actor_system system(config);
  const auto receiver = system.middleman().remote_actor("127.0.0.1", pipe.get());
  if (!receiver) std::abort();
  const auto begin = steady_clock::now();
  const auto sender = system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
    auto left = std::make_shared<std::size_t>(load.frames);
    const auto send = [=] {
      if (*left == 0) return;
      --*left;
      self->send(*receiver, std::vector<char>(load.frame_bytes, static_cast<char>(*left)));
    };
    return {[=](WriteAtom) {
              for (std::size_t i = 0; i < kAhead; ++i) send();
            },
            [=](AckAtom) { send(); }};
  });
  caf::anon_send(sender, WriteAtom::value);
  pipe.get();
  const double rate = rate_since(begin, load);
  caf::anon_send_exit(sender, caf::exit_reason::user_shutdown);
  return rate;
}

// --- bare Asio -----------------------------------------------------------------

void receive_by_asio(const Load& load, const Pipe& pipe) {
  asio::io_context io(1);
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  pipe.put(acceptor.local_endpoint().port());
  tcp::socket socket = acceptor.accept();
  for (std::size_t i = 0; i < load.frames; ++i) {
    std::vector<std::uint8_t> frame(load.frame_bytes);
    asio::read(socket, asio::buffer(frame));
  }
  pipe.put(1);
}

double send_by_asio(const Load& load, const Pipe& pipe) {
  asio::io_context io(1);
  tcp::socket socket(io);
  socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), pipe.get()));
  socket.set_option(tcp::no_delay(true));
  const auto begin = steady_clock::now();
  for (std::size_t i = 0; i < load.frames; ++i) {
    const std::vector<std::uint8_t> frame(load.frame_bytes, static_cast<std::uint8_t>(i));
    asio::write(socket, asio::buffer(frame));
  }
  pipe.get();
  return rate_since(begin, load);
}

/// The best of the runs, whose order alternates: the machine's other work only ever slows one down.
void compare(std::size_t frame_bytes) {
  const Load load{frame_bytes, (std::size_t{1} << 30) / frame_bytes};
  struct Way {
    const char* name;
    Receiver receive;
    Sender send;
    double best = 0;
  };
  std::array<Way, 4> ways{{{"transport", receive_by_transport, send_by_transport},
                           {"CAF brokers", receive_by_caf, send_by_caf},
                           {"CAF remote actors", receive_by_remote_actor, send_by_remote_actor},
                           {"Asio stream", receive_by_asio, send_by_asio}}};
  for (int run = 0; run < 4; ++run) {
    for (Way& way : ways) way.best = std::max(way.best, measure(load, way.receive, way.send));
  }
  for (const Way& way : ways) {
    fmt::print("{:>7} bytes  {:<18} {:>9.0f} frames/s {:>7.0f} MB/s   transport is {:.2f} of it\n", frame_bytes,
               way.name, way.best, way.best * static_cast<double>(frame_bytes) / 1e6, ways[0].best / way.best);
  }
}

}  // namespace

int main() {
  compare(36'000);
  compare(360'000);
}
