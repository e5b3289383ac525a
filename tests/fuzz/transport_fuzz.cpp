/// Everything that reads bytes of a stranger or a peer before the application does: the handshake on both sides
/// and the cutting of frames. The first byte of an input chooses, the second defines the pieces in which the
/// rest arrives.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/transport/credit.hpp"
#include "runtime/transport/hello.hpp"
#include "runtime/transport/transport_frame.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

using namespace tardigrad;
using fuzz::require;

struct Pieces {
  const std::uint8_t* begin;
  std::size_t left;
  std::size_t longest;

  /// At most `most` bytes of what is left.
  std::size_t next(std::size_t most) const { return std::min({left, most, longest}); }
  void take(std::size_t count) {
    begin += count;
    left -= count;
  }
};

Greeting greeting(std::uint8_t nonce) {
  Greeting own;
  own.nonce.fill(nonce);
  return own;
}

/// Feeds the bytes to the handshake as a socket would.
void fuzz_stranger(Handshake::Side side, Pieces input) {
  Handshake handshake(side, "secret", greeting(1));
  std::size_t said = handshake.take_output().size();
  while (handshake.missing() > 0 && input.left > 0) {
    require(handshake.missing() <= Greeting::kBytes, "no message is longer than a greeting");
    const std::size_t count = input.next(handshake.missing());
    handshake.receive(input.begin, count);
    input.take(count);
    said += handshake.take_output().size();
  }
  require(!handshake.succeeded(), "nobody guesses the token");
  require(handshake.refused() == !handshake.refusal().empty(), "a refusal has a reason");
  require(said <= 200, "a stranger is told little");
}

/// A true conversation in which some bytes are changed on the way, or that is relayed from one TLS session to another.
void fuzz_conversation(Pieces input) {
  const bool relayed = input.longest % 2 == 0;
  Handshake connecting(Handshake::Side::connecting, "secret", greeting(1), "one session");
  Handshake accepting(Handshake::Side::accepting, "secret", greeting(2), relayed ? "another session" : "one session");
  bool changed = relayed;
  const auto pass = [&](Handshake& from, Handshake& to) {
    for (std::uint8_t byte : from.take_output()) {
      if (to.missing() == 0) return;
      const std::uint8_t change = input.left > 0 ? *input.begin : std::uint8_t{0};
      input.take(input.next(1));
      changed = changed || change != 0;
      byte = static_cast<std::uint8_t>(byte ^ change);
      to.receive(&byte, 1);
    }
  };
  for (int turn = 0; turn < 4; ++turn) {
    pass(connecting, accepting);
    pass(accepting, connecting);
  }
  require(connecting.succeeded() == !changed, "the connecting side notices every change, and nothing else");
  require(changed || accepting.succeeded(), "an unchanged conversation succeeds");
}

struct Reading {
  std::vector<ReceivedFrame> frames;
  std::string mistake;
  bool amid_frame = false;

  bool operator==(const Reading& other) const {
    const auto same = [](const ReceivedFrame& a, const ReceivedFrame& b) {
      return a.header.kind == b.header.kind && a.header.length == b.header.length && a.bytes == b.bytes;
    };
    return mistake == other.mistake && amid_frame == other.amid_frame &&
           std::equal(frames.begin(), frames.end(), other.frames.begin(), other.frames.end(), same);
  }
};

Reading read(Pieces input) {
  constexpr std::size_t kLongest = 600;
  ReceiveWindow window(1000);
  FrameReader reader(kLongest, [&](std::size_t bytes) { return window.admit(window_share(bytes)); });
  Reading reading;
  while (input.left > 0 && reader.mistake().empty()) {
    const FrameReader::Space space = reader.space();
    require(space.size <= kLongest, "no more memory than the longest frame's");
    const bool in_place = space.size > 0 && input.longest % 2 == 0;
    std::size_t count = input.next(in_place ? space.size : input.left);
    if (in_place) {
      std::copy_n(input.begin, count, space.begin);
      reader.filled(count);
    } else {
      count = reader.take(input.begin, count);
      require(count > 0, "a reader goes on");
    }
    input.take(count);
    if (auto frame = reader.next()) {
      require(frame->bytes.size() == (frame->header.kind == FrameKind::data ? frame->header.length : 0),
              "a frame has the bytes that its header says");
      if (frame->header.kind == FrameKind::data) window.release(window_share(frame->bytes.size()));
      window.take_announcement();
      reading.frames.push_back(std::move(*frame));
    }
  }
  reading.mistake = reader.mistake();
  reading.amid_frame = reader.amid_frame();
  return reading;
}

void fuzz_frames(const Pieces& input) {
  require(read(input) == read({input.begin, input.left, input.left + 1}), "how a stream is cut changes nothing");
}

}  // namespace

std::vector<fuzz::Bytes> tardigrad::fuzz::deep_inputs() {
  Bytes accepting{0, 255};
  append(accepting, Greeting{}.encode());
  append(accepting, Bytes(32, 7));
  Bytes connecting = accepting;
  connecting[0] = 1;
  append(connecting, Bytes(4, 0));
  const Bytes conversation(2 + 2 * Greeting::kBytes + 68, 2);
  Bytes relayed = conversation;
  relayed[1] = 3;
  Bytes frames{3, 5};
  for (const std::uint32_t length : {0U, 1U, 40U, 200U}) {
    append(frames, FrameHeader{FrameKind::data, length}.encode());
    append(frames, Bytes(length, 9));
    append(frames, FrameHeader{FrameKind::credit, length}.encode());
    append(frames, FrameHeader{FrameKind::beat, 0}.encode());
  }
  return {accepting, connecting, conversation, relayed, frames};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2) return 0;
  const Pieces input{bytes + 2, size - 2, std::size_t{1} + bytes[1]};
  switch (bytes[0] % 4) {
    case 0:
      fuzz_stranger(Handshake::Side::accepting, input);
      return 0;
    case 1:
      fuzz_stranger(Handshake::Side::connecting, input);
      return 0;
    case 2:
      fuzz_conversation(input);
      return 0;
    default:
      fuzz_frames(input);
      return 0;
  }
}
