/// The connections between a coordinator and its hosts, and what comes through them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "actors/part_channel.hpp"
#include "runtime/transport.hpp"
#include "scenarios/src/host_frames.hpp"

namespace tardigrad {

/// Thread-safe.
class HostNetwork final : private TransportListener {
 public:
  /// Strangers that are turned away and peers that come and go are told to `log`, a line each.
  HostNetwork(TransportSettings settings, std::function<void(const std::string&)> log);

  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port) {
    return transport_.listen(address, port);
  }
  Result<Peer> connect(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout) {
    return transport_.connect(host, port, timeout);
  }
  bool send(PeerId peer, WireBytes frame) { return transport_.send(peer, std::move(frame)); }
  /// As in Transport.
  bool post(PeerId peer, WireBytes frame) { return transport_.post(peer, std::move(frame)); }
  std::uint64_t under_way(PeerId peer) const { return transport_.under_way(peer); }
  void close(PeerId peer) { transport_.close(peer); }

  /// Something that has happened: a frame, a new peer, one that is gone, or room on the way to one.
  struct Happening {
    PeerId peer = 0;
    enum class Kind { frame, came, gone, room } kind = Kind::frame;
    std::uint32_t run = 0;           ///< frame: of which run, 0 for none
    WireBytes bytes{};               ///< frame: all of it, the run's number in front
    std::shared_ptr<void> credit{};  ///< frame: it counts in the sender's window until this dies
    std::string text{};              ///< came: address; gone: why
    std::uint32_t role = 0;          ///< came: HostRole
  };
  std::optional<Happening> next(std::chrono::milliseconds most);
  /// To be given by next() before all others.
  void give_back(std::deque<Happening> earlier);

 private:
  void on_peer(const Peer& peer) override;
  void on_frame(Frame frame) override;
  void on_room(PeerId peer) override;
  void on_gone(PeerGone gone) override;
  void on_stranger(const std::string& address, const std::string& why) override;
  void add(Happening happening);

  std::function<void(const std::string&)> log_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<Happening> happenings_;
  Transport transport_;  ///< last: it calls until it is gone
};

/// Which connection leads to which part of the run, and how to call it in messages.
struct PartPeer {
  PeerId peer = 0;
  std::string name;  ///< "host 2 (192.0.2.1:4242, nodes 10 to 19)"
};

/// The channel of one run.
class HostChannel final : public PartChannel {
 public:
  /// `meanwhile` gets what happens and is not of this run.
  HostChannel(HostNetwork& network, std::uint32_t run, std::map<PartId, PartPeer> parts,
              std::function<void(const HostNetwork::Happening&)> meanwhile);
  /// What came early, for a later run, is given back to the network.
  ~HostChannel() override;

  void begin(ByteWriter& frame) const override { frame.put(run_); }
  void send(PartId to, WireBytes frame) override { network_.post(parts_.at(to).peer, std::move(frame)); }
  std::uint64_t under_way(PartId to) const override { return network_.under_way(parts_.at(to).peer); }
  std::optional<PartFrame> receive(std::chrono::milliseconds most) override;

 private:
  /// A host that cannot go on with the run says so.
  void take_word(PartId from, const WireBytes& bytes) const;

  HostNetwork& network_;
  std::uint32_t run_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, PartId> part_of_;
  std::function<void(const HostNetwork::Happening&)> meanwhile_;
  std::deque<HostNetwork::Happening> early_;
};

}  // namespace tardigrad
