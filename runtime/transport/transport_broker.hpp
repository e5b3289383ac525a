/// The actor in CAF's event loop that owns a transport's connections.
#pragma once

#include <caf/behavior.hpp>
#include <caf/io/accept_handle.hpp>
#include <caf/io/broker.hpp>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/transport/transport.hpp"
#include "runtime/transport/transport_connection.hpp"
#include "runtime/transport/transport_link.hpp"
#include "runtime/transport/transport_stranger_log.hpp"

namespace tardigrad {

/// The peers' links by id, for the sending threads.
class TransportLinks {
 public:
  void add(PeerId peer, std::shared_ptr<TransportLink> link);
  void remove(PeerId peer);
  /// Null for a peer that has gone.
  std::shared_ptr<TransportLink> find(PeerId peer) const;

 private:
  mutable std::mutex mutex_;
  std::map<PeerId, std::shared_ptr<TransportLink>> links_;
};

/// An outgoing connection whose handshake is to be done.
struct ConnectAttempt {
  caf::io::network::native_socket socket;
  std::chrono::steady_clock::time_point deadline;
  std::chrono::milliseconds time;
  std::promise<Result<Peer>> outcome;
};
using ConnectAttemptPtr = std::shared_ptr<ConnectAttempt>;

using TurnAtom = caf::atom_constant<caf::atom("turn")>;      ///< + PeerId: the link has work for the event loop
using CloseAtom = caf::atom_constant<caf::atom("close")>;    ///< + PeerId and reason
using ListenAtom = caf::atom_constant<caf::atom("listen")>;  ///< + a listening socket
using GreetAtom = caf::atom_constant<caf::atom("greet")>;    ///< + ConnectAttemptPtr
using TickAtom = caf::atom_constant<caf::atom("tick")>;
using StopAtom = caf::atom_constant<caf::atom("stop")>;
using QuitAtom = caf::atom_constant<caf::atom("quit")>;

class TransportBroker final : public caf::io::broker, public ConnectionOwner {
 public:
  TransportBroker(caf::actor_config& config, const TransportSettings& settings, TransportListener& listener,
                  TransportLinks& links);

  /// The time from one `TickAtom` to the next.
  static std::chrono::milliseconds tick_period(const TransportSettings& settings);

  /// Called by the doorman.
  void on_accepted(caf::io::network::native_socket socket);

 protected:
  caf::behavior make_behavior() override;

 private:
  using Moment = std::chrono::steady_clock::time_point;

  void on_greeted(TransportConnection& connection) override;
  void on_refused(TransportConnection& connection, const std::string& why) override;
  void on_frame(TransportConnection& connection, std::vector<std::uint8_t> bytes) override;
  void on_room(TransportConnection& connection) override;
  void on_ended(TransportConnection& connection, const std::string& why) override;

  void listen(caf::io::network::native_socket socket);
  void greet(const ConnectAttemptPtr& attempt);
  Result<TransportConnectionPtr> add(caf::io::network::native_socket socket, Handshake::Side side, Moment deadline,
                                     std::chrono::milliseconds time);
  void drop_oldest_stranger();
  void report_stranger(const std::string& address, const std::string& why);
  TransportConnection* find(PeerId peer);
  void tick();
  void stop();
  void quit_if_idle();
  caf::io::network::default_multiplexer& loop();

  const TransportSettings& settings_;
  TransportListener& listener_;
  TransportLinks& links_;
  StrangerLog stranger_log_;
  std::map<TransportConnection*, TransportConnectionPtr> connections_;
  std::map<PeerId, TransportConnection*> peers_;
  std::vector<TransportConnection*> strangers_;  ///< accepted connections, oldest first, until they become peers or
                                                 ///< end
  std::map<TransportConnection*, ConnectAttemptPtr> attempts_;
  std::vector<caf::io::accept_handle> doormen_;
  PeerId last_peer_ = 0;
  bool stopping_ = false;
};

}  // namespace tardigrad

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(tardigrad::ConnectAttemptPtr)
