#include "scenarios/src/host_network.hpp"

#include <fmt/format.h>

#include <utility>

namespace tardigrad {

HostNetwork::HostNetwork(TransportSettings settings, std::function<void(const std::string&)> log)
    : log_(std::move(log)), transport_(std::move(settings), *this) {}

std::optional<HostNetwork::Happening> HostNetwork::next(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  if (!filled_.wait_for(lock, most, [this] { return !happenings_.empty(); })) return std::nullopt;
  Happening happening = std::move(happenings_.front());
  happenings_.pop_front();
  return happening;
}

void HostNetwork::give_back(std::deque<Happening> earlier) {
  const std::lock_guard lock(mutex_);
  for (; !earlier.empty(); earlier.pop_back()) happenings_.push_front(std::move(earlier.back()));
}

void HostNetwork::on_peer(const Peer& peer) {
  Happening came{peer.id, Happening::Kind::came};
  came.text = peer.address;
  came.role = peer.role;
  add(std::move(came));
}

void HostNetwork::on_frame(Frame frame) {
  ByteReader in(frame.bytes);
  Happening happening{frame.from, Happening::Kind::frame, in.get<std::uint32_t>()};
  if (!in.ok()) return transport_.close(frame.from);
  happening.bytes = std::move(frame.bytes);
  happening.credit = std::move(frame.credit);
  add(std::move(happening));
}

void HostNetwork::on_room(PeerId peer) { add({peer, Happening::Kind::room}); }

void HostNetwork::on_gone(PeerGone gone) {
  Happening happening{gone.peer, Happening::Kind::gone};
  happening.text = std::move(gone.reason);
  add(std::move(happening));
}

void HostNetwork::on_stranger(const std::string& address, const std::string& why) {
  log_(fmt::format("turned {} away: {}", address, why));
}

void HostNetwork::add(Happening happening) {
  const std::lock_guard lock(mutex_);
  happenings_.push_back(std::move(happening));
  filled_.notify_one();
}

HostChannel::HostChannel(HostNetwork& network, std::uint32_t run, std::map<PartId, PartPeer> parts,
                         std::function<void(const HostNetwork::Happening&)> meanwhile)
    : network_(network), run_(run), parts_(std::move(parts)), meanwhile_(std::move(meanwhile)) {
  for (const auto& [part, peer] : parts_) part_of_[peer.peer] = part;
}

HostChannel::~HostChannel() { network_.give_back(std::move(early_)); }

void HostChannel::take_word(PartId from, const WireBytes& bytes) const {
  ByteReader in(bytes);
  in.get<std::uint32_t>();
  const auto kind = in.get<std::uint8_t>();
  const HostReady word = read_ready(in);
  if (kind != static_cast<std::uint8_t>(HostFrame::ready) || !in.ok() || word.problem.empty()) return;
  throw PartLost(from, fmt::format("{}: {}", parts_.at(from).name, word.problem));
}

std::optional<PartFrame> HostChannel::receive(std::chrono::milliseconds most) {
  auto happening = network_.next(most);
  if (!happening) return std::nullopt;
  const auto part = part_of_.find(happening->peer);
  if (part == part_of_.end()) {
    meanwhile_(*happening);
    return std::nullopt;
  }
  if (happening->kind == HostNetwork::Happening::Kind::gone) {
    throw PartLost(part->second, fmt::format("{} is gone: {}", parts_.at(part->second).name, happening->text));
  }
  if (happening->kind == HostNetwork::Happening::Kind::room) {
    PartFrame room{part->second};
    room.room = true;
    return room;
  }
  if (happening->run == 0) take_word(part->second, happening->bytes);
  if (happening->run > run_) early_.push_back(std::move(*happening));
  if (happening->run != run_) return std::nullopt;
  return PartFrame{part->second, std::move(happening->bytes), sizeof run_, std::move(happening->credit)};
}

}  // namespace tardigrad
