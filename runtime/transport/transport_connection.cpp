#include "runtime/transport/transport_connection.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/transport/address_text.hpp"

namespace tardigrad {

namespace {

using caf::io::network::operation;
using std::chrono::steady_clock;

/// Bytes read ahead of the frame that is being filled: the header of the next frame, or many small frames.
constexpr std::size_t kReadAhead = 8192;
/// The greatest number of reads and writes in one turn, so that other connections get theirs.
constexpr int kMostReads = 16;
constexpr int kMostWrites = 16;
constexpr std::size_t kMostParts = 64;

bool is_control(const OutgoingFrame& frame) {
  const auto kind = static_cast<FrameKind>(frame.header[4]);
  return kind == FrameKind::credit || kind == FrameKind::beat;
}

std::string address_of(caf::io::network::native_socket socket) {
  const auto host = caf::io::network::remote_addr_of_fd(socket);
  const auto port = caf::io::network::remote_port_of_fd(socket);
  return host && port ? address_text(*host, *port) : "an address that has gone";
}

}  // namespace

TransportConnection::TransportConnection(caf::io::network::default_multiplexer& loop,
                                         caf::io::network::native_socket socket, std::shared_ptr<ByteWire> wire,
                                         Hello hello, ConnectionOwner& owner)
    : event_handler(loop, socket),
      wire_(std::move(wire)),
      hello_(std::move(hello)),
      owner_(owner),
      address_(address_of(socket)),
      deadline_(hello_.deadline) {}

void TransportConnection::start() {
  activate();
  hello_output_ = hello_.handshake.take_output();
  flush();
}

void TransportConnection::open(std::uint64_t id, std::shared_ptr<TransportLink> link, std::size_t most_frame_bytes,
                               std::chrono::milliseconds silence) {
  id_ = id;
  link_ = std::move(link);
  reader_.emplace(most_frame_bytes, [this](std::size_t bytes) { return link_->admit(bytes); });
  silence_.emplace(silence, steady_clock::now());
  phase_ = Phase::open;
}

void TransportConnection::close(const std::string& why, Moment deadline) {
  if (phase_ != Phase::open) return;
  phase_ = Phase::closing;
  why_ = why;
  deadline_ = deadline;
  link_->finish();
  flush();
}

void TransportConnection::end(const std::string& why) {
  if (phase_ == Phase::ended) return;
  const bool is_stranger = phase_ == Phase::hello;
  phase_ = Phase::ended;
  passivate();
  await_space(false);
  if (link_) link_->cut();
  if (is_stranger) owner_.on_refused(*this, why);
  owner_.on_ended(*this, why);
}

void TransportConnection::turn() {
  link_->begin_turn();
  flush();
}

void TransportConnection::tick(Moment now) {
  switch (phase_) {
    case Phase::hello:
      if (now >= deadline_) end("no hello within " + std::to_string(hello_.time.count()) + " ms");
      return;
    case Phase::closing:
    case Phase::lingering:
      if (now >= deadline_) end(why_);
      return;
    case Phase::open: {
      const SilenceRule::Verdict verdict = silence_->tick(now);
      if (verdict == SilenceRule::Verdict::gone) return end("silent for too long");
      beat_due_ = verdict == SilenceRule::Verdict::beat;
      return flush();
    }
    case Phase::ended:
      return;
  }
}

void TransportConnection::handle_event(operation event) {
  if (phase_ == Phase::ended) return;
  switch (event) {
    case operation::read:
      return on_readable();
    case operation::write:
      await_space(false);
      return flush();
    case operation::propagate_error:
      on_readable();
      return end("the connection has failed");
  }
}

// The owner holds the connection until the loop is through with it.
void TransportConnection::removed_from_loop(operation) {}

void TransportConnection::graceful_shutdown() { end("closed on this side"); }

// --- reading -----------------------------------------------------------------

void TransportConnection::on_readable() {
  for (int reads = 0; reads < kMostReads || wire_->holds_unread(); ++reads) {
    const Reading reading = read_some();
    if (phase_ == Phase::ended) return;
    if (reading.progress.state != ByteWire::State::open) return on_broken(reading.progress.state);
    heard_anything_ = heard_anything_ || reading.progress.bytes > 0;
    if (reading.progress.bytes < reading.room && !wire_->holds_unread()) break;
  }
  if (silence_) silence_->heard(steady_clock::now());
  flush();
}

TransportConnection::Reading TransportConnection::read_some() {
  switch (phase_) {
    case Phase::hello:
      return read_hello();
    case Phase::lingering:
      return discard();
    default:
      return read_frames();
  }
}

TransportConnection::Reading TransportConnection::read_hello() {
  std::array<std::uint8_t, Greeting::kBytes> bytes;
  Handshake& handshake = hello_.handshake;
  const iovec part{bytes.data(), handshake.missing()};
  const ByteWire::Progress progress = wire_->read(&part, 1);
  handshake.receive(bytes.data(), progress.bytes);
  const std::vector<std::uint8_t> answer = handshake.take_output();
  hello_output_.insert(hello_output_.end(), answer.begin(), answer.end());
  if (handshake.refused()) refuse(handshake.refusal());
  if (handshake.succeeded()) owner_.on_greeted(*this);
  return {progress, part.iov_len};
}

TransportConnection::Reading TransportConnection::read_frames() {
  std::array<std::uint8_t, kReadAhead> ahead;
  const FrameReader::Space space = reader_->space();
  const std::array<iovec, 2> parts{{{space.begin, space.size}, {ahead.data(), ahead.size()}}};
  const ByteWire::Progress progress = wire_->read(parts.data(), static_cast<int>(parts.size()));
  const std::size_t placed = std::min(progress.bytes, space.size);
  reader_->filled(placed);
  deliver();
  take(ahead.data(), progress.bytes - placed);
  return {progress, space.size + ahead.size()};
}

void TransportConnection::take(const std::uint8_t* bytes, std::size_t count) {
  while (count > 0 && (phase_ == Phase::open || phase_ == Phase::closing)) {
    const std::size_t taken = reader_->take(bytes, count);
    bytes += taken;
    count -= taken;
    if (!reader_->mistake().empty()) return end(reader_->mistake());
    deliver();
  }
}

void TransportConnection::deliver() {
  std::optional<ReceivedFrame> frame = reader_->next();
  if (!frame) return;
  switch (frame->header.kind) {
    case FrameKind::data:
      if (phase_ == Phase::open) return owner_.on_frame(*this, std::move(frame->bytes));
      return link_->release(frame->bytes.size());
    case FrameKind::credit:
      if (!link_->on_credit(frame->header.length)) return end("gave back more than was sent");
      return owner_.on_room(*this);
    case FrameKind::ask:
      return link_->on_ask();
    case FrameKind::beat:
      return;
    case FrameKind::farewell:
      return end(phase_ == Phase::open ? "closed by the peer" : why_);
  }
}

/// Reads straight from the socket: after a failure of TLS nothing can be decrypted.
TransportConnection::Reading TransportConnection::discard() {
  std::array<std::uint8_t, kReadAhead> bytes;
  const iovec part{bytes.data(), bytes.size()};
  return {plain_wire(fd())->read(&part, 1), bytes.size()};
}

void TransportConnection::on_broken(ByteWire::State broken) {
  switch (phase_) {
    case Phase::hello:
      return refuse(hello_break_off(broken));
    case Phase::open:
      if (broken == ByteWire::State::failed) return end(wire_->failure());
      return end(reader_->amid_frame() ? "broke off in the middle of a frame" : "broke off without a farewell");
    default:
      return end(why_);
  }
}

std::string TransportConnection::hello_break_off(ByteWire::State broken) const {
  if (broken == ByteWire::State::failed) return wire_->failure();
  if (heard_anything_) return "closed the connection in the middle of the hello";
  return "closed the connection without a hello (is TLS wanted on one side only?)";
}

void TransportConnection::refuse(const std::string& why) {
  if (hello_.handshake.side() == Handshake::Side::connecting) return end(why);
  if (has_output()) write_some();  // the reason, if it can be told; so few bytes always find space
  linger(why);
  owner_.on_refused(*this, why);
}

/// Ends the connection when the other side has read everything: closing a socket with unread bytes in it would
/// discard bytes on their way.
void TransportConnection::linger(const std::string& why) {
  phase_ = Phase::lingering;
  why_ = why;
  await_space(false);
  ::shutdown(fd(), SHUT_WR);
}

// --- writing -----------------------------------------------------------------

void TransportConnection::flush() {
  if (phase_ == Phase::ended || phase_ == Phase::lingering || awaits_space_ || mute_) return;
  for (int writes = 0; writes < kMostWrites; ++writes) {
    compose();
    if (!has_output()) {
      if (farewell_said_) linger(why_);
      return;
    }
    const ByteWire::Progress progress = write_some();
    if (progress.state != ByteWire::State::open) return on_unwritable();
    if (progress.bytes == 0 && has_output()) break;
    if (silence_) silence_->spoken(steady_clock::now());
  }
  await_space(!wire_->awaits_peer());
}

/// The other side has closed, and may have sent the reason: read it.
void TransportConnection::on_unwritable() {
  mute_ = true;
  output_.clear();
  if (phase_ == Phase::closing) end(why_);
}

/// Frames without data go before all data, but not into the middle of a frame, and never pile up.
void TransportConnection::compose() {
  if (!link_) return;
  link_->take_ready(output_);
  if (waiting_controls_ == 0) {
    if (const std::uint32_t credit = link_->take_announcement(); credit > 0) put_first({FrameKind::credit, credit});
    if (std::exchange(beat_due_, false)) put_first({FrameKind::beat, 0});
  }
  if (link_->must_ask()) output_.push_back({FrameHeader{FrameKind::ask, 0}.encode(), {}});
  if (phase_ == Phase::closing && !farewell_said_ && link_->is_drained()) {
    farewell_said_ = true;
    output_.push_back({FrameHeader{FrameKind::farewell, 0}.encode(), {}});
  }
}

void TransportConnection::put_first(FrameHeader header) {
  const bool amid_frame = !output_.empty() && output_.front().written > 0;
  output_.insert(output_.begin() + (amid_frame ? 1 : 0), {header.encode(), {}});
  ++waiting_controls_;
}

bool TransportConnection::has_output() const {
  return !hello_output_.empty() || !output_.empty() || wire_->holds_unwritten();
}

ByteWire::Progress TransportConnection::write_some() {
  std::array<iovec, kMostParts> parts;
  std::size_t count = 0;
  const auto add = [&](std::uint8_t* begin, std::size_t size) {
    if (size > 0) parts[count++] = {begin, size};
  };
  add(hello_output_.data(), hello_output_.size());
  for (auto frame = output_.begin(); frame != output_.end() && count + 2 <= parts.size(); ++frame) {
    const std::size_t of_header = std::min(frame->written, frame->header.size());
    const std::size_t of_bytes = frame->written - of_header;
    add(frame->header.data() + of_header, frame->header.size() - of_header);
    add(frame->bytes.data() + of_bytes, frame->bytes.size() - of_bytes);
  }
  const ByteWire::Progress progress = wire_->write(parts.data(), static_cast<int>(count));
  written(progress.bytes);
  return progress;
}

void TransportConnection::written(std::size_t bytes) {
  const std::size_t of_hello = std::min(bytes, hello_output_.size());
  hello_output_.erase(hello_output_.begin(), hello_output_.begin() + static_cast<std::ptrdiff_t>(of_hello));
  bytes -= of_hello;
  while (bytes > 0) {
    OutgoingFrame& frame = output_.front();
    const std::size_t part = std::min(bytes, frame.size() - frame.written);
    frame.written += part;
    bytes -= part;
    if (frame.written < frame.size()) return;
    if (is_control(frame)) --waiting_controls_;
    output_.pop_front();
  }
}

void TransportConnection::await_space(bool wanted) {
  if (wanted == awaits_space_) return;
  awaits_space_ = wanted;
  if (wanted) {
    backend().add(operation::write, fd(), this);
  } else {
    backend().del(operation::write, fd(), this);
  }
}

}  // namespace tardigrad
