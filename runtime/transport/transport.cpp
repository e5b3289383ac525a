#include "runtime/transport/transport.hpp"

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/send.hpp>
#include <condition_variable>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "runtime/transport/address_text.hpp"
#include "runtime/transport/transport_broker.hpp"

namespace tardigrad {

namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The delay before another attempt to connect to a host that is not up yet.
constexpr milliseconds kRetry{200};

/// There is little to schedule: the work is done on the event loop's thread.
class TransportConfig : public caf::actor_system_config {
 public:
  explicit TransportConfig(const std::optional<TlsFiles>& tls) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{1});
    load<caf::io::middleman>();
    if (!tls) return;
    openssl_certificate = tls->certificate;
    openssl_key = tls->key;
    openssl_cafile = tls->ca;
    load<caf::openssl::manager>();
  }
};

std::string mistake_in(const TransportSettings& settings) {
  if (settings.token.empty()) return "a token is required";
  if (settings.most_frame_bytes > std::numeric_limits<std::uint32_t>::max()) {
    return "frames of 4 GiB and more are not supported";
  }
  return settings.tls ? mistake_in(*settings.tls).value_or("") : "";
}

/// Asio opens the sockets, because it reports errors and takes a timeout; CAF moves the bytes.
Result<int> connected_socket(const std::string& host, std::uint16_t port, milliseconds timeout) {
  asio::io_context io(1);
  asio::error_code error;
  const auto endpoints = tcp::resolver(io).resolve(host, std::to_string(port), error);
  if (error) return Result<int>::failure(error.message());
  tcp::socket socket(io);
  error = asio::error::timed_out;
  asio::async_connect(socket, endpoints,
                      [&](const asio::error_code& outcome, const tcp::endpoint&) { error = outcome; });
  io.run_for(timeout);
  if (error) return Result<int>::failure(error.message());
  return static_cast<int>(socket.release());
}

struct Listening {
  int socket;
  std::uint16_t port;
};

Result<Listening> listening_socket(const std::string& address, std::uint16_t port) {
  asio::io_context io(1);
  asio::error_code error;
  const auto endpoints = tcp::resolver(io).resolve(address, std::to_string(port), tcp::resolver::passive, error);
  if (error) return Result<Listening>::failure(error.message());
  const tcp::endpoint endpoint = *endpoints.begin();
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return Result<Listening>::failure(error.message());
  const std::uint16_t bound = acceptor.local_endpoint().port();
  return Listening{static_cast<int>(acceptor.release()), bound};
}

/// Calls a function at regular intervals, on a thread of its own, until it is destroyed. CAF's clock does not
/// serve for that: requests that still wait in it when its system ends are never freed.
class Ticker {
 public:
  Ticker(milliseconds period, std::function<void()> tick) : period_(period), tick_(std::move(tick)) {}
  ~Ticker() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!changed_.wait_for(lock, period_, [this] { return over_; })) tick_();
  }

  milliseconds period_;
  std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_{[this] { run(); }};
};

}  // namespace

class Transport::Engine {
 public:
  Engine(TransportSettings chosen, TransportListener& listener)
      : settings(std::move(chosen)),
        mistake(mistake_in(settings)),
        config(mistake.empty() ? settings.tls : std::nullopt),
        system(config),
        broker(spawn_broker(listener)),
        ticker(TransportBroker::tick_period(settings), [this] { caf::anon_send(broker, TickAtom::value); }) {}
  ~Engine() {
    caf::anon_send(broker, StopAtom::value);
    system.await_all_actors_done();  // actors need the ticker until then, for their deadlines
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  TransportSettings settings;
  std::string mistake;
  TransportLinks links;
  TransportConfig config;
  caf::actor_system system;
  caf::actor broker;
  Ticker ticker;

 private:
  caf::actor spawn_broker(TransportListener& listener) {
    caf::actor_config actor_config{&system.middleman().backend()};
    return system.spawn_class<TransportBroker, caf::no_spawn_options>(actor_config, settings, listener, links);
  }
};

Transport::Transport(TransportSettings settings, TransportListener& listener)
    : engine_(std::make_unique<Engine>(std::move(settings), listener)) {}

Transport::~Transport() = default;

Result<std::uint16_t> Transport::listen(const std::string& address, std::uint16_t port) {
  using Port = Result<std::uint16_t>;
  if (!engine_->mistake.empty()) return Port::failure(engine_->mistake);
  const Result<Listening> listening = listening_socket(address, port);
  if (!listening) return Port::failure(address_text(address, port) + ": " + listening.error());
  caf::anon_send(engine_->broker, ListenAtom::value, listening->socket);
  return listening->port;
}

Result<Peer> Transport::connect(const std::string& host, std::uint16_t port, milliseconds timeout,
                                const std::function<bool()>& is_patient) {
  if (!engine_->mistake.empty()) return Result<Peer>::failure(engine_->mistake);
  const auto fail = [&](const std::string& why) {
    return Result<Peer>::failure(address_text(host, port) + ": " + why);
  };
  auto begin = steady_clock::now();
  Result<int> socket = connected_socket(host, port, timeout);
  while (!socket && is_patient()) {
    std::this_thread::sleep_for(kRetry);
    begin = steady_clock::now();
    socket = connected_socket(host, port, timeout);
  }
  if (!socket) return fail(socket.error());
  const auto attempt = std::make_shared<ConnectAttempt>();
  attempt->socket = *socket;
  attempt->time = std::min(engine_->settings.hello_time, timeout);
  attempt->deadline = std::min(begin + timeout, steady_clock::now() + engine_->settings.hello_time);
  caf::anon_send(engine_->broker, GreetAtom::value, attempt);
  const Result<Peer> peer = attempt->outcome.get_future().get();
  return peer ? peer : fail(peer.error());
}

bool Transport::send(PeerId peer, std::vector<std::uint8_t> frame) {
  const bool may_wait = std::this_thread::get_id() != engine_->system.middleman().backend().thread_id();
  return hand_over(peer, std::move(frame), may_wait);
}

bool Transport::post(PeerId peer, std::vector<std::uint8_t> frame) { return hand_over(peer, std::move(frame), false); }

std::uint64_t Transport::under_way(PeerId peer) const {
  const std::shared_ptr<TransportLink> link = engine_->links.find(peer);
  return link ? link->under_way() : 0;
}

bool Transport::hand_over(PeerId peer, std::vector<std::uint8_t> frame, bool may_wait) {
  const std::shared_ptr<TransportLink> link = engine_->links.find(peer);
  if (!link) return false;
  const std::size_t size = frame.size();
  switch (link->send(std::move(frame), may_wait)) {
    case TransportLink::Sending::accepted:
      return true;
    case TransportLink::Sending::gone:
      return false;
    case TransportLink::Sending::too_long:
      break;
  }
  caf::anon_send(engine_->broker, CloseAtom::value, peer,
                 "a frame of " + std::to_string(size) + " bytes is longer than the peer takes");
  return false;
}

void Transport::close(PeerId peer) {
  caf::anon_send(engine_->broker, CloseAtom::value, peer, std::string("closed on this side"));
}

}  // namespace tardigrad
