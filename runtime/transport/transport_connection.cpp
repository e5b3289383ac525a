#include "runtime/transport/transport_connection.hpp"

#include <algorithm>
#include <utility>

#include "runtime/transport/address_text.hpp"

namespace tardigrad {

namespace {

using asio::ip::tcp;
using asio::ssl::stream_base;
using std::chrono::steady_clock;

/// Asio passes no more to the system in one write.
constexpr std::size_t kMostParts = 64;

bool is_control(const OutgoingFrame& frame) {
  const auto kind = static_cast<FrameKind>(frame.header[4]);
  return kind == FrameKind::credit || kind == FrameKind::beat;
}

std::string address_of(const tcp::socket& socket) {
  asio::error_code error;
  const tcp::endpoint other = socket.remote_endpoint(error);
  return error ? "an address that has gone" : address_text(other.address().to_string(), other.port());
}

}  // namespace

TransportConnection::TransportConnection(tcp::socket socket, asio::ssl::context* tls, Hello hello,
                                         ConnectionOwner& owner)
    : wire_(std::move(socket), tls),
      hello_(std::move(hello)),
      owner_(owner),
      address_(address_of(wire_.socket())),
      deadline_(hello_.deadline) {}

void TransportConnection::start() {
  const bool connects = hello_.side == Handshake::Side::connecting;
  wire_.shake_hands(connects ? stream_base::client : stream_base::server,
                    [self = shared_from_this()](const asio::error_code& error) {
                      if (self->phase_ == Phase::ended) return;
                      if (!error) return self->begin_hello();
                      self->on_broken(error);
                      self->read();
                    });
}

void TransportConnection::begin_hello() {
  handshake_.emplace(hello_.side, std::move(hello_.token), hello_.own, wire_.session());
  flush();
  read();
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
  asio::error_code ignored;
  wire_.socket().close(ignored);
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

// --- reading -----------------------------------------------------------------

void TransportConnection::read() {
  auto then = [self = shared_from_this()](const asio::error_code& error, std::size_t bytes) {
    self->on_read(error, bytes);
  };
  switch (phase_) {
    case Phase::hello:
      return wire_.read_some(asio::buffer(ahead_, handshake_->missing()), std::move(then));
    case Phase::open:
    case Phase::closing: {
      const FrameReader::Space space = reader_->space();
      const std::array<asio::mutable_buffer, 2> parts{asio::buffer(space.begin, space.size), asio::buffer(ahead_)};
      return wire_.read_some(parts, std::move(then));
    }
    case Phase::lingering:  // straight from the socket: after a failure of TLS nothing can be decrypted
      return wire_.socket().async_read_some(asio::buffer(ahead_), std::move(then));
    case Phase::ended:
      return;
  }
}

void TransportConnection::on_read(const asio::error_code& error, std::size_t bytes) {
  if (phase_ == Phase::ended) return;
  if (error) {
    on_broken(error);
  } else {
    heard_anything_ = true;
    if (silence_) silence_->heard(steady_clock::now());
    if (phase_ == Phase::hello) {
      take_hello(bytes);
    } else if (phase_ != Phase::lingering) {
      take_frames(bytes);
    }
    flush();
  }
  read();
}

void TransportConnection::take_hello(std::size_t bytes) {
  handshake_->receive(ahead_.data(), bytes);
  if (handshake_->refused()) refuse(handshake_->refusal());
  if (handshake_->succeeded()) owner_.on_greeted(*this);
}

void TransportConnection::take_frames(std::size_t bytes) {
  const std::size_t placed = std::min(bytes, reader_->space().size);
  reader_->filled(placed);
  deliver();
  const std::uint8_t* next = ahead_.data();
  for (std::size_t left = bytes - placed; left > 0 && (phase_ == Phase::open || phase_ == Phase::closing);) {
    const std::size_t taken = reader_->take(next, left);
    next += taken;
    left -= taken;
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

void TransportConnection::on_broken(const asio::error_code& error) {
  switch (phase_) {
    case Phase::hello:
      return refuse(hello_break_off(error));
    case Phase::open:
      if (!ByteWire::is_break_off(error)) return end(wire_.reason(error));
      return end(reader_->amid_frame() ? "broke off in the middle of a frame" : "broke off without a farewell");
    default:
      return end(why_);
  }
}

std::string TransportConnection::hello_break_off(const asio::error_code& error) {
  if (!ByteWire::is_break_off(error)) return wire_.reason(error);
  if (heard_anything_) return "closed the connection in the middle of the hello";
  return "closed the connection without a hello (is TLS wanted on one side only?)";
}

/// Who connected is told the reason, if it can be, and ends the connection when it has read that: closing a socket
/// with unread bytes in it would discard bytes on their way.
void TransportConnection::refuse(const std::string& why) {
  if (hello_.side == Handshake::Side::connecting) return end(why);
  phase_ = Phase::lingering;
  why_ = why;
  flush();
  owner_.on_refused(*this, why);
}

// --- writing -----------------------------------------------------------------

void TransportConnection::flush() {
  if (phase_ == Phase::ended || writing_ || mute_) return;
  compose();
  if (!hello_output_.empty() || !output_.empty()) return write();
  if (farewell_said_) phase_ = Phase::lingering;
  asio::error_code ignored;
  if (phase_ == Phase::lingering) wire_.socket().shutdown(tcp::socket::shutdown_send, ignored);
}

/// Frames without data go before all data, but not into the middle of a frame, and never pile up.
void TransportConnection::compose() {
  if (handshake_ && hello_output_.empty()) hello_output_ = handshake_->take_output();
  if (!link_ || farewell_said_) return;
  link_->take_ready(output_);
  if (waiting_controls_ == 0) {
    if (const std::uint32_t credit = link_->take_announcement(); credit > 0) put_first({FrameKind::credit, credit});
    if (std::exchange(beat_due_, false)) put_first({FrameKind::beat, 0});
  }
  if (link_->must_ask()) output_.push_back({FrameHeader{FrameKind::ask, 0}.encode(), {}});
  if (phase_ == Phase::closing && link_->is_drained()) {
    farewell_said_ = true;
    output_.push_back({FrameHeader{FrameKind::farewell, 0}.encode(), {}});
  }
}

void TransportConnection::put_first(FrameHeader header) {
  const bool amid_frame = !output_.empty() && output_.front().written > 0;
  output_.insert(output_.begin() + (amid_frame ? 1 : 0), {header.encode(), {}});
  ++waiting_controls_;
}

void TransportConnection::write() {
  std::vector<asio::const_buffer> parts;
  const auto add = [&](const std::uint8_t* begin, std::size_t size) {
    if (size > 0) parts.push_back(asio::buffer(begin, size));
  };
  add(hello_output_.data(), hello_output_.size());
  for (auto frame = output_.begin(); frame != output_.end() && parts.size() + 2 <= kMostParts; ++frame) {
    const std::size_t of_header = std::min(frame->written, frame->header.size());
    const std::size_t of_bytes = frame->written - of_header;
    add(frame->header.data() + of_header, frame->header.size() - of_header);
    add(frame->bytes.data() + of_bytes, frame->bytes.size() - of_bytes);
  }
  writing_ = true;
  wire_.write_some(parts, [self = shared_from_this()](const asio::error_code& error, std::size_t bytes) {
    self->on_written(error, bytes);
  });
}

void TransportConnection::on_written(const asio::error_code& error, std::size_t bytes) {
  writing_ = false;
  if (phase_ == Phase::ended) return;
  if (error) {  // the other side has closed, and may have sent the reason: that is read on
    mute_ = true;
    if (phase_ == Phase::closing) end(why_);
    return;
  }
  if (silence_) silence_->spoken(steady_clock::now());
  discard_written(bytes);
  flush();
}

void TransportConnection::discard_written(std::size_t bytes) {
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

}  // namespace tardigrad
