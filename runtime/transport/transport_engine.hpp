/// The thread that owns a transport's connections, and Asio's event loop in it.
#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/transport/tls_context.hpp"
#include "runtime/transport/transport.hpp"
#include "runtime/transport/transport_connection.hpp"
#include "runtime/transport/transport_link.hpp"
#include "runtime/transport/transport_stranger_log.hpp"

namespace tardigrad {

/// Public members are for any thread but the engine's own, the others for that one.
class TransportEngine final : private ConnectionOwner {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  TransportEngine(TransportSettings settings, TransportListener& listener);
  /// Closes all connections, within the farewell time.
  ~TransportEngine();

  const TransportSettings& settings() const { return settings_; }
  /// One line about an unusable setting, with which nothing else may be called; empty if there is none.
  const std::string& mistake() const { return mistake_; }
  asio::io_context& io() { return io_; }
  bool is_own_thread() const { return std::this_thread::get_id() == thread_.get_id(); }

  void listen(asio::ip::tcp::acceptor acceptor);
  /// Returns at the end of the handshake with `host`, to which the socket is connected.
  Result<Peer> greet(asio::ip::tcp::socket socket, const std::string& host, Moment deadline,
                     std::chrono::milliseconds time);
  /// Null for a peer that has gone.
  std::shared_ptr<TransportLink> find_link(PeerId peer) const;
  /// Also for the engine's own thread.
  void close(PeerId peer, std::string why);

 private:
  /// A listening socket.
  struct Door {
    asio::ip::tcp::acceptor acceptor;
    asio::steady_timer pause;
  };
  /// Whoever waits for the end of an outgoing handshake.
  using Outcome = std::shared_ptr<std::promise<Result<Peer>>>;

  void on_greeted(TransportConnection& connection) override;
  void on_refused(TransportConnection& connection, const std::string& why) override;
  void on_frame(TransportConnection& connection, std::vector<std::uint8_t> bytes) override;
  void on_room(TransportConnection& connection) override;
  void on_ended(TransportConnection& connection, const std::string& why) override;

  void accept(Door& door);
  void on_accepted(asio::ip::tcp::socket socket);
  TransportConnectionPtr add(asio::ip::tcp::socket socket, Handshake::Side side, Moment deadline,
                             std::chrono::milliseconds time);
  void drop_oldest_stranger();
  void report_stranger(const std::string& address, const std::string& why);
  TransportConnection* find(PeerId peer);
  std::vector<TransportConnectionPtr> connections() const;
  void tick();
  void stop();
  bool is_over() const { return stopping_ && connections_.empty(); }
  void end_if_over();

  const TransportSettings settings_;
  TransportListener& listener_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::string mistake_;
  StrangerLog stranger_log_;
  mutable std::mutex links_mutex_;
  std::map<PeerId, std::shared_ptr<TransportLink>> links_;  ///< for the sending threads

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  asio::steady_timer ticker_{io_};
  std::list<Door> doors_;
  std::map<TransportConnection*, TransportConnectionPtr> connections_;
  std::map<PeerId, TransportConnection*> peers_;
  std::vector<TransportConnection*> strangers_;  ///< accepted connections, oldest first, until they become peers or
                                                 ///< end
  std::map<TransportConnection*, Outcome> attempts_;
  PeerId last_peer_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tardigrad
