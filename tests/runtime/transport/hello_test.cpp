#include "runtime/transport/hello.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "runtime/transport/byte_order.hpp"

using namespace tardigrad;

namespace {

using Bytes = std::vector<std::uint8_t>;

Handshake side(Handshake::Side which, const std::string& token, std::uint32_t role = 0,
               const std::string& session = {}) {
  Greeting greeting;
  greeting.role = role;
  greeting.window_bytes = 1000 + role;
  greeting.most_frame_bytes = 2000 + role;
  return Handshake(which, token, with_nonce(greeting), session);
}

/// Feeds bytes as a socket would: in pieces, never more than is asked for.
void feed(Handshake& to, const Bytes& bytes, std::size_t piece = 7) {
  for (std::size_t begin = 0; begin < bytes.size() && to.missing() > 0;) {
    const std::size_t count = std::min({piece, to.missing(), bytes.size() - begin});
    to.receive(bytes.data() + begin, count);
    begin += count;
  }
}

void converse(Handshake& a, Handshake& b) {
  for (int turn = 0; turn < 6; ++turn) {
    feed(b, a.take_output());
    feed(a, b.take_output());
  }
}

}  // namespace

TEST_CASE("two sides that know the token learn each other's role, window and longest frame") {
  Handshake connecting = side(Handshake::Side::connecting, "secret", 3);
  Handshake accepting = side(Handshake::Side::accepting, "secret", 4);
  converse(connecting, accepting);
  REQUIRE(connecting.succeeded());
  REQUIRE(accepting.succeeded());
  CHECK(connecting.peer().role == 4);
  CHECK(accepting.peer().role == 3);
  CHECK(connecting.peer().window_bytes == 1004);
  CHECK(accepting.peer().most_frame_bytes == 2003);
  CHECK(accepting.missing() == 0);
}

TEST_CASE("a wrong token is refused on both sides, and neither the token nor a proof goes to a stranger") {
  Handshake connecting = side(Handshake::Side::connecting, "secreT");
  Handshake accepting = side(Handshake::Side::accepting, "secret");
  Bytes said;
  for (int turn = 0; turn < 4; ++turn) {
    feed(accepting, connecting.take_output());
    const Bytes answer = accepting.take_output();
    said.insert(said.end(), answer.begin(), answer.end());
    feed(connecting, answer);
  }
  CHECK(connecting.refusal() == "wrong token");
  CHECK(accepting.refusal() == "wrong token");
  CHECK(accepting.missing() == 0);
  // A greeting, and a verdict of zeros where the proof would be.
  REQUIRE(said.size() == Greeting::kBytes + 36);
  CHECK(std::all_of(said.end() - 32, said.end(), [](std::uint8_t byte) { return byte == 0; }));
}

TEST_CASE("who listens without the token is found out by who connects") {
  Handshake connecting = side(Handshake::Side::connecting, "secret");
  Handshake impostor = side(Handshake::Side::accepting, "guess");
  feed(impostor, connecting.take_output());
  feed(connecting, impostor.take_output());
  CHECK_FALSE(connecting.succeeded());
  feed(connecting, Bytes(36, 0));  // "welcome"
  CHECK(connecting.refusal() == "does not know the token");
}

TEST_CASE("a proof that has been overheard is worth nothing in another handshake") {
  Handshake connecting = side(Handshake::Side::connecting, "secret");
  Handshake first = side(Handshake::Side::accepting, "secret");
  const Bytes greeting = connecting.take_output();
  feed(first, greeting);
  feed(connecting, first.take_output());
  const Bytes proof = connecting.take_output();
  Handshake second = side(Handshake::Side::accepting, "secret");
  feed(second, greeting);
  feed(second, proof);
  CHECK(second.refusal() == "wrong token");
  feed(first, proof);
  CHECK(first.succeeded());
}

TEST_CASE("a proof holds in its own TLS session alone") {
  for (const std::string other : {"one session", "another session", ""}) {
    Handshake connecting = side(Handshake::Side::connecting, "secret", 0, "one session");
    Handshake accepting = side(Handshake::Side::accepting, "secret", 0, other);
    converse(connecting, accepting);
    CHECK(connecting.succeeded() == (other == "one session"));
    CHECK(accepting.succeeded() == (other == "one session"));
  }
}

TEST_CASE("another version of the protocol is refused with both numbers, on both sides") {
  Greeting later = with_nonce({});
  later.version = 9;
  Handshake accepting = side(Handshake::Side::accepting, "secret");
  const auto bytes = later.encode();
  feed(accepting, Bytes(bytes.begin(), bytes.end()));
  CHECK(accepting.refusal() == "speaks version 9 of the protocol, this side version 1");
  Handshake connecting = side(Handshake::Side::connecting, "secret");
  feed(connecting, Bytes(bytes.begin(), bytes.end()));
  CHECK(connecting.refusal() == "speaks version 9 of the protocol, this side version 1");
  CHECK(accepting.take_output().size() == Greeting::kBytes);  // so that the other side can tell as well
}

TEST_CASE("a stranger is known by its first wrong byte") {
  Handshake accepting = side(Handshake::Side::accepting, "secret");
  feed(accepting, {'t', 'a', 'r', 'x'}, 1);
  CHECK(accepting.refusal() == "does not speak tardigrad's protocol");
  CHECK(accepting.missing() == 0);
  CHECK(accepting.take_output().empty());
}

TEST_CASE("TLS is told from other strangers") {
  Handshake accepting = side(Handshake::Side::accepting, "secret");
  feed(accepting, {0x16, 0x03, 0x01, 0x02});
  CHECK(accepting.refusal() == "speaks TLS, this side does not");
}

TEST_CASE("numbers of a greeting are little-endian") {
  Greeting greeting;
  greeting.role = 0x01020304;
  const auto bytes = greeting.encode();
  CHECK(std::memcmp(bytes.data(), "tardigrd", 8) == 0);
  CHECK(bytes[12] == 4);
  CHECK(bytes[15] == 1);
  CHECK(load_little_endian<std::uint64_t>(bytes.data() + 12) == 0x01020304);
}
