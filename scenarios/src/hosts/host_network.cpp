#include "scenarios/src/hosts/host_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/printable.hpp"

namespace tardigrad {

namespace {

/// The limit for a peer that has not been admitted: enough for the host to name itself.
constexpr std::size_t kLongestFirstWord = 64;
constexpr std::size_t kLongestWord = 400;

/// Moves the frames of that peer from `queue` to `let_go`.
void let_go_frames(PeerId peer, std::deque<HostNetwork::PeerEvent>& queue, std::deque<HostNetwork::PeerEvent>& let_go) {
  const auto stays = [peer](const HostNetwork::PeerEvent& each) {
    return each.peer != peer || each.kind != HostNetwork::PeerEvent::Kind::frame;
  };
  const auto end = std::stable_partition(queue.begin(), queue.end(), stays);
  std::move(end, queue.end(), std::back_inserter(let_go));
  queue.erase(end, queue.end());
}

}  // namespace

HostNetwork::HostNetwork(TransportSettings settings, std::function<void(const std::string&)> log)
    : log_(std::move(log)), transport_(std::move(settings), *this) {}

std::optional<HostNetwork::PeerEvent> HostNetwork::next(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  if (!filled_.wait_for(lock, most, [this] { return !events_.empty(); })) return std::nullopt;
  PeerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void HostNetwork::set_run(std::uint32_t run) {
  std::deque<PeerEvent> kept;
  const std::lock_guard lock(mutex_);
  run_ = run;
  later_.swap(kept);
  for (PeerEvent& frame : kept) {
    if (run == 0 || frame.run < run) continue;
    (frame.run == run ? events_ : later_).push_back(std::move(frame));
  }
}

void HostNetwork::set_door(std::function<bool(const Peer&)> door) {
  const std::lock_guard lock(door_mutex_);
  door_ = std::move(door);
}

bool HostNetwork::is_there(PeerId peer) {
  const std::lock_guard lock(mutex_);
  return visitors_.count(peer) > 0;
}

void HostNetwork::admit(PeerId peer) {
  const std::lock_guard lock(mutex_);
  guests_.erase(peer);
}

void HostNetwork::on_peer(const Peer& peer) {
  {
    const std::lock_guard lock(mutex_);
    visitors_.insert(peer.id);
    guests_[peer.id] = Guest::silent;
  }
  const auto is_let_in = [&] {
    const std::lock_guard lock(door_mutex_);
    return door_(peer);
  };
  if (!is_let_in()) {
    const std::lock_guard lock(mutex_);
    guests_[peer.id] = Guest::turned_away;
    return;
  }
  PeerEvent came{peer.id, PeerEvent::Kind::came};
  came.text = peer.address;
  came.role = peer.role;
  add(std::move(came));
}

bool HostNetwork::may_say(PeerId peer, const PeerEvent& frame) {
  const auto guest = guests_.find(peer);
  if (guest == guests_.end()) return true;
  if (guest->second == Guest::turned_away) return false;
  const bool may = guest->second == Guest::silent && frame.run == 0 && frame.bytes.size() <= kLongestFirstWord;
  guest->second = may ? Guest::heard : Guest::turned_away;
  if (!may) transport_.close(peer);
  return may;
}

void HostNetwork::on_frame(Frame frame) {
  ByteReader in(frame.bytes);
  PeerEvent event{frame.from, PeerEvent::Kind::frame, in.get<std::uint32_t>()};
  if (!in.ok()) return transport_.close(frame.from);
  event.bytes = std::move(frame.bytes);
  event.credit = std::move(frame.credit);
  const std::lock_guard lock(mutex_);
  if (!may_say(frame.from, event)) return;
  if (event.run > run_) {
    later_.push_back(std::move(event));
  } else if (event.run == 0 || event.run == run_) {
    events_.push_back(std::move(event));
    filled_.notify_one();
  }
}

void HostNetwork::on_room(PeerId peer) { add({peer, PeerEvent::Kind::room}); }

void HostNetwork::on_gone(PeerGone gone) {
  PeerEvent event{gone.peer, PeerEvent::Kind::gone};
  event.text = std::move(gone.reason);
  std::deque<PeerEvent> let_go;  // destroyed without the mutex
  const std::lock_guard lock(mutex_);
  guests_.erase(gone.peer);
  let_go_frames(gone.peer, later_, let_go);
  if (visitors_.erase(gone.peer) > 0) let_go_frames(gone.peer, events_, let_go);
  events_.push_back(std::move(event));
  filled_.notify_one();
}

void HostNetwork::on_stranger(const std::string& address, const std::string& why) {
  log_(fmt::format("turned {} away: {}", address, why));
}

void HostNetwork::add(PeerEvent event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  filled_.notify_one();
}

HostChannel::HostChannel(HostNetwork& network, std::uint32_t run, std::map<PartId, PartPeer> parts,
                         std::map<PartId, std::string> lost,
                         std::function<void(const HostNetwork::PeerEvent&)> meanwhile)
    : network_(network),
      run_(run),
      parts_(std::move(parts)),
      lost_before_(std::move(lost)),
      meanwhile_(std::move(meanwhile)) {
  for (const auto& [part, peer] : parts_) part_of_[peer.peer] = part;
  network_.set_run(run);
}

void HostChannel::lose(PartId part, const std::string& why) {
  lost_.insert(part);
  throw PartLost(part, why);
}

void HostChannel::take_word(PartId from, const WireBytes& bytes) {
  ByteReader in(bytes);
  const HostFrame kind = read_kind(in);
  const HostReady word = read_ready(in);
  const bool is_farewell = kind == HostFrame::ready && in.ok() && !word.problem.empty();
  if (is_farewell) lose(from, fmt::format("{}: {}", parts_.at(from).name, printable(word.problem, kLongestWord)));
  throw out_of_place(from);
}

std::optional<PartFrame> HostChannel::receive(std::chrono::milliseconds most) {
  if (!lost_before_.empty()) {
    const auto first = lost_before_.extract(lost_before_.begin());
    lose(first.key(), first.mapped());
  }
  auto event = network_.next(most);
  if (!event) return std::nullopt;
  const auto part = part_of_.find(event->peer);
  if (part == part_of_.end()) {
    meanwhile_(*event);
    return std::nullopt;
  }
  if (lost_.count(part->second) > 0) return std::nullopt;
  if (event->kind == HostNetwork::PeerEvent::Kind::gone) {
    lose(part->second, fmt::format("{} is gone: {}", parts_.at(part->second).name, event->text));
  }
  if (event->kind == HostNetwork::PeerEvent::Kind::room) {
    PartFrame room{part->second};
    room.room = true;
    return room;
  }
  if (event->run == 0) take_word(part->second, event->bytes);
  if (event->run != run_) return std::nullopt;
  return PartFrame{part->second, std::move(event->bytes), sizeof run_, std::move(event->credit)};
}

}  // namespace tardigrad
