/// The handshake by which two sides of a connection identify each other before anything else is read: a fixed
/// number of bytes, and a proof that both know the run's token, without revealing it.
///
///   connecting                          accepting
///   greeting            ->
///                       <-              greeting
///   proof               ->
///                       <-              verdict, with the accepting side's proof
///
/// A greeting is 64 bytes: "tardigrd", protocol version (u32), the application's role (u32), window and longest
/// frame that the sender accepts (u64 each), 32 random bytes. A proof is HMAC-SHA256, keyed by the token, of
/// the sender's side, both greetings and, under TLS, 32 bytes that only the two ends of the TLS session know: who
/// ends one session and begins another, to relay what is said, has no proof for either. A verdict is a u32, 0 for
/// welcome, and the proof. All numbers are little-endian. The accepting side proves nothing to a stranger; a
/// connection to a false address reveals an HMAC of the token, so a token should be long and random.
///
/// The handshake encrypts nothing and does not protect the bytes that follow; TLS does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tardigrad {

inline constexpr std::uint32_t kTransportVersion = 1;

/// One side's description of itself.
struct Greeting {
  static constexpr std::size_t kBytes = 64;

  std::uint32_t version = kTransportVersion;
  std::uint32_t role = 0;
  std::uint64_t window_bytes = 0;
  std::uint64_t most_frame_bytes = 0;
  std::array<std::uint8_t, 32> nonce{};

  std::array<std::uint8_t, kBytes> encode() const;
};

/// `greeting` with a new random nonce.
Greeting with_nonce(Greeting greeting);

/// One side of the handshake: it takes received bytes and produces bytes to send. Does no I/O.
class Handshake {
 public:
  enum class Side : std::uint8_t { connecting, accepting };

  /// The token must not be empty. Two handshakes never share a nonce. `session` is the same on both sides of a
  /// TLS session (`ByteWire::session`).
  Handshake(Side side, std::string token, const Greeting& own, std::string session = {});

  Side side() const { return side_; }
  /// The number of bytes to read for the rest of the next message; 0 at the end of the handshake.
  std::size_t missing() const;
  /// Takes at most `missing()` bytes.
  void receive(const std::uint8_t* bytes, std::size_t count);
  /// Bytes to be sent now, also after a refusal, which the other side is told.
  std::vector<std::uint8_t> take_output();

  bool succeeded() const { return stage_ == Stage::done; }
  bool refused() const { return stage_ == Stage::refused; }
  /// The reason in one line; empty unless refused.
  const std::string& refusal() const { return refusal_; }
  /// Valid after a success only.
  const Greeting& peer() const { return peer_; }

 private:
  enum class Stage : std::uint8_t { greeting, proof, verdict, done, refused };
  using Proof = std::array<std::uint8_t, 32>;

  std::size_t message_bytes() const;
  bool is_magic_so_far() const;
  std::string stranger() const;
  void take_message();
  void take_greeting();
  void take_proof();
  void take_verdict();
  Proof proof_of(Side side) const;
  void refuse(std::string why);

  Side side_;
  std::string token_;
  std::string session_;
  std::array<std::uint8_t, Greeting::kBytes> own_bytes_;
  std::array<std::uint8_t, Greeting::kBytes> peer_bytes_{};
  Greeting peer_;
  Stage stage_ = Stage::greeting;
  std::array<std::uint8_t, Greeting::kBytes> message_{};  ///< no message is longer
  std::size_t received_ = 0;
  std::vector<std::uint8_t> output_;
  std::string refusal_;
};

}  // namespace tardigrad
