#include "runtime/transport/transport_engine.hpp"

#include <algorithm>
#include <asio/post.hpp>
#include <limits>
#include <utility>

namespace tardigrad {

namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The delay before another attempt to accept after one has failed: mostly there are no file descriptors left, and
/// who wants to connect stays in the system's queue.
constexpr milliseconds kPause{100};

std::string mistake_in(const TransportSettings& settings) {
  if (settings.token.empty()) return "a token is required";
  if (settings.most_frame_bytes > std::numeric_limits<std::uint32_t>::max()) {
    return "frames of 4 GiB and more are not supported";
  }
  return "";
}

milliseconds tick_period(const TransportSettings& settings) {
  const milliseconds least = std::min({settings.silence, settings.hello_time, settings.farewell_time});
  return std::clamp(least / 8, milliseconds(5), milliseconds(250));
}

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

TransportEngine::TransportEngine(TransportSettings settings, TransportListener& listener)
    : settings_(std::move(settings)), listener_(listener), mistake_(mistake_in(settings_)) {
  if (mistake_.empty() && settings_.tls) {
    const auto context = tls_context(*settings_.tls);
    if (context) tls_ = *context;
    mistake_ = context.error();
  }
  asio::post(io_, [this] { tick(); });
  thread_ = std::thread([this] { io_.run(); });
}

TransportEngine::~TransportEngine() {
  asio::post(io_, [this] { stop(); });
  thread_.join();
}

void TransportEngine::listen(tcp::acceptor acceptor) {
  asio::post(io_, [this, opened = std::move(acceptor)]() mutable {
    doors_.push_back({std::move(opened), asio::steady_timer(io_)});
    accept(doors_.back());
  });
}

void TransportEngine::accept(Door& door) {
  door.acceptor.async_accept([this, &door](const asio::error_code& error, tcp::socket socket) {
    if (stopping_) return;
    if (!error) {
      on_accepted(std::move(socket));
      return accept(door);
    }
    report_stranger("whoever connects", error.message());
    door.pause.expires_after(kPause);
    door.pause.async_wait([this, &door](const asio::error_code&) {
      if (!stopping_) accept(door);
    });
  });
}

void TransportEngine::on_accepted(tcp::socket socket) {
  if (!strangers_.empty() && strangers_.size() >= settings_.most_strangers) drop_oldest_stranger();
  const auto connection = add(std::move(socket), Handshake::Side::accepting, steady_clock::now() + settings_.hello_time,
                              settings_.hello_time);
  strangers_.push_back(connection.get());
  connection->start();
}

Result<Peer> TransportEngine::greet(tcp::socket socket, const std::string& host, Moment deadline, milliseconds time) {
  const auto outcome = std::make_shared<std::promise<Result<Peer>>>();
  asio::post(io_, [&, outcome, connected = std::move(socket)]() mutable {
    const auto connection = add(std::move(connected), Handshake::Side::connecting, deadline, time);
    if (!settings_.any_name) connection->expect(host);
    attempts_.emplace(connection.get(), outcome);
    connection->start();
  });
  return outcome->get_future().get();
}

TransportConnectionPtr TransportEngine::add(tcp::socket socket, Handshake::Side side, Moment deadline,
                                            milliseconds time) {
  Greeting own;
  own.role = settings_.role;
  own.window_bytes = settings_.window_bytes;
  own.most_frame_bytes = settings_.most_frame_bytes;
  auto connection = std::make_shared<TransportConnection>(
      std::move(socket), tls_.get(), TransportConnection::Hello{side, settings_.token, with_nonce(own), deadline, time},
      static_cast<ConnectionOwner&>(*this));
  connections_.emplace(connection.get(), connection);
  return connection;
}

void TransportEngine::drop_oldest_stranger() {
  strangers_.front()->end("made room for another stranger, " + std::to_string(strangers_.size()) + " were waiting");
}

void TransportEngine::on_greeted(TransportConnection& connection) {
  const Greeting& greeting = connection.peer();
  const PeerId id = ++last_peer_;
  const TransportLink::Limits limits{greeting.window_bytes, greeting.most_frame_bytes, settings_.window_bytes};
  auto link = std::make_shared<TransportLink>(limits, [this, id] {
    asio::post(io_, [this, id] {
      if (TransportConnection* woken = find(id)) woken->turn();
    });
  });
  connection.open(id, link, settings_.most_frame_bytes, settings_.silence);
  peers_.emplace(id, &connection);
  {
    const std::lock_guard<std::mutex> lock(links_mutex_);
    links_.emplace(id, std::move(link));
  }
  strangers_.erase(std::remove(strangers_.begin(), strangers_.end(), &connection), strangers_.end());
  const Peer peer{id, connection.address(), greeting.role};
  const auto attempt = attempts_.find(&connection);
  if (attempt == attempts_.end()) {
    if (!stopping_) listener_.on_peer(peer);
    return;
  }
  attempt->second->set_value(peer);
  attempts_.erase(attempt);
}

void TransportEngine::on_refused(TransportConnection& connection, const std::string& why) {
  const auto attempt = attempts_.find(&connection);
  if (attempt == attempts_.end()) return report_stranger(connection.address(), why);
  attempt->second->set_value(Result<Peer>::failure(why));
  attempts_.erase(attempt);
}

void TransportEngine::on_frame(TransportConnection& connection, std::vector<std::uint8_t> bytes) {
  auto credit = std::make_shared<Credit>(connection.link(), bytes.size());
  listener_.on_frame({connection.id(), std::move(bytes), std::move(credit)});
}

void TransportEngine::on_room(TransportConnection& connection) {
  if (!stopping_) listener_.on_room(connection.id());
}

void TransportEngine::on_ended(TransportConnection& connection, const std::string& why) {
  strangers_.erase(std::remove(strangers_.begin(), strangers_.end(), &connection), strangers_.end());
  const TransportConnectionPtr last = std::move(connections_.extract(&connection).mapped());
  if (const PeerId id = connection.id(); id != 0) {
    peers_.erase(id);
    {
      const std::lock_guard<std::mutex> lock(links_mutex_);
      links_.erase(id);
    }
    if (!stopping_) listener_.on_gone({id, why});
  }
  end_if_over();
}

void TransportEngine::report_stranger(const std::string& address, const std::string& why) {
  if (stopping_) return;
  if (const auto line = stranger_log_.line(why, steady_clock::now())) listener_.on_stranger(address, *line);
}

std::shared_ptr<TransportLink> TransportEngine::find_link(PeerId peer) const {
  const std::lock_guard<std::mutex> lock(links_mutex_);
  const auto found = links_.find(peer);
  return found == links_.end() ? nullptr : found->second;
}

void TransportEngine::close(PeerId peer, std::string why) {
  asio::post(io_, [this, peer, reason = std::move(why)] {
    if (TransportConnection* connection = find(peer)) {
      connection->close(reason, steady_clock::now() + settings_.farewell_time);
    }
  });
}

TransportConnection* TransportEngine::find(PeerId peer) {
  const auto found = peers_.find(peer);
  return found == peers_.end() ? nullptr : found->second;
}

/// A copy, as what is done to a connection may end it.
std::vector<TransportConnectionPtr> TransportEngine::connections() const {
  std::vector<TransportConnectionPtr> all;
  for (const auto& entry : connections_) all.push_back(entry.second);
  return all;
}

void TransportEngine::tick() {
  const Moment now = steady_clock::now();
  for (const TransportConnectionPtr& connection : connections()) connection->tick(now);
  if (is_over()) return;
  ticker_.expires_after(tick_period(settings_));
  ticker_.async_wait([this](const asio::error_code&) {
    if (!is_over()) tick();
  });
}

void TransportEngine::stop() {
  stopping_ = true;
  asio::error_code ignored;
  for (Door& door : doors_) {
    door.acceptor.close(ignored);
    door.pause.cancel();
  }
  const Moment deadline = steady_clock::now() + settings_.farewell_time;
  for (const TransportConnectionPtr& connection : connections()) {
    if (connection->id() == 0) {
      connection->end("closed on this side");
    } else {
      connection->close("closed on this side", deadline);
    }
  }
  end_if_over();
}

/// Lets the event loop return.
void TransportEngine::end_if_over() {
  if (!is_over()) return;
  ticker_.cancel();
  work_.reset();
}

}  // namespace tardigrad
