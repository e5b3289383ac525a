#include "actors/hosts/part_outbox.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tardigrad {

namespace {

constexpr std::size_t kFullFrame = 256 * 1024;
constexpr std::uint32_t kLongestFailure = 4096;
/// The greatest number of bytes of models on their way to one other part. It is half the capacity that a
/// channel is expected to have: the rest is for reports.
constexpr std::uint64_t kMostUnderWay = std::uint64_t{16} << 20;

void write_position(ByteWriter& out, const RunPosition& position) {
  out.put(position.now.count());
  out.put(position.events);
  out.put(position.rounds);
  out.put(position.steps);
}

/// Fails unless the bytes are a position of a run.
RunPosition read_position(ByteReader& in) {
  RunPosition position;
  position.now = Time(in.get<std::int64_t>());
  position.events = in.get<std::uint64_t>();
  position.rounds = in.get<std::uint64_t>();
  position.steps = in.get<std::uint64_t>();
  if (position.now < Time{} || position.now > kNever) in.fail();
  return position;
}

void write_report(ByteWriter& out, const PartReport& report) {
  out.put(report.next.count());
  write_position(out, report.position);
  out.put(report.held_up);
  out.put(report.done);
  for (const bool flag : {report.stands_still, report.go_on, report.is_enough, report.last}) {
    out.put(static_cast<std::uint8_t>(flag));
  }
  out.put(static_cast<std::uint32_t>(report.slow_nodes.size()));
  for (const SlowNode& slow : report.slow_nodes) {
    out.put(slow.node);
    out.put(slow.rounds);
    out.put(slow.worst_ratio);
  }
  out.put_text(std::string_view(report.failure).substr(0, kLongestFailure));
  if (report.last) out.put(report.refused);
}

}  // namespace

PartOutbox::PartOutbox(PartChannel& channel, const Placement& placement, bool at_once)
    : channel_(channel),
      self_(placement.self),
      at_once_(at_once),
      wire_messages_(placement.parts),
      lost_(placement.parts) {
  for (PartId part = 0; at_once && part < placement.parts; ++part) {
    flow_controls_.push_back(
        std::make_shared<FlowControl>(kMostUnderWay, [&channel, part] { return channel.under_way(part); }));
  }
}

void PartOutbox::send(const Address& to, const caf::type_erased_tuple& message) { write(to, std::nullopt, message); }

void PartOutbox::send(const Address& to, Time at, const EventKey& key, const caf::type_erased_tuple& message) {
  write(to, WireMessage::Moment{at, key}, message);
}

void PartOutbox::write(const Address& to, const std::optional<WireMessage::Moment>& moment,
                       const caf::type_erased_tuple& message) {
  if (is_lost(to.part)) return;
  const std::lock_guard lock(mutex_);
  ByteWriter& out = wire_messages_[to.part];
  if (out.empty()) out = frame(PartFrameKind::messages);
  write_wire_message(out, to, moment, message);
  if (moment) {
    earliest_ = std::min(earliest_, moment->at);
    moved_ |= moves_on(moment->key);
  }
  if (at_once_ || out.size() >= kFullFrame) send_off(to.part);
}

void PartOutbox::send_off(PartId part) {
  if (!wire_messages_[part].empty()) channel_.send(part, wire_messages_[part].take());
}

void PartOutbox::lose(PartId part) {
  lost_[part] = true;
  if (FlowControl* freed = flow_control(part)) freed->on_room();
}

void PartOutbox::complete(PartReport& report) {
  const std::lock_guard lock(mutex_);
  report.next = std::min(report.next, std::exchange(earliest_, kNever));
  if (std::exchange(moved_, false)) report.stands_still = false;
}

void PartOutbox::send(const PartReport& report, bool to_all) {
  const std::lock_guard lock(mutex_);
  for (PartId part = 0; part < wire_messages_.size(); ++part) {
    if (part == self_ || is_lost(part)) continue;
    send_off(part);
    if (!to_all && part != 0) continue;
    ByteWriter out = frame(PartFrameKind::report);
    write_report(out, report);
    channel_.send(part, out.take());
  }
}

void PartOutbox::send(const RunPosition& position) {
  const std::lock_guard lock(mutex_);
  send_off(0);
  ByteWriter out = frame(PartFrameKind::progress);
  write_position(out, position);
  channel_.send(0, out.take());
}

ByteWriter PartOutbox::frame(PartFrameKind kind) const {
  ByteWriter out;
  channel_.begin(out);
  out.put(kind);
  return out;
}

std::optional<PartReport> read_report(ByteReader& in, NodeId nodes) {
  PartReport report;
  report.next = Time(in.get<std::int64_t>());
  report.position = read_position(in);
  report.held_up = in.get<NodeId>();
  report.done = in.get<NodeId>();
  if (report.held_up > nodes || report.done > nodes) in.fail();
  report.stands_still = in.get_flag();
  report.go_on = in.get_flag();
  report.is_enough = in.get_flag();
  report.last = in.get_flag();
  const auto slow_nodes = in.get<std::uint32_t>();
  if (slow_nodes > nodes) in.fail();
  for (std::uint32_t i = 0; i < slow_nodes && in.ok(); ++i) {
    SlowNode slow;
    slow.node = in.get<NodeId>();
    slow.rounds = in.get<std::uint64_t>();
    slow.worst_ratio = in.get<double>();
    if (slow.node >= nodes || !std::isfinite(slow.worst_ratio)) in.fail();
    report.slow_nodes.push_back(slow);
  }
  report.failure = in.get_text(kLongestFailure);
  if (report.last) report.refused = in.get<std::uint64_t>();
  const bool in_time = report.next >= Time{} && report.next <= kNever;
  if (!in.ok() || !in.at_end() || !in_time) return std::nullopt;
  return report;
}

std::optional<RunPosition> read_progress(ByteReader& in) {
  const RunPosition position = read_position(in);
  if (!in.ok() || !in.at_end()) return std::nullopt;
  return position;
}

}  // namespace tardigrad
