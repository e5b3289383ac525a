/// The connections between a coordinator and its hosts, and their events.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "actors/hosts/part_channel.hpp"
#include "runtime/transport/transport.hpp"
#include "scenarios/src/hosts/host_frames.hpp"

namespace tardigrad {

/// Thread-safe. Memory: each connected peer takes no more than its window. From a peer that connected to this
/// process only one short frame is accepted until it is admitted, and its frames are released when it goes.
class HostNetwork final : private TransportListener {
 public:
  /// Rejected strangers and peers that come and go are written to `log`, a line each.
  HostNetwork(TransportSettings settings, std::function<void(const std::string&)> log);

  /// Sets the function that decides about every connecting peer, on the transport's thread, whatever else this
  /// process does. It may admit, send and close. Nothing more is accepted from peers that it rejects. The
  /// previous function is not called any more when this returns.
  void set_door(std::function<bool(const Peer&)> door);
  static bool nobody(const Peer&) { return false; }
  /// Accepts all frames of the peer from now on.
  void admit(PeerId peer);
  /// True if a peer that connected to this process is still connected.
  bool is_there(PeerId peer);

  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port) {
    return transport_.listen(address, port);
  }
  Result<Peer> connect(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                       const Patience& patience = {}) {
    return transport_.connect(host, port, timeout, patience);
  }
  bool send(PeerId peer, WireBytes frame) { return transport_.send(peer, std::move(frame)); }
  /// As in Transport.
  bool post(PeerId peer, WireBytes frame) { return transport_.post(peer, std::move(frame)); }
  std::uint64_t under_way(PeerId peer) const { return transport_.under_way(peer); }
  void close(PeerId peer) { transport_.close(peer); }

  /// An event on a connection: a frame, a new peer, a lost peer, or free window space.
  struct PeerEvent {
    PeerId peer = 0;
    enum class Kind { frame, came, gone, room } kind = Kind::frame;
    std::uint32_t run = 0;           ///< frame: its run, 0 for none
    WireBytes bytes{};               ///< frame: all of it, the run's number in front
    std::shared_ptr<void> credit{};  ///< frame: it counts in the sender's window until this is destroyed
    std::string text{};              ///< came: address; gone: the reason
    std::uint32_t role = 0;          ///< came: HostRole
  };
  std::optional<PeerEvent> next(std::chrono::milliseconds most);
  /// From now on `next` returns frames of this run, and of none as before. Frames of later runs are kept until
  /// these begin, those of earlier ones dropped. 0: there is no run, and all kept frames are dropped.
  void set_run(std::uint32_t run);

 private:
  void on_peer(const Peer& peer) override;
  void on_frame(Frame frame) override;
  void on_room(PeerId peer) override;
  void on_gone(PeerGone gone) override;
  void on_stranger(const std::string& address, const std::string& why) override;
  /// A peer that connected to this process and has not been admitted.
  enum class Guest { silent, heard, turned_away };
  /// True if a frame of the peer is accepted: not its second one, nor one of a run.
  bool may_say(PeerId peer, const PeerEvent& frame);
  void add(PeerEvent event);

  std::function<void(const std::string&)> log_;
  std::mutex door_mutex_;
  std::function<bool(const Peer&)> door_ = nobody;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::uint32_t run_ = 0;
  std::deque<PeerEvent> events_;
  std::deque<PeerEvent> later_;  ///< frames of runs that have not begun
  std::set<PeerId> visitors_;    ///< peers that connected to this process
  std::map<PeerId, Guest> guests_;
  Transport transport_;  ///< last: it calls the listener until it is destroyed
};

/// The connection to a part of the run, and its name in messages.
struct PartPeer {
  PeerId peer = 0;
  std::string name;  ///< "host 2 (192.0.2.1:4242, nodes 10 to 19)"
};

/// The channel of one run.
class HostChannel final : public PartChannel {
 public:
  /// `lost`: parts that were gone before the run began, with the reasons: reported first. `meanwhile` is called
  /// for events that do not belong to this run.
  HostChannel(HostNetwork& network, std::uint32_t run, std::map<PartId, PartPeer> parts,
              std::map<PartId, std::string> lost, std::function<void(const HostNetwork::PeerEvent&)> meanwhile);

  void begin(ByteWriter& frame) const override { frame.put(run_); }
  void send(PartId to, WireBytes frame) override { network_.post(parts_.at(to).peer, std::move(frame)); }
  std::uint64_t under_way(PartId to) const override { return network_.under_way(parts_.at(to).peer); }
  std::optional<PartFrame> receive(std::chrono::milliseconds most) override;

 private:
  /// Handles a frame outside of the run: a host may only say that it cannot go on.
  void take_word(PartId from, const WireBytes& bytes);
  /// Called once for each part: further frames and events of it are ignored.
  [[noreturn]] void lose(PartId part, const std::string& why);

  HostNetwork& network_;
  std::uint32_t run_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, PartId> part_of_;
  std::map<PartId, std::string> lost_before_;
  std::set<PartId> lost_;
  std::function<void(const HostNetwork::PeerEvent&)> meanwhile_;
};

}  // namespace tardigrad
