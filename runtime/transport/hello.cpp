#include "runtime/transport/hello.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "runtime/transport/byte_order.hpp"

namespace tardigrad {

namespace {

constexpr char kMagic[] = {'t', 'a', 'r', 'd', 'i', 'g', 'r', 'd'};
constexpr std::size_t kProofBytes = 32;
constexpr std::size_t kVerdictBytes = 4 + kProofBytes;

enum Verdict : std::uint32_t { welcome = 0, wrong_token = 1 };

Greeting decode(const std::array<std::uint8_t, Greeting::kBytes>& bytes) {
  Greeting greeting;
  greeting.version = load_little_endian<std::uint32_t>(bytes.data() + 8);
  greeting.role = load_little_endian<std::uint32_t>(bytes.data() + 12);
  greeting.window_bytes = load_little_endian<std::uint64_t>(bytes.data() + 16);
  greeting.most_frame_bytes = load_little_endian<std::uint64_t>(bytes.data() + 24);
  std::copy(bytes.begin() + 32, bytes.end(), greeting.nonce.begin());
  return greeting;
}

}  // namespace

std::array<std::uint8_t, Greeting::kBytes> Greeting::encode() const {
  std::array<std::uint8_t, kBytes> bytes{};
  std::memcpy(bytes.data(), kMagic, sizeof(kMagic));
  store_little_endian(version, bytes.data() + 8);
  store_little_endian(role, bytes.data() + 12);
  store_little_endian(window_bytes, bytes.data() + 16);
  store_little_endian(most_frame_bytes, bytes.data() + 24);
  std::copy(nonce.begin(), nonce.end(), bytes.begin() + 32);
  return bytes;
}

Greeting with_nonce(Greeting greeting) {
  if (RAND_bytes(greeting.nonce.data(), static_cast<int>(greeting.nonce.size())) != 1) {
    throw std::runtime_error("the system has no random numbers");
  }
  return greeting;
}

Handshake::Handshake(Side side, std::string token, const Greeting& own, std::string session)
    : side_(side), token_(std::move(token)), session_(std::move(session)), own_bytes_(own.encode()) {
  if (side_ == Side::connecting) output_.assign(own_bytes_.begin(), own_bytes_.end());
}

std::size_t Handshake::message_bytes() const {
  switch (stage_) {
    case Stage::greeting:
      return Greeting::kBytes;
    case Stage::proof:
      return kProofBytes;
    case Stage::verdict:
      return kVerdictBytes;
    default:
      return 0;
  }
}

std::size_t Handshake::missing() const {
  const std::size_t whole = message_bytes();
  return whole == 0 ? 0 : whole - received_;
}

void Handshake::receive(const std::uint8_t* bytes, std::size_t count) {
  if (count > missing()) throw std::logic_error("more bytes than the handshake asked for");
  std::copy_n(bytes, count, message_.begin() + static_cast<std::ptrdiff_t>(received_));
  received_ += count;
  if (stage_ == Stage::greeting && !is_magic_so_far()) {
    refuse(stranger());
  } else if (count > 0 && missing() == 0) {
    take_message();
  }
}

std::vector<std::uint8_t> Handshake::take_output() { return std::exchange(output_, {}); }

bool Handshake::is_magic_so_far() const {
  return std::memcmp(message_.data(), kMagic, std::min(received_, sizeof(kMagic))) == 0;
}

/// The first two bytes of a TLS record: handshake or alert, and the major version.
std::string Handshake::stranger() const {
  const bool tls = (message_[0] == 0x16 || message_[0] == 0x15) && (received_ < 2 || message_[1] == 0x03);
  return tls ? "speaks TLS, this side does not" : "does not speak tardigrad's protocol";
}

void Handshake::take_message() {
  received_ = 0;
  switch (stage_) {
    case Stage::greeting:
      return take_greeting();
    case Stage::proof:
      return take_proof();
    default:
      return take_verdict();
  }
}

void Handshake::take_greeting() {
  peer_bytes_ = message_;
  peer_ = decode(peer_bytes_);
  // Sent also if the versions differ, so that both sides can tell their users.
  if (side_ == Side::accepting) output_.insert(output_.end(), own_bytes_.begin(), own_bytes_.end());
  if (peer_.version != kTransportVersion) {
    return refuse("speaks version " + std::to_string(peer_.version) + " of the protocol, this side version " +
                  std::to_string(kTransportVersion));
  }
  if (side_ == Side::accepting) {
    stage_ = Stage::proof;
    return;
  }
  const Proof proof = proof_of(Side::connecting);
  output_.insert(output_.end(), proof.begin(), proof.end());
  stage_ = Stage::verdict;
}

void Handshake::take_proof() {
  const bool known = CRYPTO_memcmp(message_.data(), proof_of(Side::connecting).data(), kProofBytes) == 0;
  std::array<std::uint8_t, kVerdictBytes> verdict{};
  store_little_endian<std::uint32_t>(known ? welcome : wrong_token, verdict.data());
  if (known) {
    const Proof proof = proof_of(Side::accepting);
    std::copy(proof.begin(), proof.end(), verdict.begin() + 4);
  }
  output_.insert(output_.end(), verdict.begin(), verdict.end());
  if (!known) return refuse("wrong token");
  stage_ = Stage::done;
}

void Handshake::take_verdict() {
  const auto verdict = load_little_endian<std::uint32_t>(message_.data());
  if (verdict == wrong_token) return refuse("wrong token");
  if (verdict != welcome) return refuse("refused for a reason that this version does not know");
  if (CRYPTO_memcmp(message_.data() + 4, proof_of(Side::accepting).data(), kProofBytes) != 0) {
    return refuse("does not know the token");
  }
  stage_ = Stage::done;
}

Handshake::Proof Handshake::proof_of(Side side) const {
  const bool own_connects = side_ == Side::connecting;
  const auto& connecting = own_connects ? own_bytes_ : peer_bytes_;
  const auto& accepting = own_connects ? peer_bytes_ : own_bytes_;
  std::vector<std::uint8_t> claim{static_cast<std::uint8_t>(side)};
  claim.insert(claim.end(), connecting.begin(), connecting.end());
  claim.insert(claim.end(), accepting.begin(), accepting.end());
  claim.insert(claim.end(), session_.begin(), session_.end());
  Proof proof{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), token_.data(), static_cast<int>(token_.size()), claim.data(), claim.size(), proof.data(),
           &length) == nullptr ||
      length != proof.size()) {
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  }
  return proof;
}

void Handshake::refuse(std::string why) {
  stage_ = Stage::refused;
  refusal_ = std::move(why);
}

}  // namespace tardigrad
