#include "runtime/transport/transport.hpp"

#include <algorithm>
#include <asio/connect.hpp>
#include <thread>
#include <utility>

#include "runtime/transport/address_text.hpp"
#include "runtime/transport/transport_engine.hpp"

namespace tardigrad {

namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The delay before another attempt to connect to a host that is not up yet.
constexpr milliseconds kRetry{200};

/// The time between two looks whether an attempt is still wanted.
constexpr milliseconds kLook{100};

/// Runs the event loop until it is empty, for so long at most, or until the attempt is given up.
void run_for(asio::io_context& io, milliseconds timeout, const Patience& patience) {
  const auto deadline = steady_clock::now() + timeout;
  while (!io.stopped() && steady_clock::now() < deadline && !patience.gives_up()) {
    io.run_until(std::min(deadline, steady_clock::now() + kLook));
  }
}

/// A socket of `io`, which somebody else runs: the caller waits here for an event loop of its own.
tcp::socket connected_socket(asio::io_context& io, const std::string& host, std::uint16_t port, milliseconds timeout,
                             const Patience& patience, asio::error_code& error) {
  asio::io_context own(1);
  tcp::socket socket(own);
  const auto endpoints = tcp::resolver(own).resolve(host, std::to_string(port), error);
  if (error) return tcp::socket(io);
  tcp protocol = tcp::v4();
  error = asio::error::timed_out;
  asio::async_connect(socket, endpoints, [&](const asio::error_code& outcome, const tcp::endpoint& endpoint) {
    error = outcome;
    protocol = endpoint.protocol();
  });
  run_for(own, timeout, patience);
  return error ? tcp::socket(io) : tcp::socket(io, protocol, socket.release());
}

tcp::acceptor listening_socket(asio::io_context& io, const std::string& address, std::uint16_t port,
                               asio::error_code& error) {
  tcp::acceptor acceptor(io);
  const auto endpoints = tcp::resolver(io).resolve(address, std::to_string(port), tcp::resolver::passive, error);
  if (error) return acceptor;
  const tcp::endpoint endpoint = *endpoints.begin();
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return acceptor;
}

}  // namespace

Transport::Transport(TransportSettings settings, TransportListener& listener)
    : engine_(std::make_unique<TransportEngine>(std::move(settings), listener)) {}

Transport::~Transport() = default;

Result<std::uint16_t> Transport::listen(const std::string& address, std::uint16_t port) {
  using Port = Result<std::uint16_t>;
  if (!engine_->mistake().empty()) return Port::failure(engine_->mistake());
  asio::error_code error;
  tcp::acceptor acceptor = listening_socket(engine_->io(), address, port, error);
  if (error) return Port::failure(address_text(address, port) + ": " + error.message());
  const std::uint16_t bound = acceptor.local_endpoint().port();
  engine_->listen(std::move(acceptor));
  return bound;
}

Result<Peer> Transport::connect(const std::string& host, std::uint16_t port, milliseconds timeout,
                                const Patience& patience) {
  if (!engine_->mistake().empty()) return Result<Peer>::failure(engine_->mistake());
  const auto fail = [&](const std::string& why) {
    return Result<Peer>::failure(address_text(host, port) + ": " + why);
  };
  asio::error_code error;
  auto begin = steady_clock::now();
  tcp::socket socket = connected_socket(engine_->io(), host, port, timeout, patience, error);
  while (error && patience.tries_again(error.message())) {
    std::this_thread::sleep_for(kRetry);
    begin = steady_clock::now();
    socket = connected_socket(engine_->io(), host, port, timeout, patience, error);
  }
  if (error) return fail(error.message());
  const milliseconds hello_time = engine_->settings().hello_time;
  const auto deadline = std::min(begin + timeout, steady_clock::now() + hello_time);
  const Result<Peer> peer = engine_->greet(std::move(socket), host, deadline, std::min(hello_time, timeout));
  return peer ? peer : fail(peer.error());
}

bool Transport::send(PeerId peer, std::vector<std::uint8_t> frame) {
  return hand_over(peer, std::move(frame), !engine_->is_own_thread());
}

bool Transport::post(PeerId peer, std::vector<std::uint8_t> frame) { return hand_over(peer, std::move(frame), false); }

std::uint64_t Transport::under_way(PeerId peer) const {
  const std::shared_ptr<TransportLink> link = engine_->find_link(peer);
  return link ? link->under_way() : 0;
}

bool Transport::hand_over(PeerId peer, std::vector<std::uint8_t> frame, bool may_wait) {
  const std::shared_ptr<TransportLink> link = engine_->find_link(peer);
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
  engine_->close(peer, "a frame of " + std::to_string(size) + " bytes is longer than the peer takes");
  return false;
}

void Transport::close(PeerId peer) { engine_->close(peer, "closed on this side"); }

}  // namespace tardigrad
