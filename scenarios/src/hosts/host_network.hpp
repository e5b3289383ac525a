/// The connections between a coordinator and its hosts, and what comes through them.
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

/// Thread-safe. Memory: of each peer that is there no more than its window. Of a peer that has come by itself nothing
/// is taken but one short word until it is admitted, and when it goes, what it has sent is let go.
class HostNetwork final : private TransportListener {
 public:
  /// Strangers that are turned away and peers that come and go are told to `log`, a line each.
  HostNetwork(TransportSettings settings, std::function<void(const std::string&)> log);

  /// Who is let in: asked about every peer that comes, on the transport's thread, whatever else this process does. It
  /// may admit, send and close. Of those that it turns away nothing more is heard. The one before is not asked any more
  /// when this returns.
  void set_door(std::function<bool(const Peer&)> door);
  static bool nobody(const Peer&) { return false; }
  /// From now on the peer may send what it likes.
  void admit(PeerId peer);
  /// Of one that has come by itself.
  bool is_there(PeerId peer);

  Result<std::uint16_t> listen(const std::string& address, std::uint16_t port) {
    return transport_.listen(address, port);
  }
  Result<Peer> connect(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
                       const std::function<bool()>& is_patient = Transport::at_once) {
    return transport_.connect(host, port, timeout, is_patient);
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
  /// From now on `next` gives frames of this run, and of none as before. Those of later runs are kept until these
  /// begin, those of earlier ones thrown away. 0: there is no run, and all are thrown away that have been kept.
  void set_run(std::uint32_t run);

 private:
  void on_peer(const Peer& peer) override;
  void on_frame(Frame frame) override;
  void on_room(PeerId peer) override;
  void on_gone(PeerGone gone) override;
  void on_stranger(const std::string& address, const std::string& why) override;
  /// A peer that has come by itself and has not been admitted.
  enum class Guest { silent, heard, turned_away };
  /// Whether to take a frame of its, the second one or one of a run no more.
  bool may_say(PeerId peer, const Happening& frame);
  void add(Happening happening);

  std::function<void(const std::string&)> log_;
  std::mutex door_mutex_;
  std::function<bool(const Peer&)> door_ = nobody;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::uint32_t run_ = 0;
  std::deque<Happening> happenings_;
  std::deque<Happening> later_;  ///< frames of runs that have not begun
  std::set<PeerId> visitors_;    ///< have come by themselves
  std::map<PeerId, Guest> guests_;
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
  /// `lost`: parts that were gone before the run began, and why: heard of first. `meanwhile` gets what happens and is
  /// not of this run.
  HostChannel(HostNetwork& network, std::uint32_t run, std::map<PartId, PartPeer> parts,
              std::map<PartId, std::string> lost, std::function<void(const HostNetwork::Happening&)> meanwhile);

  void begin(ByteWriter& frame) const override { frame.put(run_); }
  void send(PartId to, WireBytes frame) override { network_.post(parts_.at(to).peer, std::move(frame)); }
  std::uint64_t under_way(PartId to) const override { return network_.under_way(parts_.at(to).peer); }
  std::optional<PartFrame> receive(std::chrono::milliseconds most) override;

 private:
  /// A host that cannot go on with the run says so; nothing else is to be said outside of it.
  void take_word(PartId from, const WireBytes& bytes);
  /// Once for each part: what else comes from it or happens to it is of no interest any more.
  [[noreturn]] void lose(PartId part, const std::string& why);

  HostNetwork& network_;
  std::uint32_t run_;
  std::map<PartId, PartPeer> parts_;
  std::map<PeerId, PartId> part_of_;
  std::map<PartId, std::string> lost_before_;
  std::set<PartId> lost_;
  std::function<void(const HostNetwork::Happening&)> meanwhile_;
};

}  // namespace tardigrad
