#include "runtime/transport/transport_broker.hpp"

#include <algorithm>
#include <caf/io/middleman.hpp>
#include <caf/io/network/doorman_impl.hpp>
#include <utility>

namespace tardigrad {

namespace {

using caf::io::network::default_multiplexer;
using caf::io::network::native_socket;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// CAF's doorman, but with connections of this transport.
class Doorman final : public caf::io::network::doorman_impl {
 public:
  Doorman(default_multiplexer& loop, native_socket socket, TransportBroker& broker)
      : doorman_impl(loop, socket), broker_(broker) {}

  bool new_connection() override {
    const native_socket socket = acceptor_.accepted_socket();
    if (detached()) {
      caf::io::network::close_socket(socket);
      return false;
    }
    broker_.on_accepted(socket);
    return true;
  }

 private:
  TransportBroker& broker_;
};

/// Gives a frame's share of the window back.
class Credit {
 public:
  Credit(std::shared_ptr<TransportLink> link, std::size_t frame_bytes)
      : link_(std::move(link)), frame_bytes_(frame_bytes) {}
  ~Credit() { link_->release(frame_bytes_); }
  Credit(const Credit&) = delete;
  Credit& operator=(const Credit&) = delete;

 private:
  std::shared_ptr<TransportLink> link_;
  std::size_t frame_bytes_;
};

}  // namespace

void TransportLinks::add(PeerId peer, std::shared_ptr<TransportLink> link) {
  const std::lock_guard<std::mutex> lock(mutex_);
  links_.emplace(peer, std::move(link));
}

void TransportLinks::remove(PeerId peer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  links_.erase(peer);
}

std::shared_ptr<TransportLink> TransportLinks::find(PeerId peer) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = links_.find(peer);
  return found == links_.end() ? nullptr : found->second;
}

TransportBroker::TransportBroker(caf::actor_config& config, const TransportSettings& settings,
                                 TransportListener& listener, TransportLinks& links)
    : caf::io::broker(config), settings_(settings), listener_(listener), links_(links) {}

caf::behavior TransportBroker::make_behavior() {
  return {
      [this](TurnAtom, PeerId peer) {
        if (TransportConnection* connection = find(peer)) connection->turn();
      },
      [this](CloseAtom, PeerId peer, const std::string& why) {
        if (TransportConnection* connection = find(peer)) {
          connection->close(why, steady_clock::now() + settings_.farewell_time);
        }
      },
      [this](ListenAtom, native_socket socket) { listen(socket); },
      [this](GreetAtom, const ConnectAttemptPtr& attempt) { greet(attempt); },
      [this](TickAtom) { tick(); },
      // Done after a round of the loop: CAF loses a doorman that is added and removed in one round.
      [this](StopAtom) { loop().post([this, self = caf::actor(this)] { stop(); }); },
      [this](QuitAtom) { quit(); },
      [](const caf::io::acceptor_closed_msg&) {},
  };
}

void TransportBroker::listen(native_socket socket) {
  doormen_.push_back(caf::io::network::accept_hdl_from_socket(socket));
  add_doorman(caf::make_counted<Doorman>(loop(), socket, *this));
}

void TransportBroker::on_accepted(native_socket socket) {
  if (!strangers_.empty() && strangers_.size() >= settings_.most_strangers) drop_oldest_stranger();
  const Result<TransportConnectionPtr> connection =
      add(socket, Handshake::Side::accepting, steady_clock::now() + settings_.hello_time, settings_.hello_time);
  if (!connection) return;
  strangers_.push_back(connection->get());
  (*connection)->start();
}

void TransportBroker::greet(const ConnectAttemptPtr& attempt) {
  const Result<TransportConnectionPtr> connection =
      add(attempt->socket, Handshake::Side::connecting, attempt->deadline, attempt->time);
  if (!connection) return attempt->outcome.set_value(Result<Peer>::failure(connection.error()));
  attempts_.emplace(connection->get(), attempt);
  (*connection)->start();
}

Result<TransportConnectionPtr> TransportBroker::add(native_socket socket, Handshake::Side side, Moment deadline,
                                                    milliseconds time) {
  caf::io::network::nonblocking(socket, true);
  Greeting own;
  own.role = settings_.role;
  own.window_bytes = settings_.window_bytes;
  own.most_frame_bytes = settings_.most_frame_bytes;
  TransportConnection::Hello hello{Handshake(side, settings_.token, with_nonce(own)), deadline, time};
  std::shared_ptr<ByteWire> wire = plain_wire(socket);
  if (settings_.tls) {
    const auto tls = tls_wire(system(), socket, side == Handshake::Side::accepting);
    if (!tls) {
      const auto address = caf::io::network::remote_addr_of_fd(socket);
      if (side == Handshake::Side::accepting) report_stranger(address ? *address : "", tls.error());
      caf::io::network::close_socket(socket);
      return Result<TransportConnectionPtr>::failure(tls.error());
    }
    wire = *tls;
  }
  auto connection = caf::make_counted<TransportConnection>(loop(), socket, std::move(wire), std::move(hello), *this);
  connections_.emplace(connection.get(), connection);
  return connection;
}

void TransportBroker::drop_oldest_stranger() {
  strangers_.front()->end("made room for another stranger, " + std::to_string(strangers_.size()) + " were waiting");
}

void TransportBroker::on_greeted(TransportConnection& connection) {
  const Greeting& greeting = connection.handshake().peer();
  const PeerId id = ++last_peer_;
  const TransportLink::Limits limits{greeting.window_bytes, greeting.most_frame_bytes, settings_.window_bytes};
  auto link = std::make_shared<TransportLink>(
      limits, [broker = caf::actor(this), id] { caf::anon_send(broker, TurnAtom::value, id); });
  connection.open(id, link, settings_.most_frame_bytes, settings_.silence);
  peers_.emplace(id, &connection);
  links_.add(id, std::move(link));
  strangers_.erase(std::remove(strangers_.begin(), strangers_.end(), &connection), strangers_.end());
  const Peer peer{id, connection.address(), greeting.role};
  const auto attempt = attempts_.find(&connection);
  if (attempt == attempts_.end()) {
    if (!stopping_) listener_.on_peer(peer);
    return;
  }
  attempt->second->outcome.set_value(peer);
  attempts_.erase(attempt);
}

void TransportBroker::on_refused(TransportConnection& connection, const std::string& why) {
  const auto attempt = attempts_.find(&connection);
  if (attempt == attempts_.end()) return report_stranger(connection.address(), why);
  attempt->second->outcome.set_value(Result<Peer>::failure(why));
  attempts_.erase(attempt);
}

void TransportBroker::on_frame(TransportConnection& connection, std::vector<std::uint8_t> bytes) {
  auto credit = std::make_shared<Credit>(connection.link(), bytes.size());
  listener_.on_frame({connection.id(), std::move(bytes), std::move(credit)});
}

void TransportBroker::on_room(TransportConnection& connection) {
  if (!stopping_) listener_.on_room(connection.id());
}

void TransportBroker::on_ended(TransportConnection& connection, const std::string& why) {
  strangers_.erase(std::remove(strangers_.begin(), strangers_.end(), &connection), strangers_.end());
  const auto held = connections_.find(&connection);
  // The loop may still hold an event of the connection, until the end of this round.
  loop().post([last = std::move(held->second)] {});
  connections_.erase(held);
  if (const PeerId id = connection.id(); id != 0) {
    peers_.erase(id);
    links_.remove(id);
    if (!stopping_) listener_.on_gone({id, why});
  }
  quit_if_idle();
}

void TransportBroker::report_stranger(const std::string& address, const std::string& why) {
  if (stopping_) return;
  if (const auto line = stranger_log_.line(why, steady_clock::now())) listener_.on_stranger(address, *line);
}

TransportConnection* TransportBroker::find(PeerId peer) {
  const auto found = peers_.find(peer);
  return found == peers_.end() ? nullptr : found->second;
}

milliseconds TransportBroker::tick_period(const TransportSettings& settings) {
  const milliseconds least = std::min({settings.silence, settings.hello_time, settings.farewell_time});
  return std::clamp(least / 8, milliseconds(5), milliseconds(250));
}

void TransportBroker::tick() {
  const Moment now = steady_clock::now();
  std::vector<TransportConnectionPtr> all;  // a tick may end a connection
  for (const auto& entry : connections_) all.push_back(entry.second);
  for (const TransportConnectionPtr& connection : all) connection->tick(now);
}

void TransportBroker::stop() {
  stopping_ = true;
  for (const caf::io::accept_handle& doorman : doormen_) close(doorman);
  const Moment deadline = steady_clock::now() + settings_.farewell_time;
  std::vector<TransportConnectionPtr> all;
  for (const auto& entry : connections_) all.push_back(entry.second);
  for (const TransportConnectionPtr& connection : all) {
    if (connection->id() == 0) {
      connection->end("closed on this side");
    } else {
      connection->close("closed on this side", deadline);
    }
  }
  quit_if_idle();
}

void TransportBroker::quit_if_idle() {
  // Sent as a message: a socket's event is no turn of the actor, and the actor could not end in it.
  if (stopping_ && connections_.empty()) caf::anon_send(caf::actor(this), QuitAtom::value);
}

default_multiplexer& TransportBroker::loop() { return static_cast<default_multiplexer&>(backend()); }

}  // namespace tardigrad
